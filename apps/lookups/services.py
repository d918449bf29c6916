"""What is kept of a look-up, and what one costs."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from apps.accounts.models import Account, Profile
from apps.changes.models import Entry
from apps.changes.states import State
from apps.lookups.models import DAYS, Keeping, Lookup
from apps.text import shortened
from apps.voicetel import clock

RATE = {Lookup.Kind.NAME: "cnam", Lookup.Kind.CARRIER: "lrn"}  # of VoiceTel's rates
NO_NAME = "No name"
NO_CARRIER = "No carrier"


def find_price(account: Account, kind: str) -> int | None:
    """Micro-dollars of one look-up by VoiceTel's rates for the account; None where they aren't
    known.
    """
    profile = Profile.objects.filter(account=account).first()
    found = profile.rates.get(RATE[Lookup.Kind(kind)]) if profile else None
    return int(found) if found is not None else None


def days_kept(account: Account) -> int:
    """How long an answer is used again."""
    chosen = Keeping.objects.of(account).values_list("days", flat=True).first()
    return DAYS if chosen is None else chosen


def find_known(account: Account, kind: str, number: str, ani: str) -> Lookup | None:
    """The newest answer to just this question, if it's young enough to be used again."""
    since = clock.about_now() - timedelta(days=days_kept(account))
    same = Lookup.objects.of(account).filter(kind=kind, number=number, ani=ani)
    return same.filter(asked_at__gt=since).order_by("-asked_at").first()


def known_of(account: Account, kind: str, numbers: Sequence[str], ani: str) -> set[str]:
    """Those of the numbers whose answer is young enough to be used again. Two queries."""
    since = clock.about_now() - timedelta(days=days_kept(account))
    same = Lookup.objects.of(account).filter(kind=kind, ani=ani, number__in=numbers)
    return set(same.filter(asked_at__gt=since).values_list("number", flat=True))


def keep(
    account: Account, lane: str, kind: str, number: str, ani: str, said: str, answer: dict[str, Any]
) -> None:
    """Write the answer down, within the commit that settles its change: the newest of its lane that
    is done.
    """
    done = Entry.objects.of(account).filter(lane=lane, state=State.DONE)
    entry = done.order_by("-settled_at", "-pk").first()
    Lookup.objects.of(account).create(
        account=account,
        kind=kind,
        number=number,
        ani=ani,
        said=shortened(said, 200),
        answer=answer,
        asked_at=clock.now(),
        price=entry.price if entry else 0,
        entry=entry,
    )


def choose_days(account: Account, days: int) -> None:
    Keeping.objects.of(account).update_or_create(account=account, defaults={"days": days})
