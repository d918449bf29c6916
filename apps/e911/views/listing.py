"""`/e911/`: every number by what is known of its 911 address."""

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right, allows
from apps.copies import tasks as copies
from apps.copies.selectors import age_from, find_copy
from apps.copies.views import age_part, refresh_part
from apps.e911.models import E911
from apps.e911.selectors import listing, one
from apps.ui.http import status_of_part
from apps.ui.lists.export import FileOf
from apps.ui.render import render_page, render_part, wants_part

PAGE = "e911/list.html"


def may_change(request: PortalRequest) -> bool:
    return allows(request.membership.role, Right.MANAGE)


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest) -> HttpResponse:
    copy = find_copy(request.account, E911)
    adds = may_change(request) and request.account.connected
    rows = listing.page(
        request, request.account, copy, select=reverse("e911:select") if adds else ""
    )
    context = {"listing": rows, "part": listing.PART, "may_change": may_change(request)}
    if request.htmx.target == listing.PART:
        status = status_of_part(request, listing.PART, rows.every)
        return render_part(request, "e911/_list.html", context, page=PAGE, status=status)
    context["age"] = age = age_from(copy, request.account, E911)
    context["figures"] = listing.figures(request.account)
    context["exposed"] = one.exposed_caller_id(request.account)
    copies.ask_if_wanted(request.account, age)
    return render_page(request, PAGE, context)


@require_safe
@role_required(Right.VIEW)
def index_file(request: PortalRequest, made: FileOf) -> HttpResponseBase:
    """All numbers that the list shows for the same query, as a file."""
    copy = find_copy(request.account, E911)
    rows = listing.all_rows(request, request.account, copy)
    return made("911", listing.spec_of(copy), rows, request.account.zone)


@require_safe
@role_required(Right.VIEW)
def age(request: PortalRequest) -> HttpResponseBase:
    """The age line again, for a page that waits for a newer copy; the page, to a plain browser."""
    if not wants_part(request):
        return index(request)
    return age_part(request, E911, may_change=may_change(request))


@require_POST
@role_required(Right.MANAGE)
def refresh(request: PortalRequest) -> HttpResponse:
    """Look at VoiceTel's list now."""
    return refresh_part(request, E911)
