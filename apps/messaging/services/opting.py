"""Who asked a number to stop, and who asked it to start again."""

from collections.abc import Sequence
from datetime import datetime

from apps.accounts.models import Account, User
from apps.audit.services import record
from apps.messaging import optouts
from apps.messaging.models import Message, OptOut
from apps.messaging.thing import MESSAGE, pair
from apps.voicetel import clock


def open_of(account: Account, number: str, far: str) -> OptOut | None:
    """The opt-out in force between the two; None where there is none."""
    return OptOut.objects.of(account).filter(number=number, far=far, ended=None).first()


def read(account: Account, number: str, rows: Sequence[Message]) -> None:
    """Take STOP and START out of messages that came in, in the order of their time.

    A record that comes late changes nothing that a newer word said.
    """
    for row in sorted(rows, key=lambda each: each.at):
        if row.out:
            continue
        if optouts.stops(row.text):
            stop(account, number, row.far, row.at, OptOut.How.TEXTED, optouts.word_of(row.text))
        elif optouts.starts(row.text):
            start(account, number, row.far, row.at)


def stop(
    account: Account, number: str, far: str, at: datetime, how: str, word: str = ""
) -> OptOut | None:
    """Record an opt-out; None where a newer word is known, or one is in force."""
    mine = OptOut.objects.of(account).filter(number=number, far=far)
    if mine.filter(ended=None).exists() or mine.filter(ended__gt=at).exists():
        return None
    return mine.create(account=account, number=number, far=far, since=at, how=how, word=word[:40])


def start(account: Account, number: str, far: str, at: datetime) -> None:
    """End the opt-out in force, unless it is newer than that moment."""
    OptOut.objects.of(account).filter(number=number, far=far, ended=None, since__lte=at).update(
        ended=at
    )


def by_hand(account: Account, number: str, far: str, *, by: User) -> OptOut | None:
    """Someone asked in other words, and a member records it."""
    now = clock.about_now()
    made = stop(account, number, far, now, OptOut.How.BY_HAND, by.name or by.email)
    if made:
        record(by, account, "opt_out_recorded", pair(number, far), thing=MESSAGE.name)
    return made
