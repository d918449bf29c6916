"""`/porting/`: every port, and what waits for somebody. Our copy only: a look at VoiceTel is asked
for, never waited for.
"""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.copies import tasks as copies
from apps.copies.selectors import age_of
from apps.copies.views import age_part, refresh_part
from apps.porting.models import PORTS
from apps.porting.selectors import desk
from apps.porting.views.gates import may_change
from apps.ui.lists.export import FileOf
from apps.ui.render import render_page, render_part, wants_part

PAGE = "porting/list.html"


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest) -> HttpResponse:
    listing = desk.list_ports(request, request.account)
    context: dict[str, Any] = {
        "part": "porting-table",
        "listing": listing,
        "may_change": may_change(request),
    }
    if request.htmx.target == "porting-table":
        return render_part(request, "porting/_table.html", context, page=PAGE)
    context["age"] = age = age_of(request.account, PORTS)
    context["heading"] = desk.heading(listing.state)
    context["waiting"] = desk.waiting(request.account)
    context["drafts"] = desk.list_drafts(request.account)
    copies.ask_if_wanted(request.account, age)
    return render_page(request, PAGE, context)


@require_safe
@role_required(Right.VIEW)
def index_file(request: PortalRequest, made: FileOf) -> HttpResponseBase:
    """All ports that the list shows for the same query, as a file."""
    rows = desk.list_all(request, request.account)
    return made("ports", desk.SPEC, rows, request.account.zone)


@require_safe
@role_required(Right.VIEW)
def age(request: PortalRequest) -> HttpResponseBase:
    """The age line again, for a page that waits for a newer copy; the page, to a plain browser."""
    if not wants_part(request):
        return index(request)
    return age_part(request, PORTS, may_change=may_change(request))


@require_POST
@role_required(Right.MANAGE)
def refresh(request: PortalRequest) -> HttpResponse:
    """Look at VoiceTel's list now."""
    return refresh_part(request, PORTS)
