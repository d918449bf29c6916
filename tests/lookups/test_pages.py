"""A lookup is sent once and paid once; what is known is free; what can't be had is said before."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.accounts.models import Profile
from apps.changes import sweeps
from apps.changes.engine import tokens
from apps.changes.models import Entry
from apps.changes.states import State
from apps.lookups.models import Lookup
from apps.voicetel import clock
from tests.pages import words

NUMBER, ANI = "9175550133", "2015550110"
OPERATION = {"name": "cnamLookup", "carrier": "lrnLookup"}
KINDS = tuple(OPERATION)


@pytest.fixture
def price(harbor):
    rates = harbor.profile.rates
    return {"name": rates["cnam"], "carrier": rates["lrn"]}


@pytest.fixture
def press(manager, price):
    """Press one of the two buttons."""

    def pressed(kind, **more):
        return manager.post(
            "/lookups/ask/",
            {
                "number": "(917) 555-0133",
                "ani": ANI,
                "kind": kind,
                "agreed_name": price["name"],
                "agreed_carrier": price["carrier"],
                "token": tokens.mint(),
                "account": "1000000001",
                **more,
            },
        )

    return pressed


def charged(sandbox, kind):
    found = [each for each in sandbox.charges("1000000001") if each.operation == OPERATION[kind]]
    return [each.amount for each in found]


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_paid_for_once_and_shown(harbor, manager, sandbox, press, price, kind):
    answer = press(kind)
    assert answer.status_code == 303
    page = words(manager.get(answer["Location"]))
    row = Lookup.objects.of(harbor).get()
    assert (row.kind, row.number, row.price) == (kind, NUMBER, price[kind])
    assert row.entry == Entry.objects.of(harbor).get()
    assert row.said in page
    assert "Free again until" in page
    assert charged(sandbox, kind) == [Decimal(price[kind]) / 1_000_000]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_question_is_free_for_thirty_days_and_then_charged(harbor, sandbox, press, kind):
    press(kind)
    assert press(kind)["Location"] == f"/lookups/?number={NUMBER}&known={kind}"
    assert len(charged(sandbox, kind)) == 1
    Lookup.objects.of(harbor).update(asked_at=clock.now() - timedelta(days=31))
    press(kind)
    assert len(charged(sandbox, kind)) == 2


def test_asking_again_is_charged_though_the_answer_is_known(harbor, sandbox, press):
    press("name")
    press("name", repeat="1")
    assert len(charged(sandbox, "name")) == 2
    assert Lookup.objects.of(harbor).count() == 2


def test_a_carrier_seen_from_another_number_is_another_question(harbor, sandbox, press):
    press("carrier")
    press("carrier", ani="2015550111")
    assert len(charged(sandbox, "carrier")) == 2


def test_an_account_chooses_how_long_answers_are_used_again(harbor, manager, sandbox, press):
    manager.post("/lookups/keeping/", {"days": "0", "account": "1000000001"})
    press("name")
    press("name")
    assert len(charged(sandbox, "name")) == 2
    assert "Every lookup is charged" in words(manager.get("/lookups/"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "cut_body", "html_after"])
def test_a_lookup_in_doubt_asks_a_person_and_is_never_sent_twice(
    harbor, manager, sandbox, press, kind, fault
):
    sandbox.fault(OPERATION[kind], fault)
    press(kind)
    entry = Entry.objects.of(harbor).get()
    assert entry.state == State.DOUBT
    for _ in range(30):
        clock.advance(3600)
        sandbox.advance(3600)
        sweeps.send_due()
        sweeps.settle_due()
    entry.refresh_from_db()
    assert entry.state == State.ASK
    assert sandbox.count(OPERATION[kind]) == 1
    assert len(charged(sandbox, kind)) == (fault != "drop_before")
    page = words(manager.get("/lookups/"))
    assert "you may have been charged" in page
    assert "Try again" in page
    assert "Yes, it did" not in page


def test_the_answer_to_a_doubt_sends_it_once_more_and_only_then(harbor, manager, sandbox, press):
    sandbox.fault("cnamLookup", "drop_after")
    press("name")
    clock.advance(60)
    sandbox.advance(60)
    sweeps.settle_due()
    first = Entry.objects.of(harbor).get()
    assert first.state == State.ASK
    manager.post(f"/changes/{first.pk}/answer/", {"answer": "again", "token": tokens.mint()})
    assert sandbox.count("cnamLookup") == 2
    first.refresh_from_db()
    assert first.state == State.CLOSED
    assert Lookup.objects.of(harbor).get().entry != first


def test_a_double_click_is_one_lookup(harbor, sandbox, press):
    token = tokens.mint()
    first, second = press("name", token=token, repeat="1"), press("name", token=token, repeat="1")
    assert first["Location"] == second["Location"]
    assert sandbox.count("cnamLookup") == 1


def test_a_lookup_is_never_reached_by_a_link(harbor, manager, sandbox):
    assert manager.get("/lookups/ask/").status_code in {302, 405}
    manager.get(f"/lookups/?number={NUMBER}&kind=name&repeat=1")
    assert sandbox.count("cnamLookup") + sandbox.count("lrnLookup") == 0


def test_a_price_that_changed_meanwhile_is_said_and_nothing_is_sent(harbor, sandbox, press):
    Profile.objects.filter(account=harbor).update(rates={"cnam": 9_900, "lrn": 8_000})
    answer = press("name")
    assert answer.status_code == 422
    assert "The price is $0.0099 now" in words(answer)
    assert sandbox.count("cnamLookup") == 0


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ({"services": {"cnam": False}}, "Caller name lookup is off"),
        ({"rates": {}}, "VoiceTel hasn't told us the price yet"),
    ],
)
def test_what_cannot_be_had_is_said_before_and_not_offered(
    harbor, manager, sandbox, press, column, sentence
):
    Profile.objects.filter(account=harbor).update(**column)
    page = words(manager.get("/lookups/"))
    assert sentence in page
    assert "Look up caller name" not in page
    assert press("name").status_code == 422
    assert sandbox.count("cnamLookup") == 0


def test_a_balance_that_does_not_cover_it_is_said_before(harbor, manager):
    Profile.objects.filter(account=harbor).update(balance=0)
    assert "seems too low for it" in words(manager.get("/lookups/"))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("number", "", "Enter the number to look up"),
        ("number", "555", "10-digit"),
        ("ani", "", "Enter the number that you would call from"),
        ("kind", "", "Press one of the two buttons"),
    ],
)
def test_a_field_says_what_is_wrong_and_nothing_is_sent(
    harbor, sandbox, press, field, value, sentence
):
    answer = press(**{"kind": "carrier", field: value})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert sandbox.count("lrnLookup") == 0


def test_another_accounts_answers_are_not_shown(harbor, cast, sign_in, press):
    press("name")
    said = Lookup.objects.of(harbor).get().said
    page = words(sign_in(cast.stranger).get(f"/lookups/?number={NUMBER}"))
    assert "Nothing was looked up about this number yet" in page
    assert said not in page


def test_the_history_costs_a_fixed_number_of_queries_and_its_file_says_the_same(
    harbor, manager, viewer, press, django_assert_max_num_queries
):
    press("name")
    press("carrier")
    with django_assert_max_num_queries(14):
        page = words(viewer.get("/lookups/"))
    assert "All 2 lookups" in page or "2 lookups" in page
    lines = b"".join(viewer.get("/lookups/export.csv")).decode().splitlines()
    assert len(lines) == 3
    assert "(917) 555-0133" in lines[1]
