"""A lost answer, read back: what counts as done, as not done, and as somebody else's doing."""

from typing import Any

import pytest

from apps.accounts.access import client_for
from apps.accounts.models import Account
from apps.changes.change import Absent, Change, Found, Unclear
from apps.numbers.changes import SetCnam, SetForward, SetRoute, StopForward
from apps.numbers.services import rows
from apps.voicetel.client import Client
from tests.numbers.looking import FIRST

HERE, ASKED, OTHERS = "2015550177", "9175550188", "9175550199"


def nobody(bound: str) -> bool:
    return False


def seen(change: Change, before: dict[str, Any]) -> Any:
    client: Client = client_for(change.account)
    return change.look(client, before, nobody)


CASES = [
    (SetForward, {"to": ASKED}, {"to": HERE}, "forward_to", ASKED, HERE, OTHERS),
    (StopForward, {}, {"to": HERE}, "forward_to", "", HERE, OTHERS),
    (SetRoute, {"route": 4}, {"route_id": 2, "route": "T30"}, "route", 4, 2, 3),
]


@pytest.mark.parametrize(("kind", "args", "before", "name", "asked", "was", "others"), CASES)
def test_what_stands_there_decides(
    kind: type[Change],
    args: Any,
    before: Any,
    name: str,
    asked: Any,
    was: Any,
    others: Any,
    harbor: Account,
    sandbox: Any,
) -> None:
    change = kind(harbor, FIRST, **args)
    sandbox.set_number(FIRST, **{name: asked})
    assert isinstance(seen(change, before), Found)
    sandbox.set_number(FIRST, **{name: was})
    assert isinstance(seen(change, before), Absent)
    sandbox.set_number(FIRST, **{name: others})
    met = seen(change, before)
    assert isinstance(met, Unclear)
    assert met.ask
    assert "changed elsewhere in the meantime" in met.why


def test_what_an_earlier_change_of_ours_made_is_not_somebody_elses(
    harbor: Account, sandbox: Any
) -> None:
    """Two presses 30 ms apart: the second was written down before the first had changed
    anything.
    """
    rows.write(harbor, FIRST, forward_to=OTHERS)
    sandbox.set_number(FIRST, forward_to=OTHERS)
    assert isinstance(seen(SetForward(harbor, FIRST, to=ASKED), {"to": HERE}), Absent)


def test_a_lookup_of_names_has_two_values_so_it_is_never_someone_elses(
    harbor: Account, sandbox: Any
) -> None:
    change = SetCnam(harbor, FIRST, enabled=True)
    sandbox.set_number(FIRST, cnam=True)
    assert isinstance(seen(change, {"cnam": False}), Found)
    sandbox.set_number(FIRST, cnam=False)
    assert isinstance(seen(change, {"cnam": False}), Absent)
