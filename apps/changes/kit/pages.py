"""The settings of a thing, each at an address of its own: GET shows it, POST changes it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from django.http import HttpResponse

from apps.accounts.gates import PortalRequest
from apps.accounts.signing_in.sessions import signed_in_at
from apps.audit.models import Event
from apps.changes import machine
from apps.changes.kit.forms import KeepsForm, SendsForm
from apps.changes.kit.panels import Panel, Panels
from apps.changes.kit.setting import Setting
from apps.changes.models import Entry
from apps.ui.render import answer_part, render_page, render_part

R = TypeVar("R")


@dataclass(frozen=True)
class SettingPages(Generic[R]):
    """How the settings of a kind of thing are shown and changed.

    page: the template of the thing's page. part: the template that answers about one setting.
    find: a setting by its name. panels: the thing's settings for the person who asks. context: of
    the page's template, given the panels that are open. anew: the thing as our copy has it now.
    """

    page: str
    part: Callable[[PortalRequest], str]
    find: Callable[[str], Setting[R]]
    panels: Callable[[PortalRequest, R], Panels[R]]
    context: Callable[..., dict[str, Any]]
    anew: Callable[[PortalRequest, R], R]

    def show(self, request: PortalRequest, row: R, name: str) -> HttpResponse:
        """The setting with its form; closed for people who may not change it, and where the page
        asks for it so.
        """
        setting, panels = self.find(name), self.panels(request, row)
        assert setting.form
        closed = panels.closed(setting)
        if "closed" in request.GET or not panels.may_change or not closed.works:
            return self._panel(request, row, closed)
        panel = panels.opened(setting, setting.form(row))
        if request.htmx.target == panel.weight_root:
            return _weighed(request, replace(panel, form=setting.form(row, request.GET)))
        return self._panel(request, row, panel)

    def change(self, request: PortalRequest, row: R, name: str) -> HttpResponse:
        """One form, one change. What was typed stays in the form whenever nothing was sent."""
        setting = self.find(name)
        assert setting.form
        form = setting.form(row, request.POST)
        if not form.is_valid():
            if isinstance(form, SendsForm):
                form.renew()
            opened = self.panels(request, row).opened(setting, form)
            return self._panel(request, row, opened, status=422)
        if isinstance(form, KeepsForm):
            return self._changed(request, row, setting, event=form.save(request.user))
        assert isinstance(form, SendsForm)
        entry = machine.submit(
            form.change(), by=request.user, token=form.token, fresh_at=signed_in_at(request)
        )
        return self._changed(request, row, setting, entry=machine.wait(entry))

    def _changed(
        self,
        request: PortalRequest,
        row: R,
        setting: Setting[R],
        entry: Entry | None = None,
        event: Event | None = None,
    ) -> HttpResponse:
        """The setting as it is now, with the strip of the change; the other closed ones come along,
        and what shows the thing's activity is told.
        """
        now = self.anew(request, row)
        panels = self.panels(request, now)
        if event:
            panels = replace(panels, kept=panels.kept | {event.pk})
        panel, others = panels.closed(setting, entry), panels.grouped(but=setting.name)
        shown = f"?entry={entry.pk}" if entry else f"?kept={event.pk}" if event else ""
        query = f"{shown}#{panel.root}" if shown else ""
        context = self.context(request, now) | {"panel": panel, "groups": others, "changed": True}
        response = answer_part(request, self.part(request), context, back=f"{panel.page}{query}")
        response["HX-Trigger"] = "journal-newer"
        return response

    def _panel(
        self, request: PortalRequest, row: R, panel: Panel[R], status: int = 200
    ) -> HttpResponse:
        context = self.context(request, row, panel) | {"panel": panel}
        return render_part(request, self.part(request), context, page=self.page, status=status)


def _weighed(request: PortalRequest, panel: Panel[Any]) -> HttpResponse:
    """What a press would cost with what has been typed so far, and the button that says so."""
    assert panel.form
    panel.form.is_valid()
    return render_page(request, "changes/_weighed.html", {"panel": panel})
