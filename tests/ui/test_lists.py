"""Pages of lists, and rows chosen from them, by the toy list of tests/ui/toys.py."""

import re
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.models import Account
from apps.ui.lists import selection
from apps.ui.lists.page import by_key, counts, list_page
from apps.ui.lists.selection import Selection, TooMany
from tests.pages import flat
from tests.ui import toys

TOYS = "/toys/"
urls = pytest.mark.urls("tests.ui.toys")


@pytest.fixture
def boxes(cast):
    """118 accounts more than the cast's two, of which every seventh has the same name."""
    return Account.objects.bulk_create(
        Account(
            number=f"{2000000000 + each}",
            name=f"Box {each % 7}",
            key_state="dead" if each % 2 else "live",
        )
        for each in range(118)
    )


@pytest.fixture
def browser(cast, sign_in):
    return sign_in(cast.owner)


def page_of(query="", **options):
    return list_page(
        RequestFactory().get(TOYS + query),
        toys.SPEC,
        options.pop("found", Account.objects.all()),
        narrow=toys.narrow,
        row=lambda row: row.number,
        noun="toy",
        **options,
    )


def shown(response):
    assert response.status_code == 200
    return response.content.decode()


def test_a_list_with_all_that_a_list_has_takes_forty_lines():
    assert len(Path(toys.__file__).read_text().splitlines()) <= 40


@urls
def test_a_toy_is_searched_filtered_and_sorted(boxes, browser):
    assert "All 120 toys" in shown(browser.get(TOYS))
    found = shown(browser.get(f"{TOYS}?q=box+3&key=dead&sort=-number"))
    assert "9 of 120 toys" in found
    numbers = re.findall(r"<td>(\d{10})</td>", found)
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 9


@urls
def test_typing_gets_the_part_alone(boxes, browser):
    part = shown(browser.get(f"{TOYS}?q=box", headers={"HX-Request": "true"}))
    assert flat(part).startswith('<div class="list-part" id="toys">')
    assert "<html" not in part


@urls
def test_an_empty_list_and_one_that_hides_all_say_different_things(browser):
    assert "No toys match “zzz”" in (found := shown(browser.get(f"{TOYS}?q=zzz")))
    assert "Clear search" in found
    assert "No toys match these filters" in (found := shown(browser.get(f"{TOYS}?key=dead")))
    assert "Show all" in found
    listing = page_of(found=Account.objects.none())
    assert (listing.held, listing.rows) == (0, [])


@pytest.mark.parametrize("query", ["", "?q=box", "?q=box&sort=-name&page=2"])
def test_a_page_costs_two_queries(query, boxes, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert page_of(query).rows


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "All 120 toys"),
        ("?q=harbor", "1 of 120 toys"),
        ("?q=box&key=live", "59 of 120 toys"),
        ("?q=nothing", "0 of 120 toys"),
    ],
)
def test_it_says_how_many_there_are(query, said, boxes):
    assert page_of(query).announced == said


def test_many_are_counted_up_to_a_thousand_or_the_end_of_the_page(boxes, monkeypatch):
    monkeypatch.setattr("apps.ui.lists.page.MOST", 60)
    assert page_of("").announced == "60+ toys"
    assert page_of("?q=box").announced == "60+ of 60+ toys"
    assert page_of("?q=harbor").announced == "1 of 60+ toys"
    assert page_of("").window.next == "/toys/?page=2"
    second = page_of("?page=2")
    assert (second.total, second.capped, len(second.rows)) == (100, True, 50)
    last = page_of("?page=99")
    assert (last.state.page, last.total, last.capped, len(last.rows)) == (3, 120, False, 20)


def test_what_nothing_can_pass_is_counted_without_a_query(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert counts(Account.objects.none(), Account.objects.values("pk")) == [0, 2]


@pytest.mark.parametrize("sort", ["name", "-name", "number", "-number"])
@pytest.mark.parametrize("size", [1, 7, 50, 120, 200])
def test_pages_by_key_neither_repeat_nor_skip_a_row(sort, size, boxes):
    order = toys.SPEC.order_of(sort)
    read = [each.number for each in by_key(Account.objects.all(), order, size=size)]
    assert read == [each.number for each in Account.objects.order_by(*order)]


def test_a_page_by_key_begins_behind_the_last_row_whatever_came_before_it(boxes):
    """What a page that begins at an offset does not: a row that is new shifts all others."""
    read = by_key(Account.objects.all(), ("number",), size=50)
    first = [next(read).number for _ in range(50)]
    Account.objects.create(number="0000000001", name="Before all")
    assert [*first, *(each.number for each in read)] == sorted(
        {each.number for each in Account.objects.all()} - {"0000000001"}
    )


def chosen(posted, found=None):
    return Selection.of(
        toys.SPEC,
        Account.objects.all() if found is None else found,
        QueryDict(posted),
        narrow=toys.narrow,
    )


def test_ticked_rows_are_chosen_and_nothing_but_those_of_the_list(boxes, cast):
    keys = [each.pk for each in Account.objects.filter(name="Box 3")[:3]]
    own = Account.objects.exclude(pk=cast.northwind.pk)
    posted = "&".join(f"ids={each}" for each in [*keys, cast.northwind.pk, 0, "x", 10**30, ""])
    selected = chosen(posted, own)
    assert selected.count() == 3
    assert sorted(selected.ids()) == sorted(keys)
    assert {each.pk for each in selected.queryset()} == set(keys)
    assert chosen("").count() == 0


@pytest.mark.parametrize("query", ["", "q=box", "q=box&key=dead", "q=box&sort=-number&page=2"])
def test_all_that_match_are_what_the_list_shows_on_all_its_pages(query, boxes):
    selected = chosen(f"all=1&ids=1&query={quote(query)}")
    pages = [page_of(f"?{query}&page={page}") for page in (1, 2, 3)]
    numbers = list(dict.fromkeys(number for page in pages for number in page.rows))
    found = Account.objects.in_bulk(list(selected.ids()))
    assert [found[pk].number for pk in selected.ids()] == numbers
    assert selected.count() == len(numbers) == pages[0].total


def test_the_query_of_a_selection_leads_back_to_it(boxes):
    selected = chosen("all=1&query=page%3D2%26size%3D100%26key%3Ddead%26q%3Dbox")
    assert selected.query == "q=box&key=dead"
    again = chosen(f"all=1&query={quote(selected.query)}")
    assert list(again.ids()) == list(selected.ids())


def test_more_rows_than_a_selection_holds_are_refused(boxes, monkeypatch):
    monkeypatch.setattr(selection, "MOST", 100)
    selected = chosen("all=1")
    assert selected.count() == 101
    for read in (selected.queryset, lambda: list(selected.ids())):
        with pytest.raises(TooMany, match="at most 100 rows"):
            read()
    with pytest.raises(TooMany):
        chosen("&".join(f"ids={each}" for each in range(101)))
    assert chosen("all=1&query=q%3Dharbor").count() == 1


@given(st.text(max_size=300))
def test_any_form_makes_a_sound_selection(posted):
    selected = Selection.of(
        toys.SPEC, SimpleNamespace(), QueryDict(posted), narrow=lambda found, state: found
    )
    assert all(isinstance(each, int) for each in selected.ticked)
    assert "page" not in QueryDict(selected.query)


@urls
def test_ticked_rows_are_sent_by_a_form_that_needs_no_script(boxes, cast, browser):
    html = shown(browser.get(f"{TOYS}?q=box+3"))
    boxes_of_page = re.findall(r'name="ids" value="(\d+)" form="toys-selected"', html)
    assert len(boxes_of_page) == 17
    assert "Select all 17 that match" in " ".join(html.split())
    assert '<input type="hidden" name="query" value="q=box+3">' in html
    shape = {"account": cast.harbor.number, "query": "q=box+3"}
    ticked = shown(browser.post(TOYS, {**shape, "ids": boxes_of_page[:2]}))
    assert ticked.startswith("2 chosen")
    assert shown(browser.post(TOYS, {**shape, "all": "1"})).startswith("17 chosen")
