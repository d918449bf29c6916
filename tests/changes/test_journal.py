"""The journal at /settings/audit/, and its panel of one thing."""

from decimal import Decimal
from typing import Any

import pytest

from apps.audit.services import record
from tests.changes.pressing import page
from tests.changes.world import Keep, Order, World


def test_the_journal_shows_changes_and_what_people_did(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any
) -> None:
    press(Keep(cast.harbor, "2015551234", value="new"), by=cast.manager)
    record(cast.viewer, cast.harbor, "profile_changed")
    record(cast.stranger, cast.northwind, "key_asked")
    html = page(sign_in(cast.owner), "/settings/audit/")
    assert "Keep new for 2015551234" in html
    assert "Manager Harbor" in html
    assert "Changed their profile" in html
    assert "Asked to reconnect" not in html
    assert "All 2 events" in html


def test_an_account_s_number_is_not_shown_as_a_telephone_number(cast: Any, sign_in: Any) -> None:
    record(cast.owner, cast.harbor, "account_connected", cast.harbor.number)
    page = sign_in(cast.owner).get("/settings/audit/").content.decode()
    assert cast.harbor.number in page
    assert "(100) 000-0001" not in page


def test_what_others_did_here_is_for_owners(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any
) -> None:
    press(Keep(cast.harbor, "x", value="new"))
    record(cast.viewer, cast.harbor, "profile_changed")
    record(cast.manager, cast.harbor, "password_reset")
    html = page(sign_in(cast.manager), "/settings/audit/")
    assert "Set a new portal password" in html
    assert "Changed their profile" not in html
    assert "Keep new for x" in html


def test_another_accounts_journal_is_its_own(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any
) -> None:
    press(Keep(cast.harbor, "2015551234", value="planted"))
    html = page(sign_in(cast.stranger), "/settings/audit/")
    assert "planted" not in html
    assert "Nothing has been done here yet" in html


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("q=first", {"first"}),
        ("q=%28201%29+555-1234", {"first"}),
        ("q=zzz", set()),
        ("state=done", {"first", "second"}),
        ("state=refused", set()),
        ("state=nonsense", {"first", "second"}),
        ("about=kept:2015559999", {"second"}),
        ("of=people", set()),
        ("of=sent", {"first", "second"}),
    ],
)
def test_the_journal_is_searched_and_filtered_by_its_address(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any, query: str, seen: set[str]
) -> None:
    press(Keep(cast.harbor, "2015551234", value="first"))
    press(Keep(cast.harbor, "2015559999", value="second"))
    html = page(sign_in(cast.owner), f"/settings/audit/?{query}")
    assert {word for word in ("first", "second") if f"Keep {word}" in html} == seen


def test_the_journal_by_person(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any
) -> None:
    press(Keep(cast.harbor, "x", value="mine"))
    press(Keep(cast.harbor, "y", value="theirs"), by=cast.manager)
    html = page(sign_in(cast.owner), f"/settings/audit/?who={cast.manager.pk}")
    assert "Keep theirs" in html
    assert "Keep mine" not in html


def test_the_journal_costs_the_same_however_long_it_is(
    changes: Any,
    cast: Any,
    world: World,
    press: Any,
    sign_in: Any,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(60):
        press(Keep(cast.harbor, str(number), value="new"))
        record(cast.owner, cast.harbor, "profile_changed")
    client = sign_in(cast.owner)
    page(client, "/settings/audit/")
    with django_assert_max_num_queries(9):
        html = page(client, "/settings/audit/?page=2")
    assert "51 to 100 of 120" in html


def test_newest_first_and_turned_round(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any
) -> None:
    for value in ("older", "newer"):
        press(Keep(cast.harbor, value, value=value))
    client = sign_in(cast.owner)
    newest, oldest = page(client, "/settings/audit/"), page(client, "/settings/audit/?sort=at")
    assert newest.index("Keep newer") < newest.index("Keep older")
    assert oldest.index("Keep older") < oldest.index("Keep newer")


def test_the_panel_of_one_thing_is_a_part_and_a_page(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any
) -> None:
    press(Keep(cast.harbor, "2015551234", value="new"))
    client = sign_in(cast.viewer)
    for path in ("/changes/?about=kept:2015551234", "/settings/audit/?about=kept:2015551234"):
        part = page(client, path, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="numbers-journal")
        assert "Keep new" in part
        assert "<html" not in part
    assert "<html" in page(client, "/changes/?about=kept:2015551234")
    assert "No changes yet." in page(client, "/changes/?about=kept:2015550000")


def test_a_change_leads_to_the_page_of_its_thing_where_that_has_one(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any
) -> None:
    kept = press(Keep(cast.harbor, "2015551234", value="new"))
    order = press(Order(cast.harbor, "2015551234", numbers=["2015551299"], shown=Decimal("0.10")))
    client = sign_in(cast.owner)
    assert 'href="/kept/2015551234/"' in page(client, f"/changes/{kept.pk}/")
    shown = page(client, f"/changes/{order.pk}/")
    assert "2015551234" in shown
    assert 'href="/kept/' not in shown


@pytest.mark.parametrize("query", ["q=zzz", "state=refused"])
def test_a_search_without_hits_is_not_an_empty_journal(cast: Any, sign_in: Any, query: str) -> None:
    """An account of which only people's deeds are known was told that nothing was ever done."""
    record(cast.owner, cast.harbor, "profile_changed")
    html = page(sign_in(cast.owner), f"/settings/audit/?{query}")
    assert "No events match" in html
    assert "Nothing has been done here yet" not in html
