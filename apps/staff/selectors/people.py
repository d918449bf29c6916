"""One person as staff see them: on which accounts, where signed in, what they did.

Never a password or a secret of a second step.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max
from django.http import Http404, HttpRequest
from django.utils import timezone

from apps.accounts.models import Membership, User
from apps.accounts.signing_in import browsers
from apps.audit.models import Event
from apps.changes.journal import event_row

EVENTS = 20


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of the portal's own people. `browsers`: in which they are signed in now."""

    person: User
    seen_at: datetime | None
    browsers: int


def list_staff() -> list[Colleague]:
    """Support and administrators, by address. One query."""
    now = timezone.now()
    counted = Count("sessions", filter=browsers.signed_in(now))
    found = User.objects.exclude(staff="").annotate(visited=Max("sessions__seen"), browsers=counted)
    return [
        Colleague(
            each,
            max((at for at in (each.last_login, each.visited) if at), default=None),
            each.browsers,
        )
        for each in found.order_by("email")
    ]


def get_person(pk: int) -> User:
    """Raises Http404."""
    person = User.objects.filter(pk=pk).first()
    if person is None:
        raise Http404("no such person")
    return person


def person_page(request: HttpRequest, person: User) -> dict[str, Any]:
    """Context of staff/person.html. Three queries."""
    events = (
        Event.objects.across_accounts()
        .filter(actor=person)
        .select_related("account")
        .defer("account__sealed_key")
    )
    return {
        "person": person,
        "own": person == request.user,
        "memberships": Membership.objects.filter(user=person)
        .select_related("account")
        .defer("account__sealed_key"),
        "browsers": browsers.list_browsers(request, person),
        "events": [(event_row(event, "UTC"), event.account) for event in events[:EVENTS]],
    }
