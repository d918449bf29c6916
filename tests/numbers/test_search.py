"""The search box: any part, in any typed form, on either database."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import Account
from apps.copies.models import Copy
from apps.copies.selectors import find_copy
from apps.copies.services import look
from apps.numbers import search, selectors, sources
from apps.numbers.models import NUMBERS, Number
from apps.numbers.search import Search
from apps.numbers.services.rows import label_number
from tests.numbers.looking import FIRST, Record, take


def found(account, typed, **filters):
    copy = find_copy(account, NUMBERS)
    listing = selectors.list_numbers(
        account, copy, selectors.list_state(copy, {"q": typed, "size": "250", **filters})
    )
    return [row.number for row in listing.rows]


@pytest.mark.parametrize(
    ("typed", "digits", "place"),
    [
        ("(201) 555-1234", "2015551234", "anywhere"),
        ("201.555.1234", "2015551234", "anywhere"),
        ("+1 201 555 1234", "2015551234", "anywhere"),
        ("12015551234", "2015551234", "anywhere"),
        ("+1 201", "201", "anywhere"),
        ("555-12", "55512", "anywhere"),
        ("*1234", "1234", "ends"),
        ("201*", "201", "starts"),
        ("1-201-555", "1201555", "anywhere"),
        ("1201*", "201", "starts"),
        ("*1201", "1201", "ends"),
        ("Dr 12", "", "anywhere"),
        ("( )", "", "anywhere"),
    ],
)
def test_a_number_is_understood_in_any_form(typed, digits, place):
    asked = Search.of(typed)
    assert asked.digits == digits
    assert not digits or asked.place == place


@pytest.mark.parametrize(
    "typed",
    [
        *("0110", "(201) 555-0110", "2015550110", "+1 (201) 555-0110", "12015550110", "*0110"),
        *("1-201-555-0", "1-201", "1-20", "1201555", "tel:+1-201-555-0110", "٢٠١٥٥٥٠١١٠"),
        "https://portal.example.com/numbers/2015550110/",
    ],
)
def test_any_part_in_any_form_finds_the_number(harbor, typed):
    assert FIRST in found(harbor, typed)


def test_a_label_is_found_by_any_part_whatever_the_case(harbor):
    label_number(harbor, FIRST, "Dr Okafor's night line")
    for typed in ("okafor", "NIGHT", "r Ok", "'s n", "Dr", "line"):
        assert found(harbor, typed) == [FIRST], typed
    label_number(harbor, FIRST, "Room 7")
    assert found(harbor, "okafor") == []
    assert found(harbor, "Room 7") == [FIRST]
    label_number(harbor, FIRST, "")
    assert found(harbor, "Room") == []


@pytest.mark.parametrize(
    "typed",
    ["ün", "un", "üna", "ÜNA", "u\u0308na", "straße", "STRASSE", "zürich strasse", "desk 7"],
)
def test_a_label_is_found_whatever_its_accents_and_however_it_was_typed(harbor, typed):
    label_number(harbor, FIRST, "Üna, Zu\u0308rich Straße, desk ７")
    label_number(harbor, "2015550111", "Other")
    assert found(harbor, typed) == [FIRST]


def test_a_search_reads_the_index_of_its_own_account_alone(harbor, cast):
    """What the index keeps begins with the account, so that no search meets what others hold."""
    take(cast.northwind, [Record(number="2015550110", route=4, gateway="DID")])
    label_number(cast.northwind, "2015550110", "Night line")
    label_number(harbor, FIRST, "Night line")
    mine = {pk for pk, account in kept_grams("Night"[:3].lower()) if account == harbor.pk}
    assert mine == {Number.objects.of(harbor).get(number=FIRST).pk}
    assert {account for _, account in kept_grams("nig")} == {harbor.pk, cast.northwind.pk}
    assert [pk for pk, _ in kept_grams("nig", harbor.pk)] == list(mine)


def kept_grams(gram, account=None):
    """What the index of the search finds for one gram: (row, account), of one account or of all."""
    found = []
    for each in [account] if account else Account.objects.values_list("pk", flat=True):
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(
                    "SELECT rowid FROM numbers_search WHERE numbers_search MATCH %s",
                    [f'"{each}x{gram.encode().hex()}"'],
                )
            else:
                cursor.execute(
                    f"SELECT id FROM numbers_number WHERE {search.HELD} @> %s",
                    [[f"{each}:{gram}"]],
                )
            found += [(pk, each) for (pk,) in cursor.fetchall()]
    return found


def test_a_number_that_is_gone_is_not_found(harbor, sandbox):
    assert found(harbor, "5550110") == [FIRST]
    sandbox.take_number(FIRST)
    look(harbor, sources.numbers)
    assert found(harbor, "5550110") == []


def test_nothing_of_another_account_is_found(harbor, cast):
    look(cast.northwind, sources.numbers)
    theirs = Number.objects.of(cast.northwind).first().number
    assert found(cast.northwind, theirs) == [theirs]
    assert found(harbor, theirs) == []


def test_filters_hold_beside_a_search(harbor):
    every = Number.objects.of(harbor)
    assert found(harbor, "555", sms="1") == sorted(
        every.filter(sms=True).values_list("number", flat=True)
    )
    assert found(harbor, "0113", forwarded="0") == []
    assert found(harbor, "555", route="4", forwarded="0") == sorted(
        every.filter(route=4, forward_to="").values_list("number", flat=True)
    )


DIGITS = st.text("0123456789", min_size=1, max_size=10)
MANY = [
    f"{area}{middle}{last:04}"
    for area in ("201", "212", "919")
    for middle in ("555", "299")
    for last in range(0, 9999, 1111)
]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(digits=DIGITS, place=st.sampled_from(["anywhere", "starts", "ends"]))
def test_what_is_found_is_exactly_what_holds_the_digits(cast, digits, place):
    if not Copy.objects.of(cast.harbor).exists():
        take(cast.harbor, [Record(number=number, route=4, gateway="DID") for number in MANY])
    typed = {"anywhere": digits, "starts": f"{digits}*", "ends": f"*{digits}"}[place]
    asked = Search.of(typed).digits
    holds = {
        "anywhere": lambda n: (
            asked in n or (asked[:1] == "1" and len(asked) > 1 and n.startswith(asked[1:]))
        ),
        "starts": lambda n: n.startswith(asked),
        "ends": lambda n: n.endswith(asked),
    }[place]
    assert found(cast.harbor, typed) == [number for number in sorted(MANY) if holds(number)]


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=st.text(max_size=30))
def test_no_text_breaks_the_search(cast, typed):
    if not Copy.objects.of(cast.harbor).exists():
        take(cast.harbor, [Record(number=FIRST, route=4, gateway="DID")])
        label_number(cast.harbor, FIRST, 'a "b" 100% c_d\\e*')
    found(cast.harbor, typed)


@pytest.mark.parametrize("typed", ["\u00b4", "\u0301", "\u00a8\u00b4"])
def test_an_accent_alone_is_found_nowhere(harbor, typed):
    label_number(harbor, FIRST, "Üna")
    assert found(harbor, "una") == [FIRST]
    assert found(harbor, typed) == []


@pytest.mark.parametrize("typed", ['"b"', "100%", "c_d", "d\\e", 'a "b" 1'])
def test_signs_that_mean_something_to_a_database_mean_themselves(harbor, typed):
    label_number(harbor, FIRST, 'a "b" 100% c_d\\e')
    label_number(harbor, "2015550111", "a b 1000 cxd")
    assert found(harbor, typed) == [FIRST]


def test_the_trigram_index_follows_the_table_through_all_migrations(db):
    """SQLite makes a table anew when a migration alters it, and drops its triggers with the old
    one.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name ="
                " 'numbers_number'"
            )
            assert {name for (name,) in cursor.fetchall()} == {
                "numbers_search_added",
                "numbers_search_gone",
                "numbers_search_changed",
            }
        else:
            cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'numbers_number'")
            names = {name for (name,) in cursor.fetchall()}
            assert "numbers_search" in names
            assert not {"numbers_search_number", "numbers_search_label"} & names


def test_hits_are_counted_to_the_cap_and_no_further(harbor, monkeypatch):
    monkeypatch.setattr(search, "MOST", 5)
    monkeypatch.setattr("apps.numbers.selectors.listing.MOST", 5)
    copy = find_copy(harbor, NUMBERS)
    listing = selectors.list_numbers(harbor, copy, selectors.list_state(copy, {"q": "555"}))
    assert (listing.total, listing.capped, len(listing.rows)) == (5, True, 5)
    assert listing.announced == "5+ of 24 numbers"
