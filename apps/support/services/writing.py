"""What members write: drafts, and texts on their way."""

from datetime import timedelta

from django.db import transaction

from apps.accounts.models import Account, User
from apps.support.models import Draft, Seen, Ticket, Written
from apps.support.wording import reference_of
from apps.voicetel import clock

DAY = timedelta(days=1)
MOST_NEW, MOST_REPLIES = 10, 60  # that a member may send in a day


class TooMuch(Exception):
    """A member has written as much in a day as anybody may; the words are for people."""


def check_caps(account: Account, user: User, *, new: bool, token: str) -> None:
    """Raises TooMuch. What the same form sent before counts as this one."""
    sent = Written.objects.of(account).filter(user=user, at__gt=clock.now() - DAY)
    sent = sent.exclude(reference=reference_of(token))
    opened = sent.exclude(subject="")
    if new and opened.count() >= MOST_NEW:
        raise TooMuch(
            f"You opened {MOST_NEW} tickets in the last 24 hours, which is the limit. Nothing was"
            " sent, and your text is kept. Reply to one of them, or call VoiceTel."
        )
    if not new and sent.filter(subject="").count() >= MOST_REPLIES:
        raise TooMuch(
            f"You sent {MOST_REPLIES} replies in the last 24 hours, which is the limit. Nothing was"
            " sent, and your text is kept."
        )


def keep_text(
    user: User,
    token: str,
    body: str,
    *,
    account: Account | None,
    ticket: int = 0,
    subject: str = "",
) -> Written:
    """Keep what a form is about to send until VoiceTel shows it; the second press finds the
    first's.
    """
    row, _ = Written.objects.across_accounts().get_or_create(
        reference=reference_of(token),
        defaults={
            "account": account,
            "user": user,
            "name": str(user)[:254],
            "staff": account is None,
            "ticket": ticket,
            "subject": subject,
            "body": body,
            "at": clock.about_now(),
        },
    )
    return row


def sent(row: Written, entry: int) -> None:
    """The text is on its way with that change, so the draft of it is not needed anymore."""
    with transaction.atomic():
        Written.objects.across_accounts().filter(pk=row.pk, entry=None).update(entry=entry)
        if row.account_id is not None and row.user_id is not None:
            drop_draft(row.account_id, row.user_id, 0 if row.subject else row.ticket)


def take_back(row: Written) -> None:
    """The change was not even written down: the text is the draft's again."""
    Written.objects.across_accounts().filter(pk=row.pk, entry=None).delete()


def save_draft(account: Account, user: User, ticket: int, *, subject: str = "", body: str) -> None:
    """Keep what is being written. Nothing written, no draft."""
    if not (subject.strip() or body.strip()):
        drop_draft(account.pk, user.pk, ticket)
        return
    row = Draft(
        account=account,
        user=user,
        ticket=ticket,
        subject=subject[:500],
        body=body,
        saved_at=clock.about_now(),
    )
    # in one statement: a press that sends may delete it at this very moment
    Draft.objects.of(account).bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["account", "user", "ticket"],
        update_fields=["subject", "body", "saved_at"],
    )


def is_sent(token: str) -> bool:
    """Whether what that form holds is on its way: a draft of it comes too late."""
    return (
        Written.objects.across_accounts()
        .filter(reference=reference_of(token))
        .exclude(entry=None)
        .exists()
    )


def drop_draft(account: int, user: int, ticket: int) -> None:
    Draft.objects.of(account).filter(user=user, ticket=ticket).delete()


def let_go(account: Account, user: User, reference: str) -> bool:
    """A text that did not arrive is not wanted anymore. False: it is not theirs, or it arrived."""
    rows = Written.objects.of(account).filter(user=user, reference=reference, seen_at=None)
    return rows.delete()[0] > 0


def mark_seen(row: Ticket, user: User, thread: int) -> None:
    """The member has read the ticket up to that message of support's."""
    upto = min(thread, row.newest)
    seen, new = Seen.objects.get_or_create(user=user, ticket=row, defaults={"thread": upto})
    if not new and seen.thread < upto:
        Seen.objects.filter(pk=seen.pk, thread__lt=upto).update(thread=upto)
