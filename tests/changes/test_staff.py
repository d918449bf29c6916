"""Changes of the portal's own people: by the operator's key, and no member's to decide."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404

from apps.accounts.models import User
from apps.accounts.sealed import Unsealable
from apps.changes import machine, selectors, services
from apps.changes.change import REGISTRY, Change, change, secret, unpack
from apps.changes.engine import rows, tokens
from apps.changes.models import Entry
from apps.changes.states import State
from apps.tenancy import Unscoped
from apps.things import Thing
from apps.voicetel.client import Client
from tests.changes.pressing import again
from tests.changes.world import Keep, World, cut

SUPPORTED = Thing("supported", "Supported")
OPERATOR = "9000000001"


@change("accountPut", staff=User.Staff.SUPPORT, again=True)
class CallBack(Change):
    """Sets the number that the account's calls show, by the operator's key."""

    thing = SUPPORTED
    caller_id: str
    pin: str = secret()

    def describe(self) -> str:
        return f"show {self.caller_id} for {self.subject}"

    def before(self) -> dict[str, Any]:
        return {"caller_id": ""}

    def send(self, client: Client, key: str) -> Any:
        return client.account.update(caller_id=self.caller_id)

    def undo(self, before: dict[str, Any]) -> Change | None:
        return CallBack(self.account, self.subject, caller_id="2015550110", pin=self.pin)


@change("accountPut", staff=User.Staff.ADMIN, again=True)
class Forbid(CallBack):
    """For administrators alone."""


del REGISTRY["CallBack"], REGISTRY["Forbid"]


@pytest.fixture
def staffed(
    changes: Any, cast: Any, sandbox: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Any:
    settings.VOICETEL_ADMIN_KEY = sandbox.key(OPERATOR)
    monkeypatch.setitem(REGISTRY, "CallBack", CallBack)
    monkeypatch.setitem(REGISTRY, "Forbid", Forbid)
    return cast


def show(account: Any, subject: str = "x", number: str = "2015550112") -> CallBack:
    return CallBack(account, subject, caller_id=number, pin="4711")


def pressed(change: Change, by: User) -> Entry:
    return again(machine.submit(change, by=by, token=tokens.mint()))


def test_it_goes_by_the_operators_key_and_says_who_pressed(staffed: Any, sandbox: Any) -> None:
    entry = pressed(show(staffed.harbor), staffed.support)
    assert entry.state == State.DONE, entry.said
    (request,) = sandbox.requests("accountPut")
    assert request.account == OPERATOR
    assert entry.by_name == f"{staffed.support}, VoiceTel portal staff"
    assert entry in selectors.list_entries(staffed.harbor)


def test_only_the_staff_it_names_and_administrators_may_press_it(staffed: Any) -> None:
    for person in (staffed.owner, staffed.viewer, staffed.stranger):
        with pytest.raises(machine.NotAllowed, match="the portal's staff"):
            pressed(show(staffed.harbor), person)
    with pytest.raises(machine.NotAllowed):
        pressed(Forbid(staffed.harbor, "x", caller_id="2015550112", pin="1"), staffed.support)
    assert pressed(show(None), staffed.admin).state == State.DONE


def test_who_is_no_staff_any_more_by_the_claim_sends_nothing(
    changes: Any, staffed: Any, sandbox: Any
) -> None:
    changes.later()
    entry = pressed(show(None), staffed.support)
    User.objects.filter(pk=staffed.support.pk).update(staff=User.Staff.NONE)
    machine.run(entry.pk)
    assert (again(entry).state, sandbox.requests("accountPut")) == (State.CLOSED, [])


def test_its_secrets_are_the_operators(changes: Any, staffed: Any) -> None:
    changes.later()
    entry = pressed(show(None), staffed.support)
    assert unpack(entry) == show(None)
    entry.account = staffed.harbor
    with pytest.raises(Unsealable):
        unpack(entry)


def test_a_double_click_of_one_without_an_account_ends_at_the_first(staffed: Any) -> None:
    token = tokens.mint()
    two = [machine.submit(show(None), by=staffed.support, token=token).pk for _ in range(2)]
    assert two[0] == two[1]


def test_changes_without_an_account_keep_their_lane(changes: Any, staffed: Any) -> None:
    """NULL is no NULL's equal: asked by `account = account`, none would wait for another."""
    changes.later()
    first, second = (
        pressed(show(None, number=number), staffed.support)
        for number in ("2015550112", "2015550114")
    )
    other = pressed(show(staffed.harbor, number="2015550111"), staffed.support)
    assert rows.ahead_of(second) == first
    assert not rows.claim(second, unpack(second))
    free = rows.rows().filter(~rows.waits(), state=State.READY)
    assert set(free) == {first, other}
    assert rows.newer_of_same(first) == [second]
    machine.run(first.pk)
    assert [again(entry).state for entry in (first, second, other)] == [
        State.DONE,
        State.DONE,
        State.READY,
    ]
    assert selectors.find_undo(again(first)) is None, "a newer one stands"


def test_no_member_sees_one_without_an_account(staffed: Any, sign_in: Any) -> None:
    entry = pressed(show(None, "2015550110"), staffed.support)
    browser = sign_in(staffed.owner)
    assert browser.get(f"/changes/{entry.pk}/").status_code == 404
    journal = browser.get("/settings/audit/").content.decode()
    assert "2015550112" not in journal
    with pytest.raises(Http404):
        selectors.get_entry(staffed.harbor, entry.pk)
    with pytest.raises(Unscoped):
        Entry.objects.of(None)
    assert list(selectors.list_of_staff()) == [entry]


def test_members_see_one_of_their_account_and_decide_nothing(
    changes: Any, staffed: Any, sign_in: Any
) -> None:
    changes.later()
    entry = pressed(show(staffed.harbor), staffed.support)
    browser = sign_in(staffed.owner)
    page = browser.get(f"/changes/{entry.pk}/").content.decode()
    assert "VoiceTel portal staff" in page
    assert "/cancel/" not in page
    assert browser.post(f"/changes/{entry.pk}/cancel/").status_code == 403
    machine.run(entry.pk)
    for decision in ("undo", "answer"):
        data = {"token": tokens.mint(), "answer": "leave"}
        assert browser.post(f"/changes/{entry.pk}/{decision}/", data).status_code == 403
    assert again(entry).state == State.DONE
    panel = selectors.entry_panel(again(entry), staffed.owner.memberships.get())
    assert (panel["undo"], panel["answers"], panel["may_cancel"]) == (None, [], False)


def test_the_staff_themselves_take_back_what_was_not_sent(changes: Any, staffed: Any) -> None:
    changes.later()
    entry = pressed(show(None), staffed.support)
    assert services.cancel(entry, by=staffed.admin).state == State.CLOSED


def test_a_class_without_role_and_without_staff_is_refused() -> None:
    with pytest.raises(TypeError, match="say which right"):
        change("accountPut")


def test_only_the_machine_and_staffs_own_pages_take_the_operators_client() -> None:
    """What else imported it would act with the rights of the operator."""
    root = Path(__file__).parents[2] / "apps"
    callers = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Attribute) and node.attr == "staff_client")
        or (isinstance(node, ast.ImportFrom) and "staff_client" in {n.name for n in node.names})
    }
    assert "changes/engine/sending.py" in callers
    assert {caller for caller in callers if not caller.startswith("staff/")} == {
        "changes/engine/sending.py"
    }


def test_a_members_change_waits_for_no_staffs_of_another_account(
    changes: Any, staffed: Any, world: World, press: Any
) -> None:
    world.script, world.blind = [cut], True
    press(Keep(staffed.harbor, "x", value="1"))
    assert pressed(show(None), staffed.support).state == State.DONE
