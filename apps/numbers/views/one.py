"""One number: what our copy says, what is being changed, and a newer look behind the page."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right, allows
from apps.changes.kit.panels import Panel, Panels, asked
from apps.copies import tasks as copies
from apps.copies.selectors import age_of
from apps.numbers import settings, tasks
from apps.numbers.models import GATEWAYS, Number
from apps.numbers.selectors import one
from apps.numbers.services import rows
from apps.numbers.thing import NUMBER
from apps.numbers.views.listing import may_change
from apps.ui.http import STOP
from apps.ui.lists.state import digits
from apps.ui.render import answer_part, guarded, render_page, wants_part

P = ParamSpec("P")


def of_number(
    view: Callable[Concatenate[PortalRequest, Number, P], HttpResponseBase],
) -> Callable[Concatenate[PortalRequest, str, P], HttpResponseBase]:
    """The view gets the account's row of the number in the address; 404 for a stranger's, as for
    none.

    A number typed in another form is led to its ten digits, with the query it came with.
    """

    @wraps(view)
    def found(
        request: PortalRequest, number: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        ten = one.ten_digits(number)
        if not ten:
            raise Http404
        if ten != number:
            if request.method not in {"GET", "HEAD"} or request.resolver_match is None:
                raise Http404
            query = request.META.get("QUERY_STRING", "")
            address = reverse(request.resolver_match.view_name, kwargs={"number": ten})
            return HttpResponseRedirect(f"{address}?{query}" if query else address)
        try:
            row = one.get_number(request.account, ten)
        except one.NoSuchNumber:
            raise Http404 from None
        return view(request, row, *args, **kwargs)

    # wraps() forgets that a view may be called by position
    return found  # type: ignore[return-value]


def panels_of(request: PortalRequest, row: Number) -> Panels[Number]:
    """The settings of the number as this person may see and change them."""
    given = request.POST if request.method == "POST" else request.GET
    return Panels(
        request,
        NUMBER,
        row.number,
        row,
        settings.SETTINGS,
        app="numbers",
        may_change=may_change(request),
        **asked(given, part=wants_part(request)),
    )


def number_page(request: PortalRequest, row: Number, *given: Panel[Number]) -> dict[str, Any]:
    """Context of numbers/detail.html. given: panels that are open.

    Settings are drawn when a template shows them: a fragment is one, and a strip costs more than
    the rest of it.
    """
    return {
        "row": row,
        "shown": one.shown(row),
        "path": one.path_of(row),
        "may_accept": allows(request.membership.role, Right.OWN),
        "may_leave": may_change(request),
        "age": SimpleLazyObject(lambda: one.detail_age(request.account, row)),
        "groups": SimpleLazyObject(lambda: panels_of(request, row).grouped(given)),
    }


@require_safe
@role_required(Right.VIEW)
@of_number
def detail(request: PortalRequest, row: Number) -> HttpResponse:
    age = one.detail_age(request.account, row)
    if age.wanted:
        tasks.ask_for_one(request.account, row.number)
    if age.wanted and age.stale:
        copies.ask_if_wanted(request.account, age_of(request.account, GATEWAYS))
    return render_page(request, "numbers/detail.html", number_page(request, row) | {"age": age})


@require_safe
@role_required(Right.VIEW)
@of_number
def detail_age(request: PortalRequest, row: Number) -> HttpResponse:
    """The age line of a number whose page waits for a newer look.

    `mark`: what the page shows; `tries`: how often it asked.
    """
    age = one.detail_age(request.account, row, tries=digits(request.GET.get("tries")))
    if not request.htmx:
        return render_page(request, "numbers/detail.html", number_page(request, row) | {"age": age})
    context = {"row": row, "age": age}
    response = guarded(
        render_page(request, "numbers/_detail_age.html", context, status=200 if age.poll else STOP)
    )
    if request.GET.get("mark") != age.mark:
        response["HX-Trigger"] = "number-newer"
    return response


@require_POST
@role_required(Right.OWN)
@of_number
def accept_cost(request: PortalRequest, row: Number) -> HttpResponse:
    """An owner has seen that calls are forwarded where they cost more, and lets them."""
    rows.accept_cost(request.account, row.number, request.POST.get("to", ""), by=request.user)
    context = number_page(request, one.get_number(request.account, row.number))
    page = NUMBER.href(row.number)
    response = answer_part(request, "numbers/_costs.html", context, back=page)
    response["HX-Trigger"] = "journal-newer"
    return response
