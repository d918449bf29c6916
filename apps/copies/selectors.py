"""How old a copy is, in words."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import Account
from apps.copies.models import Copy
from apps.copies.source import SOURCES, Source
from apps.ui import format  # noqa: A004  the module, by the name it has everywhere
from apps.voicetel import clock

POLLS = 20  # a page looks so often for a newer copy, two seconds apart; then the person may reload


@dataclass(frozen=True, slots=True)
class Age:
    """The age line of a list.

    `poll`: look again, for a newer copy is on its way; `version`: what the page shows now.
    """

    source: Source[object]
    read_at: datetime | None
    next_at: datetime | None
    old: str  # why it is old, in a few words; empty while it is fresh
    note: str  # a sentence when something is wrong
    offers: bool  # whether a look that someone asks for could succeed
    wanted: bool  # a look should be asked for
    poll: bool
    version: int
    tries: int


def find_copy(account: Account, name: str) -> Copy | None:
    """The account's copy of that name; None before the first look was asked for."""
    # first() would sort the one row
    return next(iter(Copy.objects.of(account).filter(name=name)), None)


def age_of(account: Account, name: str, *, shown: int | None = None, tries: int = 0) -> Age:
    """shown: the version that the page holds; tries: how often it has looked for a newer one."""
    return age_from(find_copy(account, name), account, name, shown=shown, tries=tries)


def age_from(
    copy: Copy | None, account: Account, name: str, *, shown: int | None = None, tries: int = 0
) -> Age:
    """age_of() for who has the row at hand; None: there is none yet."""
    source, now = SOURCES[name], clock.about_now()
    live = account.connected
    if copy is None:
        poll = live and tries < POLLS
        return Age(
            source, None, None, "", "", offers=live, wanted=live, poll=poll, version=0, tries=tries
        )
    looking = copy.claim_until is not None and copy.claim_until > now
    stale = copy.read_at is None or now - copy.read_at > source.stale
    # it was tried: the page waits for the next look as said
    put_off = bool(copy.failed or copy.doubted_at) and copy.next_at > now
    wanted = (stale or copy.next_at <= now) and not put_off and not looking and live
    moving = (wanted or looking) and (shown is None or copy.version == shown)
    return Age(
        source=source,
        read_at=copy.read_at,
        next_at=copy.next_at if live and not looking else None,
        old=_old(copy, stale),
        note=_note(account, source, copy),
        offers=live,
        wanted=wanted,
        poll=moving and tries < POLLS,
        version=copy.version,
        tries=tries,
    )


def _old(copy: Copy, stale: bool) -> str:
    if copy.read_at is None or not stale:
        return ""
    return "couldn't refresh" if copy.failed else "updating"


def not_refreshed(account: Account, source: Source[object], copy: Copy) -> str:
    """What happened to a copy whose last look failed, and what comes next."""
    again = format.clock(copy.next_at, account.zone)
    return f"We couldn't refresh your {source.nouns}. {copy.failed} We'll try again at {again}."


def _note(account: Account, source: Source[object], copy: Copy) -> str:
    """What is wrong and what comes next; nothing while the connection is broken, which a banner
    says on every page.
    """
    if not account.connected:
        return ""
    if copy.failed:
        return not_refreshed(account, source, copy)
    if copy.doubted_at:
        verb = "was" if copy.doubted_count == 1 else "were"
        gone = format.count(copy.doubted_count, source.noun, source.nouns)
        them = "it" if copy.doubted_count == 1 else "them"
        return (
            f"{gone} {verb} missing from VoiceTel's latest list. We're double-checking before"
            f" removing {them}."
        )
    return ""
