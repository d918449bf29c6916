"""`/billing/statement/`: a month's balance before and after, and what moved it."""

from collections.abc import Iterator
from datetime import date

from django.http import Http404, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.models import Account
from apps.accounts.roles import Right
from apps.billing.calls import spans
from apps.billing.calls.period import midnight
from apps.billing.calls.pull import spans_of
from apps.billing.models import Reading
from apps.billing.money.bridge import Bridge, Line, bridge_of, month_of, next_month
from apps.ui.format import money
from apps.ui.format import zone as zone_of
from apps.ui.lists.export import FileOf
from apps.ui.lists.spec import Column, ListSpec
from apps.ui.render import render_page
from apps.voicetel import clock

MOST = 24  # months that are offered
SPEC: ListSpec[Line] = ListSpec(
    (
        Column("label", "What", "label", order=("label",), text=lambda line: line.label),
        Column("note", "How much", text=lambda line: line.note),
        Column("amount", "Amount", right=True, text=lambda line: money(line.amount)),
    ),
    "label",
)


@require_safe
@role_required(Right.VIEW)
def statement(request: PortalRequest, month: str = "") -> HttpResponse:
    """A month, the present one where none is named; a named one without any reading is 404."""
    account = request.account
    first = _month(account, month)
    bridge, months = bridge_of(account, first), list_months(account)
    if month and f"{first:%Y-%m}" not in dict(months):
        raise Http404
    context = {
        "month": first,
        "name": f"{first:%B %Y}",
        "bridge": bridge,
        "months": months,
        "so_far": bridge is not None and not is_settled(account, first),
    }
    return render_page(request, "billing/statement.html", context)


@require_safe
@role_required(Right.VIEW)
def statement_file(request: PortalRequest, made: FileOf, month: str) -> HttpResponseBase:
    """The month as a file."""
    first = _month(request.account, month)
    bridge = bridge_of(request.account, first)
    if bridge is None:
        raise Http404
    return made(f"statement-{first:%Y-%m}", SPEC, _rows(bridge), request.account.zone)


def _rows(bridge: Bridge) -> Iterator[Line]:
    return iter(bridge.rows)


def _month(account: Account, typed: str) -> date:
    now = clock.about_now()
    if not typed:
        return now.astimezone(zone_of(account.zone)).date().replace(day=1)
    found = month_of(typed, account.zone, now)
    if found is None:
        raise Http404
    return found


def list_months(account: Account) -> list[tuple[str, str]]:
    """Months of which there are readings, newest first: (in addresses, in words). Two queries."""
    known = Reading.objects.of(account).order_by("answered_at")
    first, last = known.first(), known.last()
    if first is None or last is None:
        return []
    zone = zone_of(account.zone)
    oldest, month = (
        each.answered_at.astimezone(zone).date().replace(day=1) for each in (first, last)
    )
    found: list[tuple[str, str]] = []
    while month >= oldest and len(found) < MOST:
        found.append((f"{month:%Y-%m}", f"{month:%B %Y}"))
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    return found


def is_settled(account: Account, month: date) -> bool:
    """Whether no more of the month's calls can come."""
    since, until = midnight(month, account.zone), midnight(next_month(month), account.zone)
    return not spans.without([(since, until)], spans_of(account)[1])
