"""The panels of a number's page: each a row "name, value, change" that opens in place, with the
strip of its last change.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.forms import Form
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from apps.accounts.gates import PortalRequest
from apps.changes.models import Entry
from apps.changes.selectors import entry_panel
from apps.numbers import selectors
from apps.numbers.models import Number
from apps.numbers.views.listing import may_change
from apps.ui.lists.state import digits

KINDS = {"forward": ("SetForward", "StopForward"), "route": ("SetRoute",)}


@dataclass(frozen=True, slots=True)
class Panel:
    """One setting. form: it stands open; strip: its change under way, or just settled."""

    form: Form | None = None
    entry: Entry | None = None
    strip: SafeString | str = ""


def panels(request: PortalRequest, row: Number, **given: Panel) -> dict[str, Any]:
    """The context of numbers/detail.html, and of each of its panels. given: panels that are not as
    they stand by themselves.

    Drawn when a template shows them: a fragment is one panel, and a strip costs more than the rest
    of it.
    """
    entries = cache(lambda: selectors.list_recent(request.account, row.number))
    # a plain browser comes back from its POST with the change's id
    asked = digits(request.GET.get("entry"))

    def stands(setting: str) -> Any:
        return SimpleLazyObject(lambda: settled(request, _latest(entries(), setting, asked)))

    context: dict[str, Any] = {
        "row": row,
        "shown": selectors.shown(row),
        "may_change": may_change(request),
        "forward": stands("forward"),
        "route": stands("route"),
        "label": Panel(),
    }
    return context | given


def _latest(entries: list[Entry], setting: str, asked: int) -> Entry | None:
    """The change to show under a setting: the newest of its kind while it moves or asks, or the one
    just made or undone.
    """
    newest = next((each for each in entries if each.kind in KINDS[setting]), None)
    return (
        newest
        if newest and (0 < asked <= newest.pk or newest.moves or selectors.asks(newest))
        else None
    )


def settled(request: PortalRequest, entry: Entry | None) -> Panel:
    """The panel closed, with the strip of a change as the changes app draws it."""
    if entry is None:
        return Panel()
    return Panel(
        entry=entry,
        strip=render_to_string(
            "changes/_strip.html", entry_panel(entry, request.membership), request
        ),
    )
