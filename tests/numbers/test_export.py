"""The numbers as a file: what the list shows, all pages."""

import pytest

from tests.numbers.looking import FIRST, FORWARDED
from tests.ui.files import csv_rows

CSV = "/numbers/export.csv"


def test_it_has_what_the_list_shows(viewer):
    header, *rows = csv_rows(viewer.get(CSV))
    assert header == [
        "Number",
        "Label",
        "Route",
        "Forwards to",
        "Services",
        "Changed",
        "Changed by",
    ]
    assert len(rows) == 24
    row = next(row for row in rows if row[0] == "(201) 555-0113")
    assert row[3] == "(201) 555-0199"
    assert FORWARDED == "2015550113"


@pytest.mark.parametrize("sort", ["number", "-number", "label", "-label", "route", "forward"])
def test_it_has_the_order_of_the_list_over_pages_of_keys(sort, viewer, monkeypatch):
    monkeypatch.setattr("apps.ui.lists.page.PAGE", 5)
    _, *rows = csv_rows(viewer.get(f"{CSV}?sort={sort}"))
    page = viewer.get(f"/numbers/?sort={sort}")
    assert [row[0] for row in rows] == [row.phone for row in page.context["listing"].rows]


@pytest.mark.parametrize("query", ["?q=0113", "?q=*3", "?sms=1", "?sms=0&forwarded=1", "?q=zzz"])
def test_it_is_narrowed_as_the_list_is(query, viewer):
    _, *rows = csv_rows(viewer.get(CSV + query))
    page = viewer.get("/numbers/" + query)
    assert [row[0] for row in rows] == [row.phone for row in page.context["listing"].rows]


def test_the_list_leads_to_its_files(viewer):
    html = viewer.get("/numbers/?sort=-label&q=55&size=100").content.decode()
    assert 'href="/numbers/export.csv?q=55&amp;sort=-label&amp;account=1000000001"' in html
    assert FIRST in html
