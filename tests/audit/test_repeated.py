"""Whoever repeats what leaves a row leaves few: a day's are counted on one, the rest is capped."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Membership, Session
from apps.accounts.roles import Role
from apps.accounts.signing_in import browsers
from apps.audit import services
from apps.audit.models import Event
from apps.audit.services import ACTIONS, MOST, REPEATED, TooMany, forget, record
from apps.changes import machine
from apps.changes.engine import limits, tokens
from apps.changes.journal import latest
from apps.changes.models import Entry
from apps.notifications.models import Notice
from apps.numbers.changes import SetForward
from apps.numbers.models import Number

NUMBER = "2015550110"
LOOPS = [pytest.param(20, id="80"), pytest.param(2_500, id="10,000", marks=pytest.mark.slow)]


def rows() -> int:
    """How many rows all tables of the portal hold."""
    tables = [each for each in apps.get_models() if not each._meta.label.startswith("sandbox.")]
    return sum(each._base_manager.using("default").count() for each in tables)


@pytest.fixture
def people(cast: Any, sign_in: Callable[..., Client]) -> dict[str, Client]:
    """Browsers of a viewer, of somebody with two accounts, and of a stranger to this account."""
    both = Membership(user=cast.manager, account=cast.northwind, role=Role.VIEWER)
    both.save()
    Number.objects.of(cast.harbor).create(account=cast.harbor, number=NUMBER)
    return {name: sign_in(getattr(cast, name)) for name in ("viewer", "manager", "stranger")}


@pytest.mark.parametrize("times", LOOPS)
def test_a_day_of_refusals_switches_asks_and_cancels_leaves_few_rows_and_buries_nothing(
    cast: Any, people: dict[str, Client], messages: Any, times: int
) -> None:
    change = SetForward(cast.harbor, NUMBER, to="9175550142")
    machine.submit(change, by=cast.manager, token=tokens.mint())
    record(cast.owner, cast.harbor, "number_labeled", NUMBER, thing="number", before="", after="x")
    before = rows()
    for n in range(times):
        account = (cast.harbor, cast.northwind)[n % 2]
        typed = {"number": f"15{n:08}", "kind": "password", "secret": "demo1234"}
        refused = people["viewer"].post(f"/numbers/{NUMBER}/label/", {"label": f"l{n}"})
        assert refused.status_code == 403
        assert people["manager"].post("/switch/", {"account": account.number}).status_code == 303
        asked = people["stranger"].post("/connect/", typed)
        assert asked.status_code in {302, 303}, asked.content.decode()
        cancelled = people["stranger"].post("/connect/cancel/", {"number": typed["number"]})
        assert cancelled.status_code in {302, 303}
    assert rows() - before < min(2_000, times)
    owner = cast.owner.memberships.get(account=cast.harbor)
    whats = [line.what for line in latest(cast.harbor, owner, 50)]
    assert any("forward" in what.lower() for what in whats)
    assert any("label" in what.lower() for what in whats)


def test_the_activity_says_how_often_and_when_last(cast: Any) -> None:
    for _ in range(3):
        record(cast.viewer, cast.harbor, "role_refused", "numbers:label")
    owner = cast.owner.memberships.get(account=cast.harbor)
    (line,) = latest(cast.harbor, owner, 50)
    assert "(3 times, last at " in line.what


def test_each_person_account_and_day_has_its_own_count(cast: Any, time_machine: Any) -> None:
    time_machine.move_to(timezone.now().replace(hour=12))
    for person, account in ((cast.viewer, cast.harbor), (cast.stranger, cast.northwind)):
        record(person, account, "role_refused")
    record(cast.viewer, cast.harbor, "role_refused", "another page")
    time_machine.shift(timedelta(days=1))
    record(cast.viewer, cast.harbor, "role_refused")
    found = Event.objects.across_accounts().order_by("pk")
    assert [(event.actor_id, event.count) for event in found] == [
        (cast.viewer.pk, 2),
        (cast.stranger.pk, 1),
        (cast.viewer.pk, 1),
    ]


def test_what_says_something_else_is_no_repetition(cast: Any) -> None:
    for kind in ("password", "key", "password"):
        record(cast.owner, cast.harbor, "key_asked", kind=kind)
    found = Event.objects.of(cast.harbor).order_by("pk")
    assert [(event.facts["kind"], event.count) for event in found] == [("password", 2), ("key", 1)]


def test_only_what_says_nothing_of_a_value_is_counted() -> None:
    """A rename, a role and a label each stand in a row of their own, with before and after."""
    assert not REPEATED.keys() & (services.VALUES.keys() | {"profile_changed"})
    assert REPEATED.keys() <= ACTIONS.keys()


def test_a_person_in_a_loop_is_stopped_and_what_is_not_recorded_is_not_done(
    cast: Any, people: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST", 5)
    answers = [
        people["manager"].post(f"/numbers/{NUMBER}/label/", {"label": f"l{n}"}).status_code
        for n in range(7)
    ]
    assert answers[5:] == [429, 429]
    assert 429 not in answers[:5]
    assert Number.objects.of(cast.harbor).get().label == "l4"


def test_the_cap_is_a_days_and_a_persons(
    cast: Any, monkeypatch: pytest.MonkeyPatch, time_machine: Any
) -> None:
    time_machine.move_to(timezone.now())
    monkeypatch.setattr(services, "MOST", 1)
    record(cast.owner, cast.harbor, "invited")
    with pytest.raises(TooMany):
        record(cast.owner, cast.harbor, "invited")
    record(cast.manager, cast.harbor, "invited")
    record(None, cast.harbor, "key_dead")
    record(None, cast.harbor, "key_dead")
    time_machine.shift(timedelta(days=1, seconds=1))
    record(cast.owner, cast.harbor, "invited")
    assert MOST > 100


def test_signing_in_again_and_again_leaves_a_few_sessions_one_event_and_one_notice(
    cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsers, "MOST", 3)
    typed = {"login": cast.viewer.email, "password": cast.password}
    for _ in range(8):
        assert Client().post("/login/", typed).status_code == 302
    assert Session.objects.filter(user=cast.viewer).count() == 3
    assert Event.objects.of(cast.harbor).get().count == 8
    assert Notice.objects.of(cast.viewer).filter(kind="new_device").count() == 1


def test_presses_are_capped_for_each_person(
    cast: Any, messages: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PRESSES", 2)

    def press(to: str, by: Any) -> None:
        machine.submit(SetForward(cast.harbor, NUMBER, to=to), by=by, token=tokens.mint())

    press("9175550142", cast.manager)
    press("9175550143", cast.manager)
    with pytest.raises(machine.TooMany, match="Nothing was sent"):
        press("9175550144", cast.manager)
    press("9175550145", cast.owner)
    assert Entry.objects.of(cast.harbor).count() == 3


def test_what_was_counted_is_forgotten_after_a_year_and_nothing_else_is(
    cast: Any, time_machine: Any
) -> None:
    time_machine.move_to(timezone.now())
    record(cast.viewer, cast.harbor, "role_refused")
    record(cast.owner, cast.harbor, "invited")
    record(cast.owner, None, "recovery_asked")
    time_machine.shift(timedelta(days=366))
    record(cast.viewer, cast.harbor, "role_refused")
    forget()
    found = Event.objects.across_accounts().order_by("pk").values_list("action", flat=True)
    assert list(found) == ["invited", "role_refused"]
