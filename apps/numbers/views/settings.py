"""The settings of a number, each at an address of its own: GET shows it, POST changes it."""

from dataclasses import replace

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.accounts.signing_in.sessions import signed_in_at
from apps.audit.models import Event
from apps.changes import machine
from apps.changes.kit.forms import KeepsForm, SendsForm
from apps.changes.kit.panels import Panel
from apps.changes.kit.setting import Setting
from apps.changes.models import Entry
from apps.numbers.models import Number
from apps.numbers.selectors import one
from apps.numbers.settings import find_setting
from apps.numbers.views.one import number_page, of_number, panels_of
from apps.ui.http import get_or_post
from apps.ui.render import answer_part, render_page, render_part


@require_safe
@role_required(Right.VIEW)
@of_number
def redraw(request: PortalRequest, row: Number) -> HttpResponse:
    """Every closed setting anew, by one request: one of them changed, or was seen changed."""
    return render_part(
        request, "numbers/_settings.html", number_page(request, row), page="numbers/detail.html"
    )


@role_required(Right.VIEW)
@of_number
def show(request: PortalRequest, row: Number, name: str) -> HttpResponse:
    """The setting with its form; closed for people who may not change it, and where the page asks
    for it so.
    """
    setting, panels = find_setting(name), panels_of(request, row)
    assert setting.form
    closed = panels.closed(setting)
    if "closed" in request.GET or not panels.may_change or not closed.works:
        return _panel(request, row, closed)
    panel = panels.opened(setting, setting.form(row))
    if request.htmx.target == panel.weight_root:
        return _weighed(request, replace(panel, form=setting.form(row, request.GET)))
    return _panel(request, row, panel)


@role_required(Right.MANAGE)
@of_number
def change(request: PortalRequest, row: Number, name: str) -> HttpResponse:
    """One form, one change. What was typed stays in the form whenever nothing was sent."""
    setting = find_setting(name)
    assert setting.form
    form = setting.form(row, request.POST)
    if not form.is_valid():
        if isinstance(form, SendsForm):
            form.renew()
        return _panel(request, row, panels_of(request, row).opened(setting, form), status=422)
    if isinstance(form, KeepsForm):
        return _changed(request, row, setting, event=form.save(request.user))
    assert isinstance(form, SendsForm)
    entry = machine.submit(
        form.change(), by=request.user, token=form.token, fresh_at=signed_in_at(request)
    )
    return _changed(request, row, setting, entry=machine.wait(entry))


setting = get_or_post(show, change)


def _changed(
    request: PortalRequest,
    row: Number,
    setting: Setting[Number],
    entry: Entry | None = None,
    event: Event | None = None,
) -> HttpResponse:
    """The setting as it is now, with the strip of the change; the other closed ones come along, and
    what shows the number's activity is told.
    """
    now = one.get_number(request.account, row.number)
    panels = panels_of(request, now)
    if event:
        panels = replace(panels, kept=panels.kept | {event.pk})
    panel, others = panels.closed(setting, entry), panels.grouped(but=setting.name)
    shown = f"?entry={entry.pk}" if entry else f"?kept={event.pk}" if event else ""
    query = f"{shown}#{panel.root}" if shown else ""
    context = number_page(request, now) | {"panel": panel, "groups": others, "changed": True}
    response = answer_part(request, _part(request), context, back=f"{panel.page}{query}")
    response["HX-Trigger"] = "journal-newer"
    return response


def _part(request: PortalRequest) -> str:
    """The answering part: the cell of the list for `?cell`, else the row of the number's page."""
    return "numbers/_label_cell.html" if "cell" in request.GET else "numbers/_setting.html"


def _weighed(request: PortalRequest, panel: Panel[Number]) -> HttpResponse:
    """What a press would cost with what has been typed so far, and the button that says so."""
    assert panel.form
    panel.form.is_valid()
    return render_page(request, "changes/_weighed.html", {"panel": panel})


def _panel(
    request: PortalRequest, row: Number, panel: Panel[Number], status: int = 200
) -> HttpResponse:
    context = number_page(request, row, panel) | {"panel": panel}
    return render_part(request, _part(request), context, page="numbers/detail.html", status=status)
