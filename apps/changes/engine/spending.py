"""What is to be taken off the balance that VoiceTel told last: charges made here since, and those
under way.

Kept on the profile too, which every page has loaded, so that the header says the same figure.
"""

from typing import NamedTuple

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from apps.accounts.models import Profile
from apps.changes.models import Entry
from apps.changes.states import DEADLINE, FINAL, HELD_BY_SENDER, LOOKS, OPEN, State


class Spent(NamedTuple):
    """Micro-dollars: charged since the reading was asked for; under_way: may be charged yet, or may
    have been.
    """

    charged: int
    under_way: int


def since(profile: Profile) -> Spent:
    """Of the profile's account; nothing before the first reading. Two queries, along indexes.

    A charge that VoiceTel made before the reading was asked for is in the reading; one that can
    have been made later is not.
    """
    asked = profile.asked_at or profile.read_at
    if asked is None:
        return Spent(0, 0)
    ours = Entry.objects.of(profile.account_id)
    # no send of ours goes on for longer than that, so what it did is in the reading
    later = ours.filter(tried_at__gt=asked - DEADLINE)
    done = Q(state__in=list(FINAL), settled_at__gt=asked)
    in_doubt = [*HELD_BY_SENDER, State.ASK, State.CLOSED]
    unknown = Q(state__in=in_doubt, sent_at__isnull=False, absent__lt=LOOKS)
    sums = later.filter(Q(price__gt=0) | Q(charged__gt=0)).aggregate(
        charged=Sum(Coalesce(F("charged"), F("price")), filter=done),
        under_way=Sum("price", filter=unknown),
    )
    waits = _sum(ours.filter(state__in=list(OPEN), sent_at=None, price__gt=0))
    return Spent(sums["charged"] or 0, (sums["under_way"] or 0) + waits)


def note(account: int | None) -> None:
    """Keep it on the profile, in the commit of a change that costs; nothing where it is so."""
    profile = Profile.objects.filter(account=account).first()
    if profile is None or profile.read_at is None:
        return
    spent = sum(since(profile))
    Profile.objects.filter(pk=profile.pk).exclude(spent=spent).update(spent=spent)


def _sum(entries: QuerySet[Entry]) -> int:
    return int(entries.aggregate(total=Sum("price"))["total"] or 0)
