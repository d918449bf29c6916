"""What waits for the portal's own people: connections that stopped working, requests that no owner
answered, readings that were set aside.
"""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from apps.accounts.models import Account, JoinRequest, Membership
from apps.accounts.roles import Role
from apps.changes.models import Entry
from apps.changes.states import State
from apps.staff.selectors import budget, requests, tickets
from apps.ui.collected import Harm, Need
from apps.ui.format import count
from apps.voicetel import clock

MOST = 50  # lines of each kind; the list of accounts has all


def overview() -> dict[str, Any]:
    """Context of staff/overview.html: {"needs": [Need], "left": [budget.Left], "accounts"}."""
    found = budget.read()
    needs = [*list_dead(), *list_waiting(), *list_requests(), *map(_parked, found.parked[:MOST])]
    return {"needs": needs, "left": found.left, "accounts": Account.objects.count()}


def list_dead() -> list[Need]:
    """Accounts whose connection stopped working, longest first, with what waits for it."""
    waiting = Count("pk", filter=Q(state__in=[State.READY, State.NOT_SENT]))
    dead = Account.objects.filter(key_state=Account.Key.DEAD).defer("sealed_key")
    accounts = list(dead.order_by("key_changed_at")[:MOST])
    held = Entry.objects.across_accounts().filter(account__in=accounts).order_by()
    waits = dict(held.values("account").annotate(many=waiting).values_list("account", "many"))
    return [
        Need(
            "bad",
            f"{account}: VoiceTel no longer accepts its connection"
            + (f"; {count(waits[account.pk], 'change')} waiting" if waits.get(account.pk) else ""),
            "Open account",
            reverse("staff:account", args=[account.number]),
            account.key_changed_at,
            Harm.CALLS,
        )
        for account in accounts
    ]


def list_waiting() -> list[Need]:
    """The tickets that wait for an answer, in one line."""
    many, since = tickets.count_waiting()
    if not many:
        return []
    words = f"{count(many, 'ticket')} {'waits' if many == 1 else 'wait'} for an answer"
    there = f"{reverse('staff:tickets')}?view=unanswered"
    return [Need("warn", words, "Open tickets", there, since, Harm.PEOPLE)]


def list_requests() -> list[Need]:
    """Requests to join that staff may decide now, longest first."""
    able = Membership.objects.filter(
        account=OuterRef("account"), role=Role.OWNER, user__is_active=True
    )
    late = clock.about_now() - requests.PATIENCE
    opened = JoinRequest.objects.across_accounts().filter(state=JoinRequest.State.OPEN)
    due = opened.filter(~Exists(able) | Q(asked_at__lte=late)).select_related("account", "user")
    return [
        Need(
            "warn",
            f"{each.account}: {each.user.email} asks to join, and no owner answered",
            "Review request",
            reverse("staff:join_request", args=[each.account.number, each.pk]),
            each.asked_at,
            Harm.PEOPLE,
        )
        for each in due.order_by("asked_at")[:MOST]
    ]


def _parked(each: budget.Waiting) -> Need:
    """A reading that failed so often that it was paused."""
    return Need(
        "neutral",
        f"{each.who}: {each.words} paused after {count(each.tries, 'failed try', 'failed tries')}",
        "View queue",
        reverse("staff:budget"),
        None,
        Harm.HYGIENE,
    )
