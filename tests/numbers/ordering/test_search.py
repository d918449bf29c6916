"""Searches against all that is free at the provider: nothing missed, nothing made up, and the page
never waits longer than it says.
"""

import time
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from apps.accounts.models import Account
from apps.numbers.models import Asked
from apps.numbers.ordering import asking, finding
from apps.numbers.ordering.asking import COVERAGE, SEARCH, Question
from apps.numbers.ordering.forms import SearchForm
from apps.numbers.ordering.patterns import Wanted, digits_of, matches, run_lengths
from apps.sandbox.world import inventory
from apps.voicetel import clock
from tests.numbers.ordering.shop import HARBOR, buy, the_order
from tests.pages import words


def stock(npa: str) -> list[tuple[Any, str]]:
    return [(place, number) for place, lines in inventory.walk(npa) for number in lines]


def found(account: Account, query: str) -> set[str]:
    """All numbers that a search comes to, once every answer is in."""
    form = SearchForm(QueryDict(query))
    assert form.is_valid(), form.errors
    for _ in range(30):
        page = finding.search(account, form.query(), by=0)
        if not page.waits:
            break
    assert (page.waits, page.failed) == (False, "")
    numbers = {each.number for each in finding.kept(account, form.query(), by=0)}
    assert len(numbers) == page.total
    return numbers


@pytest.mark.parametrize("area", ["201", "609", "512"])
def test_an_area_code_finds_all_of_it(harbor: Account, sandbox: Any, area: str) -> None:
    assert found(harbor, f"area={area}") == {number for _, number in stock(area)}


def test_a_prefix_a_lata_a_city_and_a_rate_center_find_what_is_there(
    harbor: Account, sandbox: Any
) -> None:
    everything = stock("201")
    place = everything[0][0]
    prefix = place.nxx
    assert found(harbor, f"area=201&exchange={prefix}") == {
        number for each, number in everything if each.nxx == prefix
    }
    assert found(harbor, f"area=201&lata={place.lata}") == {
        number for each, number in everything if each.lata == place.lata
    }
    for name, value in (("city", place.city), ("rate_center", place.rate_center)):
        answer = found(harbor, f"area=201&state=NJ&{name}={value}")
        assert answer == {number for each, number in everything if getattr(each, name) == value}


def test_a_state_alone_shows_all_its_area_codes_mixed(harbor: Account, sandbox: Any) -> None:
    form = SearchForm(QueryDict("state=NJ"))
    assert form.is_valid()
    for _ in range(30):
        page = finding.search(harbor, form.query(), by=0)
        if not page.waits:
            break
    areas = {each.number[:3] for each in page.rows[:12]}
    assert len(areas) > 5
    assert sandbox.count("inventoryCoverage") == 1
    assert sandbox.count("inventorySearch") <= finding.SEARCHES


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("digits=77", lambda number: "77" in number),
        ("digits=1&where=ends", lambda number: number.endswith("1")),
        ("digits=ADG", lambda number: "234" in number),
    ],
)
def test_digits_and_letters_find_every_number_that_has_them(
    harbor: Account, sandbox: Any, query: str, fits: Any
) -> None:
    wanted = {number for _, number in stock("732") if fits(number)}
    assert found(harbor, f"area=732&{query}") == wanted


def test_a_run_is_so_many_numbers_in_a_row(harbor: Account, sandbox: Any) -> None:
    lengths = run_lengths(number for _, number in stock("201"))
    longest = max(lengths.values())
    if longest > 1:
        wanted = {number for number, many in lengths.items() if many >= 2}
        assert found(harbor, "area=201&run=2") == wanted
    assert run_lengths(["2015550101", "2015550102", "2015550103", "2015550105"]) == {
        "2015550101": 3,
        "2015550102": 3,
        "2015550103": 3,
        "2015550105": 1,
    }


def test_a_run_counts_only_numbers_that_match_in_all_else() -> None:
    numbers = ["2015550199", "2015550200", "2015550201", "2015550205"]
    assert set(matches(numbers, Wanted(run=3))) == set(numbers[:3])
    assert set(matches(numbers, Wanted(digits="02", run=2))) == {"2015550200", "2015550201"}
    assert matches(numbers, Wanted(run=3))["2015550199"].why == "3 in a row"


def test_letters_are_those_of_a_phone() -> None:
    assert digits_of("flowers") == "3569377"
    assert digits_of("(201) 555-SMILE") == "20155576453"
    assert digits_of("Ünïcode!") == "62633"


def test_repeated_and_round_digits() -> None:
    numbers = ["2015557775", "2015551200", "2015553434", "2015551236"]
    told = matches(numbers, Wanted(special=True))
    # 555 is repeated in each of them
    assert set(told) == set(numbers)
    plain = ["2012345671", "2012345600", "2012343434", "2012347776"]
    assert set(matches(plain, Wanted(special=True))) == set(plain[1:])


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("area=20", "three digits"),
        ("area=101", "begins with 2 to 9"),
        ("exchange=555", "area code of this prefix"),
        ("area=201&digits=%21%21", "Enter digits"),
        ("lata=abc", "A LATA is a number"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field_and_asks_nothing(
    shopper: Client, sandbox: Any, query: str, sentence: str
) -> None:
    answer = shopper.get(f"/numbers/order/?{query}")
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert sandbox.count("inventorySearch") + sandbox.count("inventoryCoverage") == 0


def test_an_answer_is_kept_for_ten_minutes_and_a_person_may_have_it_read_again(
    harbor: Account, sandbox: Any
) -> None:
    question = Question.of(SEARCH, tnMask="201", quantity="10")
    asking.ask(harbor, [question])
    clock.advance(9 * 60)
    asking.ask(harbor, [question])
    assert sandbox.count("inventorySearch") == 1
    asking.ask(harbor, [question], again=True)
    assert sandbox.count("inventorySearch") == 2
    clock.advance(10 * 60)
    asking.ask(harbor, [question])
    assert sandbox.count("inventorySearch") == 3


def test_a_question_of_another_account_is_its_own(harbor: Account, sandbox: Any, cast: Any) -> None:
    question = Question.of(COVERAGE, countBy="state")
    other = cast.stranger.memberships.get().account
    asking.ask(harbor, [question])
    assert asking.find(other, [question])[0].read_at is None
    assert asking.find(harbor, [question])[0].rows


def test_an_answer_that_did_not_come_is_said_and_asked_for_again(
    shopper: Client, sandbox: Any
) -> None:
    sandbox.fault("inventorySearch", "status", status=500)
    page = words(shopper.get("/numbers/order/?area=201"))
    assert "Some of this search didn't come through" in page
    assert "Try again" in page
    page = words(shopper.get("/numbers/order/?area=201"))
    assert "didn't come through" not in page
    assert "numbers match" in page


def test_a_slow_provider_holds_no_page_longer_than_its_deadline(
    shopper: Client, sandbox: Any
) -> None:
    sandbox.slow("inventorySearch", 30, times=None)
    began = time.monotonic()
    answer = shopper.get("/numbers/order/?area=201")
    assert time.monotonic() - began < 1.5
    assert answer.status_code == 200


def test_a_worker_asks_while_the_page_waits_and_polls(
    shopper: Client, sandbox: Any, harbor: Account, monkeypatch: pytest.MonkeyPatch, messages: Any
) -> None:
    monkeypatch.setattr(asking, "PATIENCE", 0.1)
    page = finding.search(harbor, finding.Query(area="201"), by=0, seconds=0.1)
    assert (page.waits, page.rows) == (True, [])
    assert [each[0] for each in messages] == ["numbers.ask"]
    finding.search(harbor, finding.Query(area="201"), by=0, seconds=0.1)
    assert len(messages) == 1  # one question in flight is asked once
    messages.run()
    page = finding.search(harbor, finding.Query(area="201"), by=0, seconds=0.1)
    assert page.rows
    assert not page.waits


def test_a_full_answer_is_called_one(harbor: Account, sandbox: Any) -> None:
    question = Question.of(SEARCH, tnMask="201", quantity="1000")
    asking.ask(harbor, [question])
    row = Asked.objects.of(harbor).get()
    row.answer = [row.answer[0] | {"number": f"201555{n:04}"} for n in range(1000)]
    row.save()
    page = finding.search(harbor, finding.Query(area="201"), by=0)
    assert page.full
    assert (page.total, page.pages, len(page.rows)) == (1000, 20, 50)


def test_what_is_in_a_cart_or_on_the_account_is_marked(
    harbor: Account, shopper: Client, sandbox: Any, cast: Any, sign_in: Any
) -> None:
    number = min(number for _, number in stock("201"))
    query = f"area=201&exchange={number[3:6]}"
    owner = sign_in(cast.owner)
    owner.get(f"/numbers/order/?{query}")
    owner.post("/numbers/order/cart/", {"account": HARBOR, "query": query, "number": [number]})
    assert "In a cart of" in words(shopper.get(f"/numbers/order/?{query}"))
    assert "In your cart" in words(owner.get(f"/numbers/order/?{query}"))
    buy(shopper, [number])
    assert the_order(harbor).count == 1
    assert "On this account" in words(shopper.get(f"/numbers/order/?{query}"))


def test_what_nobody_asked_for_in_a_day_is_forgotten(harbor: Account, sandbox: Any) -> None:
    asking.ask(harbor, [Question.of(COVERAGE, countBy="state")])
    asking.forget()
    assert Asked.objects.of(harbor).count() == 1
    clock.advance(25 * 3600)
    asking.forget()
    assert Asked.objects.of(harbor).count() == 0


def test_the_page_of_a_search_has_a_fixed_number_of_queries(
    shopper: Client, sandbox: Any, django_assert_max_num_queries: Any
) -> None:
    shopper.get("/numbers/order/?area=201")
    with django_assert_max_num_queries(14):
        shopper.get("/numbers/order/?area=201")
