"""The settings on a thing's page: each a row "name, value, change" that opens in place, with the
strip of its last change.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.accounts.gates import PortalRequest
from apps.audit.models import Event
from apps.changes.kit.forms import SendsForm, SettingForm
from apps.changes.kit.kept import strip
from apps.changes.kit.setting import Setting
from apps.changes.models import Entry
from apps.changes.selectors import entry_panel, list_of_thing, mark_of
from apps.changes.states import State
from apps.things import Thing
from apps.ui.lists.state import digits

R = TypeVar("R")
RECENT = 20  # changes of a thing among which its settings find theirs
ASKS = frozenset({State.ASK, State.ABSENT})


@dataclass(frozen=True, slots=True)
class Panel(Generic[R]):
    """One setting as changes/_setting.html shows it, closed or open.

    page: the thing's address, which the setting's begins with. root: the id of its element. form:
    it is open. entry: its change under way, or just settled; strip: the same, drawn; so is the
    event of a value that is ours alone. said: the same as a sentence for the live region.
    """

    setting: Setting[R]
    row: R
    page: str
    root: str
    may_change: bool
    connected: bool = True
    form: SettingForm[R] | None = None
    entry: Entry | None = None
    strip: SafeString | str = ""
    said: str = ""

    @property
    def address(self) -> str:
        return f"{self.page}{self.setting.name}/"

    @property
    def weight_root(self) -> str:
        """The id of the element that says what the press would cost."""
        return f"{self.root}-weight"

    @property
    def offers(self) -> bool:
        """Whether it shows the link that opens its form."""
        return (
            self.may_change and self.form is None and self.setting.form is not None and self.works
        )

    @property
    def works(self) -> bool:
        """Whether a press could succeed: VoiceTel takes part unless the value is ours alone."""
        return not self.setting.changes or self.connected

    @property
    def now(self) -> str:
        return self.setting.now(self.row)

    @property
    def note(self) -> str:
        if self.may_change and self.setting.form and not self.works:
            return "Can't be changed until the account is reconnected"
        return self.setting.note(self.row)

    @property
    def mark(self) -> tuple[str, str] | None:
        """Word and tone of a change under way."""
        if self.entry is None or not self.entry.moves:
            return None
        return mark_of(self.entry.state)


@dataclass(frozen=True)
class Panels(Generic[R]):
    """The settings of one thing, for one person who looks at its page.

    app: what the ids of their elements begin with. shown: primary keys of changes whose strips the
    page holds; the others show theirs only while they move or ask. kept: of events likewise.
    without: names of settings that
    the page holds open, and that no answer may close.
    """

    request: PortalRequest
    thing: Thing
    subject: str
    row: R
    settings: Sequence[Setting[R]]
    app: str
    may_change: bool
    shown: frozenset[int] = frozenset()
    kept: frozenset[int] = frozenset()
    without: frozenset[str] = frozenset()

    def closed(self, setting: Setting[R], entry: Entry | None = None) -> Panel[R]:
        """The setting closed, with the strip of that change; without one, of its change that moves,
        asks, or is shown already.
        """
        if setting.kept and self.kept:
            return replace(self._bare(setting), strip=self._kept_strip(setting))
        entry = entry or self._latest(setting)
        if entry is None:
            return self._bare(setting)
        context = entry_panel(entry, self.request.membership)
        drawn = render_to_string("changes/_strip.html", context, self.request)
        return replace(
            self._bare(setting),
            entry=entry,
            strip=drawn,
            said=f"{context['title']} {context['sentence']}",
        )

    def opened(self, setting: Setting[R], form: SettingForm[R]) -> Panel[R]:
        """The setting with its form. A field that may weigh is looked at while it is typed."""
        panel = replace(self._bare(setting), form=form)
        if isinstance(form, SendsForm) and form.weighs:
            looks = {
                "hx-get": panel.address,
                "hx-trigger": "input changed delay:300ms",
                "hx-target": f"#{panel.weight_root}",
                "hx-swap": "innerHTML",  # not the form's
                "hx-sync": "this:replace",
            }
            form.fields[form.weighs].widget.attrs.update(looks)
        return panel

    def grouped(
        self, given: Iterable[Panel[R]] = (), but: str = ""
    ) -> list[tuple[str, list[Panel[R]]]]:
        """(heading, panels), in the order of the settings. given: panels that are not closed; but:
        a setting that the answer has already.
        """
        made = {panel.setting.name: panel for panel in given}
        groups: dict[str, list[Panel[R]]] = {}
        for each in self.settings:
            if each.name in made or each.name not in {*self.without, but}:
                panel = made.get(each.name) or self.closed(each)
                groups.setdefault(each.group, []).append(panel)
        return list(groups.items())

    def _bare(self, setting: Setting[R]) -> Panel[R]:
        page, root = self.thing.href(self.subject), f"{self.app}-{setting.name}"
        connected = self.request.account.connected
        return Panel(setting, self.row, page, root, self.may_change, connected)

    def _latest(self, setting: Setting[R]) -> Entry | None:
        kinds = {change.__name__ for change in setting.changes}
        own = [entry for entry in self._recent if entry.kind in kinds] if kinds else []
        if own and (own[0].moves or own[0].state in ASKS or self.shown & {e.pk for e in own}):
            return own[0]
        return None

    def _kept_strip(self, setting: Setting[R]) -> SafeString | str:
        own = Event.objects.of(self.request.account).filter(
            thing=self.thing.name, subject=self.subject, action=setting.kept
        )
        latest = own.filter(pk__in=self.kept).order_by("-pk").first()
        if latest is None:
            return ""
        context = strip(latest, self.request.membership)
        return render_to_string("changes/_kept.html", context, self.request)

    @cached_property
    def _recent(self) -> list[Entry]:
        """Read once, and only where a setting has changes."""
        found = list_of_thing(self.request.account, self.thing.name, self.subject)
        return list(found.select_related("account")[:RECENT])


def asked(given: QueryDict, *, part: bool) -> dict[str, frozenset[Any]]:
    """What a page says of its panels: {"shown", "kept", "without"} of Panels. A whole page (not a
    part of one) leaves no setting out.
    """
    shown = frozenset(digits(each) for each in given.getlist("entry")[:RECENT])
    kept = frozenset(digits(each) for each in given.getlist("kept")[:RECENT])
    return {
        "shown": shown,
        "kept": kept,
        "without": frozenset(given.getlist("open") if part else ()),
    }
