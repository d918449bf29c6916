"""Counts by cell: exact for every choice of filters."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.numbers.facets import NO_ROUTE, Facets, route_key
from apps.numbers.traits import BITS, fits

ROUTES = st.one_of(st.none(), st.integers(1, 3))
ROWS = st.lists(st.tuples(st.integers(0, 63), ROUTES), max_size=40)
FILTERS = st.dictionaries(st.sampled_from(sorted(BITS)), st.booleans(), max_size=3).map(
    lambda chosen: tuple(chosen.items())
)
ROUTE_FILTER = st.one_of(st.none(), st.sampled_from([NO_ROUTE, "1", "2"]))


def facets_of(rows):
    counted = Counter(rows)
    return Facets.of(
        [(traits, route, count) for (traits, route), count in counted.items()], {1: "DID", None: ""}
    )


def model(rows, wanted, route):
    return sum(
        1
        for traits, own in rows
        if fits(traits, wanted) and (route is None or route_key(own) == route)
    )


@settings(deadline=None)
@given(ROWS, FILTERS, ROUTE_FILTER)
def test_a_choice_of_filters_counts_exactly_the_rows_that_pass(rows, wanted, route):
    assert sum(facets_of(rows).matching(wanted, route).values()) == model(rows, wanted, route)


@settings(deadline=None)
@given(ROWS, FILTERS, ROUTE_FILTER)
def test_each_menu_says_what_its_choice_would_show_beside_the_others(rows, wanted, route):
    menus = facets_of(rows).counts(wanted, route)
    for name in BITS:
        others = tuple(each for each in wanted if each[0] != name)
        for value, yes in (("1", True), ("0", False)):
            assert menus[name][value] == model(rows, (*others, (name, yes)), route)
    for key in {route_key(own) for _, own in rows}:
        assert menus["route"].get(key, 0) == model(rows, wanted, key)


@settings(deadline=None)
@given(ROWS)
def test_what_is_stored_is_what_is_read(rows):
    facets = facets_of(rows)
    assert Facets.load(facets.dump()) == facets
    assert facets.total == len(rows)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 63), ROUTES), min_size=1, max_size=20),
    st.integers(0, 63),
    ROUTES,
)
def test_a_row_that_moves_leaves_its_cell_and_enters_the_other(rows, traits, route):
    moved = facets_of(rows)
    moved.moved(rows[0], (traits, route), "DID")
    assert moved.cells == facets_of([(traits, route), *rows[1:]]).cells
