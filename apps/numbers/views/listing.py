"""The list of numbers.

It reads our copy only; a look at the provider is asked for, never waited for.
"""

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseStopPolling

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Role, allows
from apps.numbers import selectors, services, tasks
from apps.numbers.models import Copy
from apps.ui.lists.export import FileOf
from apps.ui.lists.state import digits
from apps.ui.render import answer_part, render_page, render_part

STOP = HttpResponseStopPolling.status_code


def may_change(request: PortalRequest) -> bool:
    return allows(request.membership.role, Role.MANAGER)


@require_safe
@role_required(Role.VIEWER)
def index(request: PortalRequest) -> HttpResponse:
    copy = selectors.find_copy(request.account)
    listing = selectors.list_numbers(request.account, copy, selectors.list_state(copy, request.GET))
    context = {"listing": listing, "may_change": may_change(request)}
    if request.htmx.target == "numbers-table":
        return render_part(request, "numbers/_table.html", context, page="numbers/list.html")
    context["age"] = aged(request, copy)
    return render_page(request, "numbers/list.html", context)


@require_safe
@role_required(Role.VIEWER)
def index_file(request: PortalRequest, made: FileOf) -> HttpResponseBase:
    """All numbers that the list shows for the same query, as a file."""
    copy = selectors.find_copy(request.account)
    state = selectors.list_state(copy, request.GET)
    rows = selectors.list_all(request.account, copy, state)
    return made("numbers", state.spec, rows, request.account.zone)


def aged(request: PortalRequest, copy: Copy | None) -> selectors.Age:
    """The age line of a page just opened; an old copy is asked to be read behind it."""
    age = selectors.age_of(request.account, copy)
    if age.wanted and services.mark_due(request.account):
        tasks.nudge(request.account)
    return age


@require_safe
@role_required(Role.VIEWER)
def age(request: PortalRequest) -> HttpResponse:
    """The age line again, for a page that waits for a newer copy.

    `shown`: the version it shows; `tries`: how often it asked.
    """
    shown, tries = digits(request.GET.get("shown")), digits(request.GET.get("tries"))
    copy = selectors.find_copy(request.account)
    found = selectors.age_of(request.account, copy, shown=shown, tries=tries)
    context = {"age": found, "may_change": may_change(request)}
    if not request.htmx:
        context["listing"] = selectors.list_numbers(
            request.account, copy, selectors.list_state(copy, {})
        )
        return render_page(request, "numbers/list.html", context)
    response = render_part(
        request,
        "numbers/_age.html",
        context,
        page="numbers/list.html",
        status=200 if found.poll else STOP,
    )
    if found.version != shown:
        # A page that showed no list yet is opened anew; one with a list takes its part of it anew.
        response["HX-Refresh" if shown == 0 else "HX-Trigger"] = (
            "true" if shown == 0 else "numbers-newer"
        )
    return response


@require_POST
@role_required(Role.MANAGER)
def refresh(request: PortalRequest) -> HttpResponse:
    """Look now, whatever an earlier failure put off."""
    services.mark_due(request.account)
    tasks.nudge(request.account)
    copy = selectors.find_copy(request.account)
    context = {"age": selectors.age_of(request.account, copy), "may_change": True}
    return answer_part(request, "numbers/_age.html", context, back=reverse("numbers:list"))
