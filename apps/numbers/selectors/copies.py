"""How old the copy is, in words."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import Account
from apps.numbers.models import Copy
from apps.numbers.pace import STALE
from apps.ui import format  # noqa: A004  the module, by the name it has everywhere
from apps.voicetel import clock

POLLS = 20  # a page looks so often for a newer copy, two seconds apart; then the person may reload


@dataclass(frozen=True, slots=True)
class Age:
    """The age line of the list.

    `poll`: look again, for a newer copy is on its way; `version`: what the page shows now.
    """

    read_at: datetime | None
    next_at: datetime | None
    old: str  # why it is old, in a few words; empty while it is fresh
    note: str  # a sentence when something is wrong
    wanted: bool  # a look should be asked for
    poll: bool
    version: int
    tries: int


def find_copy(account: Account) -> Copy | None:
    """The account's copy; None before the first look was asked for."""
    return next(iter(Copy.objects.of(account)), None)  # first() would sort the one row


def age_of(account: Account, copy: Copy | None, *, shown: int | None = None, tries: int = 0) -> Age:
    """shown: the version that the page holds; tries: how often it has looked for a newer one."""
    now = clock.about_now()
    if copy is None:
        live = account.key_state == Account.Key.LIVE
        return Age(
            None, None, "", "", wanted=live, poll=live and tries < POLLS, version=0, tries=tries
        )
    looking = copy.claim_until is not None and copy.claim_until > now
    stale = copy.read_at is None or now - copy.read_at > STALE
    # it was tried: the page waits for the next look as said
    put_off = bool(copy.failed or copy.doubted_at) and copy.next_at > now
    wanted = (
        (stale or copy.next_at <= now)
        and not put_off
        and not looking
        and account.key_state == Account.Key.LIVE
    )
    moving = (wanted or looking) and (shown is None or copy.version == shown)
    return Age(
        read_at=copy.read_at,
        next_at=copy.next_at if not looking else None,
        old=_old(copy, stale),
        note=_note(account, copy, now),
        wanted=wanted,
        poll=moving and tries < POLLS,
        version=copy.version,
        tries=tries,
    )


def _old(copy: Copy, stale: bool) -> str:
    if copy.read_at is None or not stale:
        return ""
    return "provider away" if copy.failed else "being read again"


def _note(account: Account, copy: Copy, now: datetime) -> str:
    """What happened, that nothing was changed, and what comes next."""
    following = f"We look again at about {format.clock(copy.next_at, account.zone, since=now)}."
    if copy.failed:
        shown = (
            f"What you see is what it told us {format.age(copy.read_at, now)}."
            if copy.read_at
            else "So there is no list to show yet."
        )
        return f"{copy.failed} {shown} {following}"
    if copy.doubted_at:
        gone = format.count(copy.doubted_count, "number")
        return (
            f"VoiceTel's last list lacks {gone} that we hold. They stay here until a second look"
            f" says the same. {following}"
        )
    return ""
