"""`/billing/payments/` and `/billing/credits/`: our copies of the two lists."""

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right, allows
from apps.billing.ledgers import LEDGERS
from apps.copies import tasks as copies
from apps.copies.selectors import age_of
from apps.copies.views import age_part, refresh_part
from apps.ui.lists.export import FileOf
from apps.ui.render import render_page, render_part, wants_part

PAGE = "billing/ledger.html"


def may_refresh(request: PortalRequest) -> bool:
    return allows(request.membership.role, Right.BILLING)


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest, name: str) -> HttpResponse:
    ledger = LEDGERS[name]
    context = {
        "ledger": ledger,
        "part": f"billing-{name}",
        "listing": ledger.page(request, request.account),
        "may_change": may_refresh(request),
    }
    if request.htmx.target == f"billing-{name}":
        return render_part(request, "billing/_ledger.html", context, page=PAGE)
    context["age"] = age = age_of(request.account, name)
    copies.ask_if_wanted(request.account, age)
    return render_page(request, PAGE, context)


@require_safe
@role_required(Right.VIEW)
def index_file(request: PortalRequest, made: FileOf, name: str) -> HttpResponseBase:
    """All rows that the list shows for the same query, as a file."""
    ledger = LEDGERS[name]
    rows = ledger.all(request, request.account)
    return made(name, ledger.spec, rows, request.account.zone)


@require_safe
@role_required(Right.VIEW)
def age(request: PortalRequest, name: str) -> HttpResponseBase:
    """The age line again, for a page that waits for a newer copy; the page, to a plain browser."""
    if not wants_part(request):
        return index(request, name)
    return age_part(request, name, may_change=may_refresh(request))


@require_POST
@role_required(Right.BILLING)
def refresh(request: PortalRequest, name: str) -> HttpResponse:
    """Look at VoiceTel's list now."""
    return refresh_part(request, name)
