"""What the pages of a trunk share: the tabs, and the changes that are shown on one of them."""

from typing import Any

from apps.accounts.gates import PortalRequest
from apps.accounts.roles import Right, allows
from apps.changes.selectors import entry_panel, list_of_thing
from apps.changes.states import OPEN, State
from apps.trunking.selectors import Standing
from apps.ui.lists.state import digits

RECENT = 20  # changes of a thing among which a page finds those to show
ASKS = frozenset({State.ASK, State.ABSENT})


def may_change(request: PortalRequest) -> bool:
    return allows(request.membership.role, Right.MANAGE)


def frame(request: PortalRequest, here: str, standing: Standing) -> dict[str, Any]:
    """Context of trunking/_tabs.html, and of everything that asks who may what."""
    return {
        "here": here,
        "standing": standing,
        "own_count": len(standing.own),
        "may_change": may_change(request),
        "may_own": allows(request.membership.role, Right.OWN),
        "may_send": may_change(request) and request.account.connected,
    }


def strips(request: PortalRequest, thing: str, *subjects: str) -> list[dict[str, Any]]:
    """The changes that a page shows: those under way, those that ask, and the one that was just
    pressed (?entry=). Each is the context of changes/_strip.html.
    """
    pressed = digits(request.GET.get("entry"))
    found = [
        entry
        for subject in subjects
        for entry in list_of_thing(request.account, thing, subject)[:RECENT]
        if entry.state in OPEN | ASKS or entry.pk == pressed
    ]
    for entry in found:
        entry.account = request.account
    newest = sorted(found, key=lambda entry: -entry.pk)
    return [entry_panel(entry, request.membership) for entry in newest]
