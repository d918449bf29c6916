"""What is changed on a number's page: forwarding and route at the provider, the label here."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Role
from apps.changes import fresh, machine
from apps.changes.engine import tokens
from apps.changes.forms import ChangeForm
from apps.changes.models import Entry
from apps.numbers import selectors, services
from apps.numbers.forms import ForwardForm, LabelForm, RouteForm
from apps.numbers.models import Number
from apps.numbers.views.listing import may_change
from apps.numbers.views.one import of_number
from apps.numbers.views.panels import Panel, panels, settled
from apps.ui.http import get_or_post
from apps.ui.render import answer_part, render_part

MakeForm = Callable[[PortalRequest, Number, Any], ChangeForm]


def _forward_form(request: PortalRequest, row: Number, data: Any = None) -> ChangeForm:
    return ForwardForm(data, number=row, initial={"to": row.forward_to})


def _route_form(request: PortalRequest, row: Number, data: Any = None) -> ChangeForm:
    return RouteForm(
        data,
        number=row,
        routes=selectors.list_routes(request.account),
        initial={"route": row.route},
    )


def _open(request: PortalRequest, row: Number, setting: str, make: MakeForm) -> HttpResponse:
    """The panel with its form; closed for who may not change it, and where the page
    asks for it so.
    """
    closed = "closed" in request.GET or not may_change(request)
    given = {} if closed else {setting: Panel(form=make(request, row, None))}
    return _panel(request, row, setting, given)


def _change(request: PortalRequest, row: Number, setting: str, make: MakeForm) -> HttpResponse:
    """One form, one change. What was typed stays in the form whenever nothing was sent."""
    form = make(request, row, request.POST)
    if not form.is_valid():
        if "token" in form.errors:  # not opened here: what is shown again is
            form.data = {**request.POST.dict(), "token": tokens.mint()}
        return _panel(request, row, setting, {setting: Panel(form=form)}, status=422)
    change = form.change(request.account, row.number)
    entry = machine.submit(
        change, by=request.user, token=form.token, fresh_at=fresh.signed_in_at(request)
    )
    return _settled(request, row, setting, machine.wait(entry))


def _settled(request: PortalRequest, row: Number, setting: str, entry: Entry) -> HttpResponse:
    """The panel as it is now, with the strip of the change under it."""
    now = selectors.get_number(request.account, row.number)
    context = panels(request, now, **{setting: settled(request, entry)})
    back = f"{reverse('numbers:detail', args=[row.number])}?entry={entry.pk}#numbers-{setting}"
    response = answer_part(request, f"numbers/_{setting}.html", context, back=back)
    response["HX-Trigger"] = "journal-newer"
    return response


def _panel(
    request: PortalRequest, row: Number, setting: str, given: dict[str, Panel], status: int = 200
) -> HttpResponse:
    context = panels(request, row, **given) | {"age": selectors.detail_age(request.account, row)}
    return render_part(
        request, f"numbers/_{setting}.html", context, page="numbers/detail.html", status=status
    )


@role_required(Role.VIEWER)
@of_number
def forward_panel(request: PortalRequest, row: Number) -> HttpResponseBase:
    return _open(request, row, "forward", _forward_form)


@role_required(Role.MANAGER)
@of_number
def set_forward(request: PortalRequest, row: Number) -> HttpResponseBase:
    return _change(request, row, "forward", _forward_form)


@role_required(Role.VIEWER)
@of_number
def route_panel(request: PortalRequest, row: Number) -> HttpResponseBase:
    return _open(request, row, "route", _route_form)


@role_required(Role.MANAGER)
@of_number
def set_route(request: PortalRequest, row: Number) -> HttpResponseBase:
    return _change(request, row, "route", _route_form)


@role_required(Role.VIEWER)
@of_number
def label_panel(request: PortalRequest, row: Number) -> HttpResponseBase:
    closed = "closed" in request.GET or not may_change(request)
    given = {} if closed else {"label": Panel(form=LabelForm(initial={"label": row.label}))}
    return _panel(request, row, "label", given)


@role_required(Role.MANAGER)
@of_number
def set_label(request: PortalRequest, row: Number) -> HttpResponseBase:
    """Ours alone: kept here, the provider is not told."""
    form = LabelForm(request.POST)
    if not form.is_valid():
        return _panel(request, row, "label", {"label": Panel(form=form)}, status=422)
    services.label_number(request.account, row.number, form.cleaned_data["label"])
    context = panels(request, selectors.get_number(request.account, row.number)) | {"saved": True}
    return answer_part(
        request, "numbers/_label.html", context, back=reverse("numbers:detail", args=[row.number])
    )


forward = get_or_post(forward_panel, set_forward)
route = get_or_post(route_panel, set_route)
label = get_or_post(label_panel, set_label)
