"""What one person may spend on an account within 24 hours, and how often they may press."""

from datetime import timedelta

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from apps.accounts.models import Membership
from apps.accounts.roles import day_limit
from apps.changes.models import Entry
from apps.changes.states import LOOKS, OPEN, State
from apps.ui.format import money
from apps.voicetel import clock

DAY = timedelta(hours=24)
PRESSES = 2000  # of one person on one account in a day; a job's changes don't count


class OverLimit(Exception):
    """The person's limit for a day does not cover it. The message is for that person."""


class TooMany(Exception):
    """The person has made as many changes as they may in a day. The message is for that person."""


def check_number(entry: Entry) -> None:
    """At the press: a person, or a program of theirs, in a loop must not fill the table.

    Raises TooMany.
    """
    mine = Entry.objects.across_accounts().filter(account=entry.account, by=entry.by, job=None)
    if mine.filter(created_at__gt=clock.about_now() - DAY).count() >= PRESSES:
        raise TooMany(f"You've made {PRESSES:,} changes in 24 hours. Try again tomorrow.")


def check(entry: Entry, along: int = 0) -> None:
    """At the press: what this person was charged for and what still waits count. along:
    micro-dollars of what is pressed together with it and not written yet.

    Raises OverLimit. One query for the member, one for the sum.
    """
    _check(entry, Membership.objects.all(), waiting=True, along=along)


def check_alone(entry: Entry) -> None:
    """Within the commit of a claim: what left counts, and no other claim of this person beside it.

    What still waits does not count: of twenty changes pressed together, as many go as the limit
    covers. Raises OverLimit.
    """
    _check(entry, Membership.objects.select_for_update(), waiting=False)


def spent(person: int | None, account: int | None, *, waiting: bool) -> int:
    """Micro-dollars of the last 24 hours: what VoiceTel charged where that is known, else the price
    shown; waiting: and what is to be sent yet. What surely did not happen counts nothing.
    """
    left = Q(sent_at__gt=clock.about_now() - DAY)
    counted = left | Q(sent_at=None, state__in=OPEN) if waiting else left
    mine = Entry.objects.of(account).filter(counted, by=person)
    mine = mine.exclude(state__in=[State.REFUSED, State.ABSENT])
    # nobody found it at VoiceTel, and it was sent anew or given up
    mine = mine.exclude(state=State.CLOSED, absent__gte=LOOKS)
    total = mine.aggregate(total=Sum(Coalesce(F("charged"), F("price"))))["total"]
    return int(total or 0)


def _check(entry: Entry, members: QuerySet[Membership], *, waiting: bool, along: int = 0) -> None:
    member = members.filter(user=entry.by_id, account=entry.account_id).first()
    limit = day_limit(member.role, member.day_limit) if member else 0
    if limit is None:
        return
    used = spent(entry.by_id, entry.account_id, waiting=waiting)
    if used + entry.price + along > limit:
        raise OverLimit(
            f"This costs {money(entry.price + along)}, and you have used {money(used)} of the"
            f" {money(limit)} that you may spend in 24 hours. An owner can raise your limit."
        )
