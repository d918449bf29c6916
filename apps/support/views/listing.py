"""`/support/`: our copy of the account's tickets."""

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right, allows
from apps.copies import tasks as copies
from apps.copies.selectors import age_from, find_copy
from apps.copies.views import age_part, refresh_part
from apps.support import listing, selectors
from apps.support.about import find_about, list_tickets
from apps.support.models import TICKETS
from apps.ui.lists.export import FileOf
from apps.ui.render import render_page, render_part, wants_part

PAGE, PART = "support/list.html", "support-tickets"


def may_write(request: PortalRequest) -> bool:
    return allows(request.membership.role, Right.TICKETS)


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest) -> HttpResponse:
    """Every ticket, whose turn is the customer's first."""
    context = {
        "part": PART,
        "listing": listing.list_tickets(request, request.account, request.user),
        "may_change": may_write(request),
    }
    if request.htmx.target == PART:
        return render_part(request, "support/_list.html", context, page=PAGE)
    copy = find_copy(request.account, TICKETS)
    context["age"] = age = age_from(copy, request.account, TICKETS)
    context["cut"] = listing.cut_note(request.account, copy)
    context["sending"] = selectors.list_sending(request.account, request.user, 0)
    copies.ask_if_wanted(request.account, age)
    return render_page(request, PAGE, context)


@require_safe
@role_required(Right.VIEW)
def index_file(request: PortalRequest, made: FileOf) -> HttpResponseBase:
    """All tickets that the list shows for the same query, as a file."""
    rows = listing.list_all(request, request.account, request.user)
    return made("tickets", listing.SPEC, rows, request.account.zone)


@require_safe
@role_required(Right.VIEW)
def age(request: PortalRequest) -> HttpResponseBase:
    """The age line again, for a page that waits for a newer copy; the page, to a plain browser."""
    if not wants_part(request):
        return index(request)
    return age_part(request, TICKETS, may_change=may_write(request))


@require_safe
@role_required(Right.VIEW)
def about(request: PortalRequest) -> HttpResponse:
    """The tickets about one thing, for that thing's own page: `?about=number:2015550110`."""
    thing = find_about(request.account, request.GET.get("about", ""))
    context = {
        "thing": thing,
        "tickets": list_tickets(request.account, thing) if thing else [],
        "may_change": may_write(request),
    }
    return render_part(request, "support/_about.html", context, page="support/about.html")


@require_POST
@role_required(Right.TICKETS)
def refresh(request: PortalRequest) -> HttpResponse:
    """Look at VoiceTel's list now."""
    return refresh_part(request, TICKETS)
