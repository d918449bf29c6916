"""`/trunking/gateways/`: the account's own gateways, and VoiceTel's routes."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.views.decorators.http import require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.accounts.signing_in.sessions import signed_in_at
from apps.changes import machine
from apps.changes.selectors import list_entries
from apps.copies import tasks as copies
from apps.copies.selectors import age_of
from apps.numbers.models import GATEWAYS, Gateway, Number
from apps.trunking import guard, ranges, selectors, tasks
from apps.trunking.forms import DeleteForm, GatewayForm
from apps.trunking.services import address_of
from apps.trunking.thing import GATEWAY
from apps.trunking.views.frame import frame, strips
from apps.ui.format import phone
from apps.ui.http import get_or_post
from apps.ui.render import SeeOther, render_page

P = ParamSpec("P")
FIRST = 12  # numbers of a gateway that its page names


def of_gateway(
    view: Callable[Concatenate[PortalRequest, Gateway, P], HttpResponseBase],
) -> Callable[Concatenate[PortalRequest, int, P], HttpResponseBase]:
    """The view gets the account's row of the gateway in the address; 404 for a stranger's, as for
    none.
    """

    @wraps(view)
    def found(
        request: PortalRequest, gateway: int, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if gateway >= 2**63:
            raise Http404
        row = Gateway.objects.of(request.account).filter(gateway=gateway).first()
        if row is None:
            raise Http404
        row.account = request.account
        return view(request, row, *args, **kwargs)

    # wraps() forgets that a view may be called by position
    return found  # type: ignore[return-value]


def _must_be_own(row: Gateway) -> None:
    """System routes are read only."""
    if row.system:
        raise Http404


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest) -> HttpResponse:
    standing = selectors.find_standing(request.account)
    counts = standing.counts.by_route
    own = [
        (each, counts.get(each.gateway, 0), _listed(standing, each.address))
        for each in standing.own
    ]
    system = [(each, counts.get(each.gateway, 0)) for each in standing.gateways if each.system]
    age = age_of(request.account, GATEWAYS)
    copies.ask_if_wanted(request.account, age)
    context = frame(request, "gateways", standing) | {
        "own": own,
        "system": system,
        "age": age,
        "strips": strips(request, GATEWAY.name, *_added(request)),
    }
    return render_page(request, "trunking/gateways.html", context)


def _added(request: PortalRequest) -> list[str]:
    """Subjects of gateways that are being added: their addresses."""
    found = list_entries(request.account).filter(kind="AddGateway")[:10]
    return list(dict.fromkeys(each.subject for each in found))


def _listed(standing: selectors.Standing, address: str) -> bool | None:
    """Whether the access list covers it; None for a name."""
    at = address_of(address)
    return None if at is None else ranges.covers(standing.listed, at)


@require_safe
@role_required(Right.VIEW)
@of_gateway
def show(request: PortalRequest, row: Gateway) -> HttpResponse:
    """One gateway and its numbers. It's read alone behind the page."""
    context = page_of(request, row)
    if selectors.reading_is_old(context["reading"]):
        tasks.ask_gateway(request.account, row.gateway)
    return render_page(request, "trunking/gateway.html", context)


def page_of(request: PortalRequest, row: Gateway) -> dict[str, Any]:
    """Context of trunking/gateway.html."""
    standing = selectors.find_standing(request.account)
    routed = Number.objects.of(request.account).filter(route=row.gateway)
    held = routed.count()
    reading = selectors.find_reading(request.account, row.gateway)
    first = [(each, phone(each.number)) for each in routed.order_by("number")[:FIRST]]
    others = []
    if reading and not reading.failed and reading.held != held:
        ours = set(routed.values_list("number", flat=True)) if held < 5000 else set()
        others = [phone(each) for each in reading.first if each not in ours][:FIRST]
    return frame(request, "gateways", standing) | {
        "row": row,
        "numbers": first,
        "held": held,
        "reading": reading,
        "others": others,
        "listed": _listed(standing, row.address),
        "about": f"gateway:{row.gateway}",
        "strips": strips(request, GATEWAY.name, str(row.gateway), row.address),
    }


@role_required(Right.MANAGE)
def new(request: PortalRequest) -> HttpResponse:
    """The form of a new gateway."""
    return _form(request, GatewayForm(request.account))


@role_required(Right.MANAGE)
def create(request: PortalRequest) -> HttpResponse:
    """One press, one change."""
    form = GatewayForm(request.account, request.POST)
    if not form.is_valid():
        form.renew()
        return _form(request, form, status=422)
    entry = machine.wait(
        machine.submit(
            form.change(), by=request.user, token=form.token, fresh_at=signed_in_at(request)
        )
    )
    made = entry.answer.get("gateway")
    there = f"/trunking/gateways/{made}/" if made else "/trunking/gateways/"
    return SeeOther(f"{there}?entry={entry.pk}")


add = get_or_post(new, create)


@role_required(Right.MANAGE)
@of_gateway
def edit(request: PortalRequest, row: Gateway) -> HttpResponse:
    """The form of a gateway."""
    _must_be_own(row)
    return _form(request, GatewayForm(request.account, row=row), row)


@role_required(Right.MANAGE)
@of_gateway
def save(request: PortalRequest, row: Gateway) -> HttpResponse:
    """One press, one change; what stops was typed."""
    _must_be_own(row)
    table = edit_table(request, row, request.POST)
    form = GatewayForm(request.account, request.POST, row=row, table=table)
    if form.is_valid() and not form.changed:
        return SeeOther(GATEWAY.href(str(row.gateway)))
    if not form.is_valid():
        form.renew()
        return _form(request, form, row, table, status=422)
    entry = machine.wait(
        machine.submit(
            form.change(), by=request.user, token=form.token, fresh_at=signed_in_at(request)
        )
    )
    return SeeOther(f"{GATEWAY.href(str(row.gateway))}?entry={entry.pk}")


change = get_or_post(edit, save)


def edit_table(request: PortalRequest, row: Gateway, data: QueryDict) -> guard.Table | None:
    """What stops when the gateway gets the address that was typed; None where it stays."""
    typed = str(data.get("address", "")).strip()
    if not typed or typed == row.address:
        return None
    standing = selectors.find_standing(request.account)
    now = selectors.setup_of(standing)
    key = str(row.gateway)
    devices = tuple(
        replace(each, address=address_of(typed), about=typed, registered=False)
        if each.key == key
        else each
        for each in now.devices
    )
    return guard.compare(now, replace(now, devices=devices)).of(key, f"route:{key}")


def _form(
    request: PortalRequest,
    form: GatewayForm,
    row: Gateway | None = None,
    table: guard.Table | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    standing = selectors.find_standing(request.account)
    context = frame(request, "gateways", standing) | {"form": form, "row": row, "table": table}
    return render_page(request, "trunking/gateway_form.html", context, status)


@role_required(Right.MANAGE)
@of_gateway
def leaving(request: PortalRequest, row: Gateway) -> HttpResponse:
    """What deleting it means, and its numbers, which must be routed elsewhere first."""
    _must_be_own(row)
    return _deletion(request, row, DeleteForm(row))


@role_required(Right.MANAGE)
@of_gateway
def do_delete(request: PortalRequest, row: Gateway) -> HttpResponse:
    """One press, one change. Numbers that route to it stop it, before anything is sent."""
    _must_be_own(row)
    form = DeleteForm(row, request.POST)
    held = Number.objects.of(request.account).filter(route=row.gateway).count()
    if form.is_valid() and held:
        form.add_error(None, "Route its numbers somewhere else first. Nothing was deleted.")
    if not form.is_valid():
        form.renew()
        return _deletion(request, row, form, status=422)
    entry = machine.wait(
        machine.submit(
            form.change(), by=request.user, token=form.token, fresh_at=signed_in_at(request)
        )
    )
    return SeeOther(f"/changes/{entry.pk}/")


delete = get_or_post(leaving, do_delete)


def _deletion(
    request: PortalRequest, row: Gateway, form: DeleteForm, *, status: int = 200
) -> HttpResponse:
    context = page_of(request, row) | {"form": form}
    return render_page(request, "trunking/gateway_delete.html", context, status)
