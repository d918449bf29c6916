from urllib.parse import parse_qsl, urlsplit

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from apps.ui.lists.spec import Choice, Column, Filter, ListSpec
from apps.ui.lists.state import ListState

SPEC = ListSpec(
    columns=(
        Column("number", "Number", sort="number"),
        Column("label", "Label", sort="label"),
        Column("flags", "Flags"),
    ),
    default_sort="number",
    filters=(
        Filter("route", "Route", (Choice("did", "DID"), Choice("gw", "Gateway"))),
        Filter("sms", "SMS", (Choice("yes", "Yes"),)),
    ),
    sizes=(50, 100),
    searchable="Search numbers",
)


def read(query: str) -> ListState:
    return ListState.parse(SPEC, QueryDict(query), "/numbers/")


@given(st.text(max_size=200))
def test_any_query_string_is_read_and_its_address_reads_back_the_same(query):
    state = read(query)
    again = read(urlsplit(state.url()).query)
    assert again == state
    assert again.url() == state.url()


@given(
    st.dictionaries(
        st.sampled_from(["q", "sort", "size", "page", "route", "sms"]), st.text(max_size=150)
    )
)
def test_any_value_of_a_known_name_falls_back_to_what_the_list_offers(values):
    state = ListState.parse(SPEC, values, "/numbers/")
    assert state.sort.lstrip("-") in SPEC.sorts
    assert state.size in SPEC.sizes
    assert state.page >= 1
    assert len(state.q) <= 100
    assert all(
        SPEC.filters[0].label_of(value) or SPEC.filters[1].label_of(value)
        for value in state.filters.values()
    )
    assert read(urlsplit(state.url()).query) == state


@given(st.integers(0, 10_000), st.integers(1, 500))
def test_the_pages_around_a_page_lie_within_the_list_and_count_its_rows(total, page):
    window = read(f"page={page}").window(total)
    last = max(1, -(-total // 50))
    numbers = [number for number, _ in window.links if number]
    assert numbers[0] == 1
    assert numbers[-1] == last
    assert window.page == min(page, last)
    assert window.last_row <= total
    assert (window.next == "") == (window.page == last)


def test_defaults_are_left_out_of_the_address():
    assert read("q=&sort=number&size=50&page=1&route=").url() == "/numbers/"


def test_the_order_in_a_query_does_not_matter():
    assert (
        read("sms=yes&page=2&q=ann&route=did").url() == read("route=did&q=ann&page=2&sms=yes").url()
    )


def test_a_change_of_the_search_begins_at_page_one_again():
    state = read("q=ann&page=3&route=did")
    assert state.url(q="bob") == "/numbers/?q=bob&route=did"
    assert state.url(page=4) == "/numbers/?q=ann&route=did&page=4"


def test_a_filter_is_cleared_by_an_empty_value():
    assert read("route=did&sms=yes").url(route="") == "/numbers/?sms=yes"


def test_a_name_that_the_list_does_not_have_is_an_error_of_ours():
    with pytest.raises(TypeError):
        read("").url(rout="did")


def test_a_click_on_a_head_sorts_and_a_second_one_turns_the_order():
    number, label, flags = read("").headers()
    assert (number.direction, number.url) == ("ascending", "/numbers/?sort=-number")
    assert (label.direction, label.url) == ("none", "/numbers/?sort=label")
    assert (flags.direction, flags.url) == ("none", "")
    assert read("sort=-label").headers()[1].direction == "descending"
    assert read("sort=-label").headers()[1].url == "/numbers/?sort=label"


def test_a_menu_says_what_is_chosen_and_how_many_each_choice_has():
    route, sms = read("route=gw").menus({"route": {"did": 3}})
    assert (route.value, route.chosen) == ("gw", "Gateway")
    assert [(option.label, option.chosen, option.count) for option in route.options] == [
        ("DID", False, 3),
        ("Gateway", True, None),
    ]
    assert (sms.value, sms.chosen) == ("", "")


def test_control_characters_and_doubled_spaces_are_not_searched_for():
    assert ListState.parse(SPEC, {"q": " ann\0\n  okafor\t"}).q == "ann okafor"


def test_a_list_without_a_search_ignores_one():
    spec = ListSpec(columns=SPEC.columns, default_sort="number")
    assert not ListState.parse(spec, {"q": "ann"}).narrowed


def test_a_page_beyond_the_last_becomes_the_last():
    state = read("page=99").within(120)
    assert (state.page, state.offset) == (3, 100)


def test_a_capped_count_still_leads_to_the_next_page():
    window = read("page=21").window(1001, capped=True)
    assert window.next == "/numbers/?page=22"
    assert window.rows == "1,001 to 1,001 of 1,001 or more"


def test_an_empty_list_shows_no_rows():
    assert read("").window(0).rows == "0 to 0 of 0"


def test_the_search_form_carries_the_filters_but_not_the_page():
    assert read("q=ann&route=did&sort=-label&page=4").hidden == (
        ("route", "did"),
        ("sort", "-label"),
    )


def test_clearing_keeps_the_order_of_rows():
    assert dict(parse_qsl(urlsplit(read("q=a&route=did&sort=-label").cleared).query)) == {
        "sort": "-label"
    }


@pytest.mark.parametrize("name", ["q", "page", "sort", "size"])
def test_a_filter_may_not_take_a_name_that_the_list_needs(name):
    with pytest.raises(ValueError):
        ListSpec(columns=SPEC.columns, default_sort="number", filters=(Filter(name, "X", ()),))


def test_the_default_sort_must_be_one_of_the_columns():
    with pytest.raises(ValueError):
        ListSpec(columns=SPEC.columns, default_sort="price")
