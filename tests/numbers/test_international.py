"""Which ten digits cost more than a US call, each of them, and where the portal says so."""

import pytest

from apps.numbers.international import ABROAD, AREAS, CANADIAN, FOLLOW_ME, PACIFIC, dear, shown
from apps.numbers.selectors.collected import costly_forwards
from apps.numbers.services import rows
from tests.numbers.looking import FIRST

COUNTRIES = {
    "2425551234": "the Bahamas",
    "2465551234": "Barbados",
    "2645551234": "Anguilla",
    "2685551234": "Antigua and Barbuda",
    "2845551234": "the British Virgin Islands",
    "3455551234": "the Cayman Islands",
    "4415551234": "Bermuda",
    "4735551234": "Grenada",
    "6495551234": "the Turks and Caicos Islands",
    "6585551234": "Jamaica",
    "6645551234": "Montserrat",
    "7215551234": "Sint Maarten",
    "7585551234": "Saint Lucia",
    "7675551234": "Dominica",
    "7845551234": "Saint Vincent and the Grenadines",
    "8095551234": "the Dominican Republic",
    "8295551234": "the Dominican Republic",
    "8495551234": "the Dominican Republic",
    "8685551234": "Trinidad and Tobago",
    "8695551234": "Saint Kitts and Nevis",
    "8765551234": "Jamaica",
}
OTHERS = {
    "6705551234": "the Northern Mariana Islands",
    "6715551234": "Guam",
    "6845551234": "American Samoa",
    "9005551234": "a premium line",
    "3129765550": "a premium line",
    "2129761234": "a premium line",
    "9079761234": "a premium line",
    "2125551212": "directory assistance",
    "7005551234": "a 700 number",
    **{f"{area}2345678": f"a {area} number" for area in sorted(FOLLOW_ME | CANADIAN)},
    "9765551234": "area code 976",
    "9995551234": "area code 999",
}


@pytest.mark.parametrize(("number", "place"), [*COUNTRIES.items(), *OTHERS.items()])
def test_a_number_that_costs_more_has_its_place_and_a_reason(number, place):
    found = dear(number)
    assert found
    assert (found.place, found.international) == (place, number in COUNTRIES)
    assert found.why.endswith(".")
    assert shown(number).endswith(f"({found.flag})")


def test_each_country_and_territory_is_tested_by_name():
    tested = {number[:3] for number in (*COUNTRIES, *OTHERS)}
    assert ABROAD.keys() | PACIFIC.keys() <= tested
    assert set(FOLLOW_ME) | set(CANADIAN) <= tested


@pytest.mark.parametrize(
    "number",
    [
        "2015551234",
        "3125551234",
        "4165551234",
        "7875551234",
        "9395551234",
        "3405551234",
        "9075551234",
        "8085551234",
        "8005550199",
        "8885551234",
        "8009761234",
        "8005551212",
        "2015550976",
    ],
)
def test_the_states_puerto_rico_canada_and_toll_free_cost_what_they_always_do(number):
    assert dear(number) is None
    assert shown(number).count("(") == 1


def test_the_database_finds_what_the_table_names(harbor):
    """What is asked of the database in one query is what dear() says of each number."""
    for number in [*COUNTRIES, *OTHERS, "2015551234", "8009761234", "8005551212"]:
        rows.write(harbor, FIRST, forward_to=number)
        asked = costly_forwards(harbor).filter(number=FIRST).exists()
        known = dear(number) is not None and not dear(number).flag.startswith("Area code")
        assert asked == known, number
    assert "900" in AREAS
