"""Many numbers at once: chosen in the list or pasted, a setting for all, a preview, a job."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.changes.engine import tokens
from apps.changes.models import Entry
from apps.jobs.models import Job
from apps.jobs.states import State
from apps.jobs.turns import runner
from apps.numbers.models import Number
from apps.numbers.settings import list_bulk
from tests.accounts.proof import confirm
from tests.pages import flat, words

pytestmark = pytest.mark.usefixtures("changes")
THREE = ["2015550110", "2015550111", "2015550112"]
FORMS: dict[str, dict[str, str]] = {
    "forward": {"to": "917-555-0142"},
    "route": {"route": "4"},
    "cnam": {"enabled": "off"},
    "translation": {"to": "2015550198"},
    "caller-name": {"name_shown": "Harbor Dental"},
    "sms": {"kind": "email", "to": "desk@harbor.test"},
    "fax": {"email": "fax@harbor.test"},
    "pin": {"pin": "4711"},
}


@pytest.fixture(autouse=True)
def _in_this_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "THREADS", 1)


@pytest.fixture
def owner(harbor: Account, cast: Any, sign_in: Any) -> Client:
    return sign_in(cast.owner)


def select(browser: Client, **given: Any) -> Job:
    answer = browser.post("/numbers/bulk/", {"account": "1000000001", **given})
    assert answer.status_code == 303, words(answer)
    return Job.objects.across_accounts().latest("pk")


def drafted(browser: Client, chosen: Job, name: str, **fields: str) -> Job:
    address = f"{chosen.href}{name}/"
    assert browser.get(address).status_code == 200
    answer = browser.post(address, {"token": tokens.mint(), **fields})
    assert answer.status_code == 303, words(answer)
    return Job.objects.across_accounts().latest("pk")


def done(browser: Client, job: Job) -> Job:
    """Started, with a fresh sign-in where that is asked for, and run."""
    answer = browser.post(f"{job.href}start/", {"mark": job.print})
    if answer.headers["Location"] != job.href:
        confirm(browser, answer)
    assert runner.run(job.pk)
    job.refresh_from_db()
    return job


def test_three_ticked_numbers_are_changed_and_no_other(
    owner: Client, sandbox: Any, harbor: Account
) -> None:
    others = {
        number: sandbox.number_of(harbor.number, number).forward_to
        for number in sandbox.numbers_of(harbor.number)
        if number not in THREE
    }
    chosen = select(owner, numbers=THREE[:2], held=" ".join(THREE[1:]))
    assert chosen.items == THREE
    job = done(owner, drafted(owner, chosen, "forward", **FORMS["forward"]))
    assert job.state == State.DONE
    assert {sandbox.number_of(harbor.number, n).forward_to for n in THREE} == {"9175550142"}
    for number, was in others.items():
        assert sandbox.number_of(harbor.number, number).forward_to == was


def test_all_that_match_are_the_list_s_and_a_later_number_is_not_touched(
    owner: Client, sandbox: Any, harbor: Account
) -> None:
    match = set(Number.objects.of(harbor).exclude(forward_to="").values_list("number", flat=True))
    assert 1 < len(match) < 24
    chosen = select(owner, all="1", query="forwarded=1", numbers=THREE[:1])
    assert set(chosen.items) == match
    draft = drafted(owner, chosen, "forward", stop="1")
    sandbox.give_number(harbor.number, "2015550999", forward_to="9175550199")
    done(owner, draft)
    for number in match:
        assert not sandbox.number_of(harbor.number, number).forward_to
    assert sandbox.number_of(harbor.number, "2015550999").forward_to == "9175550199"


@pytest.mark.parametrize("name", FORMS)
def test_each_setting_is_set_on_many_numbers(
    name: str, owner: Client, sandbox: Any, harbor: Account
) -> None:
    sandbox.set_number(THREE[0], cnam=True)
    Number.objects.of(harbor).filter(number__in=THREE).update(cnam=True)
    job = done(owner, drafted(owner, select(owner, numbers=THREE), name, **FORMS[name]))
    assert job.state == State.DONE
    states = Entry.objects.of(harbor).filter(job=job.pk).values_list("state", flat=True)
    assert set(states) <= {"done", "partly"}
    assert len(states) + job.unchanged == 3


def test_every_setting_that_is_marked_for_many_is_tested_here() -> None:
    assert {each.name for each in list_bulk()} == set(FORMS)


def test_a_setting_added_in_one_short_file_is_set_on_many_too(
    owner: Client, toy_setting: None, sandbox: Any, harbor: Account
) -> None:
    chosen = select(owner, numbers=THREE)
    assert ">Toy<" in flat(owner.get(chosen.href))
    done(owner, drafted(owner, chosen, "toy", to="2015550177"))
    assert {sandbox.number_of(harbor.number, n).translated for n in THREE} == {"2015550177"}


def test_without_digits_each_number_is_sent_as_dialed(
    owner: Client, sandbox: Any, harbor: Account
) -> None:
    chosen = select(owner, numbers=THREE)
    done(owner, drafted(owner, chosen, "translation", to="2015550198"))
    done(owner, drafted(owner, chosen, "translation", to=""))
    for number in THREE:
        assert sandbox.number_of(harbor.number, number).translated == number


def test_a_number_is_left_out_that_would_forward_to_itself(owner: Client) -> None:
    draft = drafted(owner, select(owner, numbers=THREE), "forward", to=THREE[0])
    assert draft.items == THREE[1:]
    page = words(owner.get(draft.href))
    assert "1 more selected is left out: a number can't forward to itself" in page


def test_nothing_to_change_is_said_in_the_form(owner: Client, harbor: Account) -> None:
    Number.objects.of(harbor).filter(number__in=THREE).update(forward_to="9175550142")
    chosen = select(owner, numbers=THREE)
    answer = owner.post(f"{chosen.href}forward/", {"token": tokens.mint(), "to": "9175550142"})
    assert answer.status_code == 422
    assert "nothing left to do" in words(answer)


def test_forwarding_many_out_of_the_country_says_so_and_wants_a_fresh_sign_in(
    owner: Client, manager: Client, sandbox: Any, harbor: Account
) -> None:
    chosen = select(owner, numbers=THREE)
    asked = {"token": tokens.mint(), "to": "8765550117"}
    answer = owner.post(f"{chosen.href}forward/", asked)
    assert answer.status_code == 422
    assert "Jamaica" in words(answer)
    draft = drafted(owner, chosen, "forward", to="8765550117", agreed="8765550117")
    stale = manager.post(f"{draft.href}start/", {"mark": draft.print})
    assert "/reauthenticate/" in stale.headers["Location"]
    assert sandbox.count("numbersForwardSet") == 0
    done(owner, draft)
    assert sandbox.count("numbersForwardSet") == 3


def test_a_pin_for_many_is_nowhere_afterwards(
    owner: Client, sandbox: Any, harbor: Account, caplog: Any
) -> None:
    from django.apps import apps as installed

    draft = drafted(owner, select(owner, numbers=THREE), "pin", pin="8391")
    assert "8391" not in flat(owner.get(draft.href))
    job = done(owner, draft)
    assert job.sealed is None
    assert {sandbox.number_of(harbor.number, n).pin for n in THREE} == {"8391"}
    for model in installed.get_models():
        if model._meta.app_label != "sandbox":
            for row in model._base_manager.values_list():
                # a number is a key or a count: a PIN in clear would be text, or in JSON
                texts = (bytes(c) if isinstance(c, memoryview) else c for c in row)
                said = [str(c) for c in texts if not isinstance(c, int | float | datetime)]
                assert not any(re.search(r"\b8391\b", each) for each in said), model
    assert "8391" not in caplog.text


def test_a_retry_of_pins_asks_for_the_pin_again(
    owner: Client, sandbox: Any, harbor: Account
) -> None:
    sandbox.refuse("numbersPortOutPinUpdate", 409, times=1, message="Try again")
    job = done(owner, drafted(owner, select(owner, numbers=THREE), "pin", pin="4711"))
    answer = owner.post(f"{job.href}retry/")
    chosen = Job.objects.of(harbor).latest("pk")
    assert answer.headers["Location"] == f"/numbers/bulk/{chosen.pk}/"
    assert (chosen.kind, chosen.total) == ("", 1)


MESSY = """Number,Who
(201) 555-0110, Front desk
+1 201-555-0111
201.555.0112; 2015550113
2015550110
9995550100
2.01555E+09

hello
"""


def test_messy_numbers_are_read_and_what_is_left_out_is_said_by_line(
    owner: Client, harbor: Account
) -> None:
    chosen = select(owner, pasted="1", numbers=MESSY)
    assert chosen.items == ["2015550110", "2015550111", "2015550112", "2015550113"]
    page = words(owner.get(chosen.href))
    assert "1 left out: there twice" in page
    assert "1 left out: not on this account" in page
    assert "1 left out: shortened by a spreadsheet" in page
    assert "2 left out: no phone number" in page
    assert "Line 5" in page


def test_another_account_s_numbers_are_not_taken(owner: Client, sandbox: Any) -> None:
    theirs = sandbox.numbers_of("1000000002")[0]
    answer = owner.post("/numbers/bulk/", {"account": "1000000001", "numbers": [theirs]})
    assert answer.status_code == 422
    pasted = owner.post(
        "/numbers/bulk/", {"account": "1000000001", "pasted": "1", "numbers": theirs}
    )
    assert pasted.status_code == 422
    assert theirs in flat(pasted), "what was pasted is kept"


def test_the_list_offers_ticks_to_those_who_may_change_alone(
    manager: Client, viewer: Client
) -> None:
    assert 'value="2015550110" form="numbers-table-selected"' in flat(manager.get("/numbers/"))
    assert "numbers-table-selected" not in flat(viewer.get("/numbers/"))
