from datetime import UTC, date, datetime, timedelta

import pytest

from apps.ui import format  # noqa: A004  the module, by the name it has everywhere

AT = datetime(2026, 11, 23, 19, 2, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_clock(settings):
    settings.UI_CLOCK = ""


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("2015551234", "(201) 555-1234"),
        (2015551234, "(201) 555-1234"),
        ("", "—"),
        (None, "—"),
        ("911", "911"),
        ("+442071838750", "+442071838750"),
        ("٠١٢٣٤٥٦٧٨٩", "٠١٢٣٤٥٦٧٨٩"),
    ],
)
def test_ten_digits_are_shown_as_a_number_and_anything_else_as_it_came(given, shown):
    assert format.phone(given) == shown


@pytest.mark.parametrize(
    ("micro", "shown"),
    [
        (182_400_000, "$182.40"),
        (0, "$0.00"),
        (4_999, "$0.00"),
        (5_000, "$0.01"),
        (-4_999, "$0.00"),
        (-1_250_000, "−$1.25"),
        (1_234_567_890_000, "$1,234,567.89"),
        (None, "—"),
    ],
)
def test_money_is_shown_to_the_cent(micro, shown):
    assert format.money(micro) == shown


@pytest.mark.parametrize(
    ("micro", "shown"),
    [(8_500, "$0.0085"), (500_000, "$0.50"), (1, "$0.000001"), (-8_500, "−$0.0085"), (None, "—")],
)
def test_a_rate_keeps_all_its_digits(micro, shown):
    assert format.rate(micro) == shown


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (0, "just now"),
        (59, "just now"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (3600, "1 h ago"),
        (47 * 3600, "47 h ago"),
        (48 * 3600, "2 days ago"),
        (-30, "in a moment"),
        (-1080, "in 18 min"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(ago, shown):
    assert format.age(AT, AT + timedelta(seconds=ago)) == shown


def test_what_was_never_read_has_no_age():
    assert format.age(None) == "never"


def test_a_moment_is_exact_and_names_its_zone():
    assert format.moment(AT, "America/New_York") == "Nov 23, 2026, 2:02:05 PM EST"
    assert format.moment(AT) == "Nov 23, 2026, 7:02:05 PM UTC"
    assert format.moment(None) == "—"


def test_a_clock_time_is_as_short_as_it_stays_clear():
    shown = [
        format.clock(AT - timedelta(days=days), "America/New_York", since=AT)
        for days in (0, 1, -6, 7, 400)
    ]
    assert shown == [
        "2:02 PM",
        "Sun 2:02 PM",
        "Sun 2:02 PM",
        "Nov 16, 2:02 PM",
        "Oct 19, 2025, 3:02 PM",
    ]


@pytest.mark.parametrize(
    ("hour", "shown"), [(0, "12:05 AM"), (1, "1:05 AM"), (12, "12:05 PM"), (23, "11:05 PM")]
)
def test_hours_are_told_by_the_twelve_hour_clock(hour, shown):
    assert format.hour(datetime(2026, 11, 23, hour, 5, tzinfo=UTC)) == shown


def test_today_is_that_of_the_zone():
    late = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # still the 23rd in New York
    assert format.clock(AT, "America/New_York", since=late) == "2:02 PM"
    assert format.clock(AT, "UTC", since=late) == "Mon 7:02 PM"


@pytest.mark.parametrize("name", ["", "Nowhere/Land", "../etc/passwd", "\0", "America"])
def test_an_unknown_zone_is_shown_in_utc(name):
    assert format.moment(AT, name).endswith("7:02:05 PM UTC")


def test_a_day_needs_no_zone_and_a_moment_is_turned_into_it():
    assert format.day(date(2026, 1, 2)) == "Jan 2, 2026"
    assert format.day(datetime(2026, 1, 2, 3, tzinfo=UTC), "America/New_York") == "Jan 1, 2026"


def test_a_count_takes_the_plural_of_its_noun():
    assert [format.count(number, "number") for number in (0, 1, 2000)] == [
        "0 numbers",
        "1 number",
        "2,000 numbers",
    ]
    assert format.count(2, "entry", "entries") == "2 entries"


def test_ages_are_counted_by_the_clock_that_settings_name(settings):
    settings.UI_CLOCK = "tests.ui.test_format.tomorrow"
    assert format.age(AT) == "24 h ago"


def tomorrow() -> datetime:
    return AT + timedelta(days=1)
