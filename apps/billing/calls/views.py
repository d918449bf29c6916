"""`/billing/calls/`: the account's calls, one of them, and of which hours there are any."""

from datetime import datetime

from django.http import Http404, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.models import Account
from apps.accounts.roles import Right
from apps.billing.calls import asks, listing, period, pull, shown
from apps.billing.calls.shape import DIGITS
from apps.billing.calls.status import Status, status_of
from apps.billing.models import Call
from apps.numbers.models import Number
from apps.ui.format import zone as zone_of
from apps.ui.http import STOP
from apps.ui.lists.export import FileOf
from apps.ui.render import render_page, render_part

PAGE = "billing/calls/list.html"
PART, AGE = "billing-calls", "calls-age"
DAY = 86_400


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest) -> HttpResponseBase:
    """Whoever looks has newer calls read sooner; the part that waits wants nothing, as a page left
    open would spend everybody's hour.
    """
    if request.htmx.target == AGE:
        return _age(request)
    part = request.htmx.target == PART
    books = pull.books_of(request.account) if part else pull.want(request.account)
    covered = pull.spans_of(request.account)
    found = listing.list_calls(request, request.account, books, covered[0])
    context = {
        "listing": found.listing,
        "totals": found.totals,
        "chips": found.chips,
        "period": found.period,
        "chart": found.chart,
        "choices": period_choices(found),
        "part": PART,
    }
    if part:
        return render_part(request, "billing/calls/_list.html", context, page=PAGE)
    context["status"] = status_of(request.account, books, covered)
    return render_page(request, PAGE, context)


def _age(request: PortalRequest) -> HttpResponse:
    """How far the calls are, for a page that waits for newer ones; then the list is taken again."""
    status = _status(request.account)
    response = render_page(
        request, "billing/calls/_age.html", {"status": status}, 200 if status.every else STOP
    )
    if not status.every:
        response["HX-Refresh" if request.GET.get("empty") else "HX-Trigger"] = (
            "true" if request.GET.get("empty") else "calls-newer"
        )
    return response


def _status(account: Account, **given: int) -> Status:
    return status_of(account, pull.books_of(account), pull.spans_of(account), **given)


def period_choices(found: listing.Page) -> list[tuple[str, str, bool]]:
    """The periods to choose from: label, address, whether chosen."""
    state = found.listing.state
    none = {"from": "", "to": ""}
    every = [("All dates", state.url(period="", **none), not found.period.words)]
    typed = state.filters.get("from") or state.filters.get("to")
    chosen = "" if typed else state.filters.get("period", "")
    return every + [
        (each.label, state.url(period=each.value, **none), each.value == chosen)
        for each in period.CHOICES
    ]


@require_safe
@role_required(Right.VIEW)
def index_file(request: PortalRequest, made: FileOf) -> HttpResponseBase:
    """All calls that the list shows for the same query, as a file."""
    rows = listing.all_calls(request, request.account)
    return made("calls", listing.SPEC, rows, request.account.zone)


@require_safe
@role_required(Right.VIEW)
def coverage(request: PortalRequest) -> HttpResponse:
    """Every hour that is asked for, a row a day."""
    context = {"status": _status(request.account, days=asks.HISTORY // DAY + 1)}
    return render_page(request, "billing/calls/coverage.html", context)


@require_safe
@role_required(Right.VIEW)
def call(request: PortalRequest, key: str) -> HttpResponse:
    """One call with all that its record says."""
    found = find(request, key)
    labels = shown.labels_of(request.account, (found.own, found.far))
    row = shown.row_of(found, zone_of(request.account.zone), labels)
    held = Number.objects.of(request.account).filter(number=found.own).exists()
    context = {
        "row": row,
        "area": shown.area(found.area),
        "record": bytes(found.record).hex(),
        "number": found.own if held else "",
        "ended": datetime.fromtimestamp(found.at + found.seconds, row.at.tzinfo),
    }
    return render_page(request, "billing/calls/call.html", context)


def find(request: PortalRequest, key: str) -> Call:
    """The account's call of an address. Raises Http404."""
    at, _, record = key.partition("-")
    fits = at.isascii() and at.isdigit() and len(at) <= 12 and len(record) == DIGITS
    try:
        wanted = bytes.fromhex(record) if fits else None
    except ValueError:
        wanted = None
    if wanted is None:
        raise Http404
    found = Call.objects.of(request.account).filter(at=int(at), record=wanted).first()
    if found is None:
        raise Http404
    return found
