"""What staff write beside a ticket: a reply under their hands, asides, who takes it."""

from apps.accounts.models import User
from apps.staff.models import Aside, InsideTicket, Writing
from apps.voicetel import clock


def is_writing(ticket: int, user: User, text: str) -> None:
    """This person is writing, and has so much of it."""
    now = clock.about_now()
    row, new = Writing.objects.get_or_create(
        ticket=ticket, user=user, defaults={"since": now, "at": now, "text": text}
    )
    if not new:
        since = row.since if row.text else now
        Writing.objects.filter(pk=row.pk).update(since=since, at=now, text=text)


def stop_writing(ticket: int, user: User) -> None:
    Writing.objects.filter(ticket=ticket, user=user).delete()


def add_aside(ticket: int, user: User, text: str) -> None:
    """A note of ours: it stays in this portal."""
    Aside.objects.create(
        ticket=ticket, user=user, name=str(user)[:254], text=text, at=clock.about_now()
    )


def take(row: InsideTicket, user: User) -> bool:
    """Take a ticket, or let go of one's own. False: another has it."""
    if row.taken_by_id == user.pk:
        InsideTicket.objects.filter(pk=row.pk, taken_by=user).update(taken_by=None)
        return True
    return bool(InsideTicket.objects.filter(pk=row.pk, taken_by=None).update(taken_by=user))
