"""The list of numbers.

It reads our copy only; a look at the provider is asked for, never waited for.
"""

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right, allows
from apps.copies import tasks as copies
from apps.copies.selectors import age_from, find_copy
from apps.copies.views import age_part, refresh_part
from apps.numbers import selectors
from apps.numbers.models import GATEWAYS, NUMBERS
from apps.ui.http import status_of_part
from apps.ui.lists.export import FileOf
from apps.ui.render import render_page, render_part, wants_part

PAGE = "numbers/list.html"


def may_change(request: PortalRequest) -> bool:
    return allows(request.membership.role, Right.MANAGE)


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest) -> HttpResponse:
    copy = find_copy(request.account, NUMBERS)
    state = selectors.list_state(copy, request.GET)
    adds = may_change(request)
    listing = selectors.list_numbers(request.account, copy, state, adds=adds)
    context = {"listing": listing, "may_change": may_change(request)}
    if request.htmx.target == "numbers-table":
        status = status_of_part(request, "numbers-table", listing.every)
        return render_part(request, "numbers/_table.html", context, page=PAGE, status=status)
    context["age"] = age = age_from(copy, request.account, NUMBERS)
    copies.ask_if_wanted(request.account, age)
    return render_page(request, PAGE, context)


@require_safe
@role_required(Right.VIEW)
def index_file(request: PortalRequest, made: FileOf) -> HttpResponseBase:
    """All numbers that the list shows for the same query, as a file."""
    copy = find_copy(request.account, NUMBERS)
    state = selectors.list_state(copy, request.GET)
    rows = selectors.list_all(request.account, copy, state)
    return made("numbers", state.spec, rows, request.account.zone)


@require_safe
@role_required(Right.VIEW)
def age(request: PortalRequest) -> HttpResponseBase:
    """The age line again, for a page that waits for a newer copy; the page, to a plain browser."""
    if not wants_part(request):
        return index(request)
    return age_part(request, NUMBERS, may_change=may_change(request))


@require_POST
@role_required(Right.MANAGE)
def refresh(request: PortalRequest) -> HttpResponse:
    """Look at the provider's numbers, and at the gateways that they are routed to, now."""
    copies.ask(request.account, GATEWAYS)
    return refresh_part(request, NUMBERS)
