"""`/trunking/authentication/`: what lets calls in."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.accounts.signing_in.sessions import signed_in_at
from apps.changes import machine
from apps.copies import tasks as copies
from apps.copies.selectors import age_of
from apps.trunking import guard, selectors
from apps.trunking.forms import TypeForm
from apps.trunking.models import AUTHENTICATION
from apps.trunking.types import AuthType, list_types
from apps.trunking.views.frame import frame, strips
from apps.ui.http import get_or_post
from apps.ui.render import SeeOther, render_page, render_part

PART, PAGE = "trunking/_authentication.html", "trunking/authentication.html"


def page_of(request: PortalRequest, data: Any = None) -> dict[str, Any]:
    """Context of trunking/authentication.html. data: of the form that was sent."""
    standing = selectors.find_standing(request.account)
    types = list_types()
    now = standing.trunk.auth_type if standing.trunk else None
    given = data if data is not None else request.GET
    chosen = next(
        (each for each in types if str(each.number) == str(given.get("auth_type", ""))), None
    )
    other = chosen if chosen and chosen.number != now else None
    table = table_of(standing, other) if other else None
    form = TypeForm(types, table, data, initial={"auth_type": chosen.number if chosen else now})
    return frame(request, "authentication", standing) | {
        "types": types,
        "now": now,
        "chosen": other,
        "table": table,
        "form": form,
        "age": age_of(request.account, AUTHENTICATION),
        "strips": strips(request, "access", "authentication", "password"),
    }


def table_of(standing: selectors.Standing, chosen: AuthType) -> guard.Table:
    """What works now, and what works with that type."""
    now = selectors.setup_of(standing)
    return guard.compare(now, replace(now, kind=chosen.kind))


@require_safe
@role_required(Right.VIEW)
def show(request: PortalRequest) -> HttpResponse:
    """The types; `?auth_type=` shows what switching to that one stops."""
    context = page_of(request)
    copies.ask_if_wanted(request.account, context["age"])
    return render_part(request, PART, context, page=PAGE)


@role_required(Right.OWN)
def change(request: PortalRequest) -> HttpResponse:
    """One press, one change; what stops was typed."""
    context = page_of(request, request.POST)
    form: TypeForm = context["form"]
    if form.is_valid() and context["chosen"] is None:
        form.add_error("auth_type", "That's the type in force. Nothing was changed.")
    if not form.is_valid():
        form.renew()
        return render_page(request, PAGE, context, 422)
    entry = machine.submit(
        form.change(request.account),
        by=request.user,
        token=form.token,
        fresh_at=signed_in_at(request),
    )
    return SeeOther(f"/trunking/authentication/?entry={machine.wait(entry).pk}")


type_ = get_or_post(show, change)
