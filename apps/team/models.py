"""Someone who opens a VoiceTel account."""

from typing import ClassVar

from django.db import models

from apps.accounts.models import User


class SignUp(models.Model):
    """A wish to open an account, written before the one call that opens it (`accountCreate`), which
    is never sent again.

    VoiceTel tells the password once: it is sealed for the person until they have stored it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        MADE = "made", "Open"
        DECLINED = "declined", "Declined"
        LOST = "lost", "Not known"  # the answer was lost
        CHECKING = "checking", "Being checked"  # VoiceTel is asked whether it knows the address
        MAILED = "mailed", "Open"  # it does, and emailed a link for a password

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    company = models.CharField(max_length=120)
    promo = models.CharField(max_length=100, blank=True)
    # the /24 or /48 it came from: strangers take turns by it
    network = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    said = models.CharField(max_length=300, blank=True)  # VoiceTel's words, where it declined
    number = models.CharField(max_length=10, blank=True)
    given = models.BinaryField(null=True)  # the password, sealed for the person
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()  # when a sweep takes it up
    sent_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)  # when the password was first shown
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(state__in=["waiting", "sending"]),
                name="one_sign_up_waits",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="sign_up_due")]

    def __str__(self) -> str:
        return f"{self.company} {self.state}"
