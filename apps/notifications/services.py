"""Telling people, and what they do with what they were told."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.crypto import get_random_string

from apps.audit.services import record
from apps.notifications.kinds import KINDS
from apps.notifications.models import Choice, Notice
from apps.notifications.selectors import SWITCHED
from apps.voicetel import clock


def tell(user: Any, kind: str, *, account: Any = None, once: str = "", **facts: Any) -> None:
    """Tell one person, by bell and by mail. One statement of the caller's transaction: it commits
    or rolls back with what it tells of.

    account: whose members alone may see it. once: names the occurrence, so that telling it again
    changes nothing. facts: JSON values for the kind's words, no secrets. Raises KeyError for a kind
    that has no words.
    """
    tell_all([user.pk], kind, account=account, once=once, **facts)


def tell_all(
    people: Iterable[int], kind: str, *, account: Any = None, once: str = "", **facts: Any
) -> None:
    """tell() for several people, by primary key."""
    KINDS[kind]
    if account is not None:
        facts = {"name": str(account), "number": account.number} | facts
    now, once = clock.about_now(), once or get_random_string(22)
    told = [
        Notice(
            user_id=pk, account=account, kind=kind, facts=facts, once=once, at=now, mail_due_at=now
        )
        for pk in people
    ]
    Notice.objects.across_people().bulk_create(told, ignore_conflicts=True)


def read(user: Any, pk: int) -> bool:
    """Mark one as read. False: it was already, or it is not theirs."""
    return bool(
        Notice.objects.of(user).filter(pk=pk, read_at=None).update(read_at=clock.about_now())
    )


def read_all(user: Any, until: int) -> int:
    """Mark all as read up to the newest that was shown, by primary key: what came since stays
    unread. How many.
    """
    return (
        Notice.objects.of(user)
        .filter(pk__lte=until, read_at=None)
        .update(read_at=clock.about_now())
    )


def choose(user: Any, mailed: dict[str, bool]) -> None:
    """Which groups come by mail too.

    Raises ValueError for a group that cannot be switched, or that there is not.
    """
    if not mailed.keys() <= set(SWITCHED):
        raise ValueError("these cannot be chosen")
    with transaction.atomic():
        for group, wanted in mailed.items():
            Choice.objects.update_or_create(user=user, group=group, defaults={"mail": wanted})
        facts: dict[str, Any] = dict(mailed)
        record(user, None, "mails_chosen", **facts)
