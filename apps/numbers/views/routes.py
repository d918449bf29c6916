"""Where the account's calls can go, and the customer's own names for it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.numbers.forms.calls import RouteNameForm
from apps.numbers.selectors import one
from apps.numbers.services.gateways import name_route
from apps.numbers.views.listing import may_change
from apps.ui.http import get_or_post, status_of
from apps.ui.render import answer_part, render_part

PART, PAGE = "numbers/_routes.html", "numbers/routes.html"


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest) -> HttpResponse:
    return render_part(request, PART, _page(request), page=PAGE)


@role_required(Right.MANAGE)
def show(request: PortalRequest, route: int) -> HttpResponse:
    """The page with the form of one route open."""
    found = _page(request)
    open_route = next((each for each in found["routes"] if each.gateway == route), None)
    if open_route is None:
        raise Http404
    form = RouteNameForm(initial={"name": open_route.named})
    return render_part(request, PART, found | {"open": route, "form": form}, page=PAGE)


@role_required(Right.MANAGE)
def save(request: PortalRequest, route: int) -> HttpResponse:
    """POST names a route; an empty name takes it away."""
    form = RouteNameForm(request.POST)
    if not form.is_valid():
        context = _page(request) | {"open": route, "form": form}
        return render_part(request, PART, context, page=PAGE, status=status_of(form))
    if not name_route(request.account, route, form.cleaned_data["name"], by=request.user):
        raise Http404
    return answer_part(request, PART, _page(request), back="/numbers/routes/")


name = get_or_post(show, save)


def _page(request: PortalRequest) -> dict[str, Any]:
    return {"routes": one.list_routes_held(request.account), "may_change": may_change(request)}
