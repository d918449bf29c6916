"""One look at a list of the provider's: taken in, doubted, failed, or left to another."""

import json
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from cryptography.fernet import Fernet

from apps.accounts import access
from apps.accounts.models import Account
from apps.copies import claims, selectors, sweeps
from apps.copies.models import Copy
from apps.copies.pace import HELD, SECOND_LOOK
from apps.copies.services import Outcome, look, take_in
from apps.copies.source import SOURCES, register
from apps.voicetel import clock
from tests.copies.conftest import BLOCKS
from tests.copies.toy import TOYS
from tests.threads import at_once

MORE = "203.0.113.0/24"


def copy_of(account: Account) -> Copy:
    return Copy.objects.of(account).get(name="toys")


def facts(account: Account) -> Any:
    return json.loads(copy_of(account).facts)


def blocks(account: Account) -> set[str]:
    return set(facts(account)["blocks"])


def test_a_look_takes_in_what_the_provider_said(harbor, there, later):
    assert blocks(harbor) == BLOCKS
    first = copy_of(harbor)
    assert first.next_at - first.read_at >= TOYS.every
    there.acl.add([MORE])
    later(1)
    assert look(harbor, TOYS) == Outcome.TAKEN
    assert blocks(harbor) == {*BLOCKS, MORE}
    assert copy_of(harbor).read_at > first.read_at
    assert copy_of(harbor).version == first.version + 1


def test_what_the_first_look_finds_is_no_news(harbor, there):
    assert facts(harbor)["news"] == []
    there.acl.add([MORE])
    look(harbor, TOYS)
    assert facts(harbor)["news"] == [MORE]


def test_an_answer_that_changes_nothing_writes_the_age_alone(harbor):
    before = copy_of(harbor)
    SOURCES["toys"] = replace(TOYS, compare=lambda account, told: Untouched(account, told))
    assert look(harbor, SOURCES["toys"]) == Outcome.TAKEN
    assert (copy_of(harbor).version, copy_of(harbor).facts) == (before.version + 1, before.facts)


class Untouched(TOYS.compare):
    def write(self, copy):
        pytest.fail("nothing differs")


def test_a_name_is_given_to_one_source_only(toys):
    with pytest.raises(ValueError, match="toys"):
        register(TOYS)


@pytest.mark.parametrize(
    "kind", ["down", "html", "garbage", "status", "cut_body", "drop_before", "redirect", "bad_gzip"]
)
def test_after_a_failed_look_the_copy_stays_and_says_why(harbor, sandbox, kind):
    if kind == "down":
        sandbox.down("aclList")
    else:
        sandbox.fault("aclList", kind, times=None, location="http://elsewhere.test/")
    assert look(harbor, TOYS) == Outcome.FAILED
    assert copy_of(harbor).failed
    assert (copy_of(harbor).failures, copy_of(harbor).claim) == (1, "")
    assert clock.now() < copy_of(harbor).next_at <= clock.now() + timedelta(minutes=1)
    assert blocks(harbor) == BLOCKS
    sandbox.clear_faults()
    assert look(harbor, TOYS) == Outcome.TAKEN
    assert (copy_of(harbor).failed, copy_of(harbor).failures) == ("", 0)


def test_each_failure_in_a_row_waits_longer_up_to_an_hour(harbor, sandbox):
    sandbox.refuse("aclList", 403, times=None)
    for failures, minutes in enumerate((1, 2, 4, 8, 16, 32, 60, 60), start=1):
        assert look(harbor, TOYS) == Outcome.FAILED
        assert copy_of(harbor).failures == failures
        wait = copy_of(harbor).next_at - clock.now()
        assert timedelta(0) <= timedelta(minutes=minutes) - wait < timedelta(seconds=5)


def test_the_sentence_names_what_could_not_be_listed(harbor, sandbox):
    sandbox.refuse("aclList", 403, times=None)
    look(harbor, TOYS)
    assert copy_of(harbor).failed == "VoiceTel declined to list the toys."


def test_a_list_is_not_asked_for_before_the_time_that_the_provider_said(harbor, sandbox):
    sandbox.fault("aclList", "rate_limit", seconds=600)
    assert look(harbor, TOYS) == Outcome.FAILED
    assert copy_of(harbor).next_at > clock.now() + timedelta(minutes=9)


def test_a_look_that_would_remove_all_counts_when_a_second_agrees(harbor, there, later):
    there.acl.remove(sorted(BLOCKS))
    assert look(harbor, TOYS) == Outcome.DOUBTED
    assert copy_of(harbor).doubted_count == len(BLOCKS)
    assert copy_of(harbor).next_at <= clock.now() + SECOND_LOOK
    later(30)
    assert look(harbor, TOYS) == Outcome.DOUBTED, "a second look within the minute proves nothing"
    assert blocks(harbor) == BLOCKS
    later(31)
    assert look(harbor, TOYS) == Outcome.TAKEN
    assert blocks(harbor) == set()


def test_two_short_answers_that_differ_remove_nothing(harbor, there, later):
    for gone in sorted(BLOCKS)[:2]:
        there.acl.remove([gone])
        assert look(harbor, TOYS) == Outcome.DOUBTED
        later(61)
    assert blocks(harbor) == BLOCKS


def test_a_second_look_that_names_them_again_clears_the_doubt(harbor, there, later):
    gone = min(BLOCKS)
    there.acl.remove([gone])
    assert look(harbor, TOYS) == Outcome.DOUBTED
    there.acl.add([gone])
    later(61)
    assert look(harbor, TOYS) == Outcome.TAKEN
    assert blocks(harbor) == BLOCKS
    assert copy_of(harbor).doubted_at is None


def test_one_in_twenty_is_believed_at_once(harbor, there):
    there.acl.add([f"192.0.{n}.0/24" for n in range(100, 116)])
    look(harbor, TOYS)
    assert len(blocks(harbor)) == 20
    there.acl.remove([min(BLOCKS)])
    assert look(harbor, TOYS) == Outcome.TAKEN
    assert min(BLOCKS) not in blocks(harbor)


def test_a_dead_key_is_confirmed_and_its_copies_are_left_alone(harbor, sandbox, later):
    sandbox.rotate_key("1000000001")
    assert look(harbor, TOYS) == Outcome.FAILED
    harbor.refresh_from_db()
    assert harbor.key_state == "dead"
    assert "no longer accepts" in copy_of(harbor).failed
    assert blocks(harbor) == BLOCKS
    later(7200)
    asked = sandbox.count("aclList")
    assert sweeps.refresh_due() == len(SOURCES), "Northwind's lists"
    assert {seen.account for seen in sandbox.requests("aclList")[asked:]} == {"1000000002"}
    assert selectors.age_of(harbor, "toys").wanted is False


def test_a_key_that_cannot_be_opened_here_was_refused_by_nobody(harbor, sandbox, settings):
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    asked = sandbox.count()
    assert look(harbor, TOYS) == Outcome.FAILED
    harbor.refresh_from_db()
    assert (harbor.key_state, sandbox.count()) == ("live", asked)
    assert copy_of(harbor).failed == "This server can't open the account's saved connection."


def test_a_claim_runs_out_and_its_late_waker_writes_nothing(harbor, there, later):
    asked = clock.now()
    token = claims.claim(harbor, "toys", asked)
    assert look(harbor, TOYS) == Outcome.BUSY
    later(HELD.total_seconds() + 1)
    assert look(harbor, TOYS) == Outcome.TAKEN
    assert take_in(harbor, TOYS, token, asked, set()) == Outcome.BUSY
    assert blocks(harbor) == BLOCKS


def looks_at_once(account: Account) -> list[Outcome]:
    start, outcomes = Barrier(8), []

    def one(n: int) -> None:
        start.wait()
        outcomes.append(look(account, TOYS))

    at_once(one, 8)
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_of_eight_looks_at_once_one_asks(harbor, sandbox):
    before = sandbox.count("aclList")
    sandbox.slow("aclList", 0.3, times=None)
    assert looks_at_once(harbor) == [Outcome.BUSY] * 7 + [Outcome.TAKEN]
    assert sandbox.count("aclList") == before + 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_claim_all_eight_ask(harbor, sandbox, monkeypatch):
    before = sandbox.count("aclList")
    sandbox.slow("aclList", 0.3, times=None)
    claims.claim(harbor, "toys", clock.now())
    monkeypatch.setattr(claims, "claim", lambda *given, **named: copy_of(harbor).claim or "late")
    looks_at_once(harbor)
    assert sandbox.count("aclList") == before + 8


def test_an_error_of_ours_is_said_waits_and_stops_no_other_copy(harbor, cast, sandbox, later):
    def breaks(account, told):
        raise RuntimeError("a fault of ours")

    SOURCES["toys"] = replace(TOYS, compare=breaks)
    with pytest.raises(RuntimeError):
        look(harbor, SOURCES["toys"])
    assert "wrong on our end" in copy_of(harbor).failed
    assert (copy_of(harbor).claim, copy_of(harbor).failures) == ("", 1)
    later(3600)
    assert sweeps.refresh_due() == 2 * len(SOURCES), "every list of two accounts"
    assert copy_of(harbor).failures == 2
    read = Copy.objects.across_accounts().exclude(name="toys").filter(version=1)
    assert read.count() == 2 * (len(SOURCES) - 1)


def test_the_lists_of_an_account_fail_each_for_itself(harbor, sandbox):
    sandbox.down("aclList")
    assert look(harbor, TOYS) == Outcome.FAILED
    assert look(harbor, SOURCES["gateways"]) == Outcome.TAKEN
    found = dict(Copy.objects.of(harbor).values_list("name", "failures"))
    assert found == {"toys": 1, "gateways": 0}


def test_a_copy_whose_source_is_gone_is_left_alone(harbor, later):
    later(3600)
    del SOURCES["toys"]
    before = copy_of(harbor).next_at
    assert sweeps.refresh_due() == 2 * len(SOURCES)
    assert copy_of(harbor).next_at == before
    SOURCES["toys"] = TOYS


def test_another_account_has_a_copy_of_its_own(harbor, cast):
    assert look(cast.northwind, TOYS) == Outcome.TAKEN
    assert blocks(cast.northwind) == set(access.client_for(cast.northwind).acl.list())
    assert blocks(harbor) == BLOCKS
