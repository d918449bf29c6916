"""Whole lists as CSV and XLSX: what a program reads back is what was shown, and nothing runs."""

import time
from datetime import UTC, datetime

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from apps.accounts.models import Account
from apps.ui.lists.cells import RISKY, UNSEEN, defused, shown
from apps.ui.lists.export import csv_of, xlsx_of
from apps.ui.lists.page import by_key
from apps.ui.lists.spec import Column, ListSpec
from apps.ui.lists.xlsx import workbook
from tests.ui.files import csv_rows, xlsx_sheets

SPEC = ListSpec(
    (
        Column("name", "Name, or “label”", "name", order=("name",), text=lambda row: row[0]),
        Column("flags", "Drawn only"),
        Column("count", "Count", text=lambda row: row[1]),
        Column("at", "At", text=lambda row: row[2]),
    ),
    default_sort="name",
)
HEADER = ["Name, or “label”", "Count", "At"]
TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)
MOMENTS = st.none() | st.datetimes(
    datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)
)
ROWS = st.lists(st.tuples(TEXTS, st.integers(-(10**12), 10**12), MOMENTS), max_size=8)


def content(response):
    return b"".join(response.streaming_content)


@given(ROWS)
@example([("=1+1", 1, None), ('a "quoted", text\r\nof two lines', -5, None), ("\0=1", 0, None)])
def test_csv_reads_back_as_what_was_shown(rows):
    read = csv_rows(csv_of("toys", SPEC, rows, "America/New_York"))
    expected = [[str(shown(cell, "America/New_York")) for cell in row] for row in rows]
    assert read == [HEADER, *expected]


@given(ROWS)
@example([("=1+1", 1, None), ("<b> & \r\n\t</t>", -5, None), ("\0=1\x0b", 0, None)])
def test_xlsx_reads_back_as_what_was_shown(rows):
    (read,) = xlsx_sheets(content(xlsx_of("toys", SPEC, rows, "America/New_York")))
    assert read == [HEADER, *([shown(cell, "America/New_York") for cell in row] for row in rows)]


@given(TEXTS | st.tuples(st.sampled_from(sorted(RISKY)), TEXTS).map("".join))
def test_no_cell_begins_as_a_formula_does_and_none_loses_what_can_be_seen(text):
    cell = defused(text)
    assert cell[:1] not in RISKY
    assert cell.removeprefix("'") in {UNSEEN.sub("", text), UNSEEN.sub("", text).removeprefix("'")}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\0"])
def test_each_sign_of_a_formula_is_defused(sign):
    assert defused(f"{sign}SUM(A1)") == "'" + f"{sign}SUM(A1)".replace("\0", "")
    assert defused(f"A1{sign}") == f"A1{sign}".replace("\0", "")


@given(TEXTS)
def test_a_text_that_no_program_takes_for_a_formula_stays_as_it_is(text):
    if text.isprintable() and text[:1] not in RISKY:
        assert defused(text) == text


def test_moments_carry_the_zone_through_a_change_of_clocks():
    autumn = [datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (5, 6)]
    assert [shown(at, "America/New_York") for at in autumn] == [
        "2026-11-01 01:30:00 EDT",
        "2026-11-01 01:30:00 EST",
    ]
    assert shown(None, "America/New_York") == ""


def test_a_telephone_number_stays_a_text():
    (read,) = xlsx_sheets(content(xlsx_of("toys", SPEC, [("2015551234", 7, None)], "UTC")))
    assert read[1] == ["2015551234", 7, ""]


def test_a_file_is_an_attachment_by_our_name_and_never_kept():
    for made, name, kind in (
        (csv_of, "toys.csv", "text/csv; charset=utf-8"),
        (xlsx_of, "toys.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ):
        response = made("toys", SPEC, [], "UTC")
        assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response.headers["Content-Type"] == kind
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("made", [csv_of, xlsx_of])
def test_rows_are_sent_as_they_are_read(made):
    """A list without end: what was sent after the first part holds no more than a few of it."""
    read = 0

    def endless():
        nonlocal read
        while True:
            read += 1
            yield (f"row {read}", read, None)

    sent = iter(made("toys", SPEC, endless(), "UTC").streaming_content)
    parts = [next(sent) for _ in range(4)]
    assert all(parts)
    assert read <= 10 * 2000


@pytest.mark.parametrize("count", [0, 1, 4, 5, 8, 9, 13])
def test_rows_beyond_a_sheet_go_on_in_the_next(count):
    parts = [[["Name"]], *([[f"a{each}"], [f"b{each}"]] for each in range(count // 2))]
    parts += [[["last"]]] if count % 2 else []
    rows = [row for part in parts[1:] for row in part]
    sheets = xlsx_sheets(b"".join(workbook(iter(parts), tallest=5)))
    assert all(sheet[0] == ["Name"] and len(sheet) <= 5 for sheet in sheets)
    assert [row for sheet in sheets for row in sheet[1:]] == rows
    assert len(sheets) == max(1, -(-count // 4))


def test_a_cell_holds_as_much_as_a_spreadsheet_opens():
    (read,) = xlsx_sheets(content(xlsx_of("toys", SPEC, [("x" * 40_000, 1, None)], "UTC")))
    assert read[1][0] == "x" * 32_767


@pytest.mark.django_db(transaction=True)
def test_no_connection_is_held_while_a_reader_takes_a_page(transactional_db):
    Account.objects.bulk_create(Account(number=f"{2000000000 + each}") for each in range(7))
    rows = by_key(Account.objects.all(), ("number",), size=3)
    seen = []
    for each in rows:
        seen.append(each.number)
        assert not connection.in_atomic_block
        if connection.connection is not None:  # SQLite keeps its file open
            assert connection.close_at is None
            assert connection.vendor == "sqlite"
    assert len(seen) == 7


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_not_kept_is_given_back_after_each_page(transactional_db):
    Account.objects.bulk_create(Account(number=f"{2000000000 + each}") for each in range(7))
    rows = by_key(Account.objects.all(), ("number",), size=3)
    connection.close_at = time.monotonic()
    next(rows)
    assert connection.connection is None
    assert len(list(rows)) == 6
