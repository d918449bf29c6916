"""The activity page as a file: what it shows, all pages, for who may see it."""

from typing import Any

import pytest

from apps.audit.models import Event
from apps.audit.services import record
from apps.changes.models import Entry
from tests.changes.world import Keep, World
from tests.ui.files import csv_rows

CSV = "/settings/audit/export.csv"


@pytest.fixture
def activity(changes: Any, cast: Any, world: World, press: Any) -> None:
    for value in ("first", "second"):
        press(Keep(cast.harbor, "2015551234", value=value))
    record(cast.viewer, cast.harbor, "profile_changed")
    record(cast.stranger, cast.northwind, "key_asked")


def test_it_has_what_the_page_shows_in_its_order(activity: None, cast: Any, sign_in: Any) -> None:
    header, *rows = csv_rows(sign_in(cast.owner).get(CSV))
    assert header == ["When", "What", "State", "Who", "In words"]
    assert [row[1] for row in rows] == [
        "Changed their profile",
        "Keep second for 2015551234",
        "Keep first for 2015551234",
    ]
    assert rows[1][2:4] == ["Done", "Owner Harbor (owner@harbor.test)"]
    assert rows[0][0].endswith((" EST", " EDT"))


def test_its_times_are_of_the_account_s_zone(activity: None, cast: Any, sign_in: Any) -> None:
    cast.harbor.zone = "America/Los_Angeles"
    cast.harbor.save()
    _, *rows = csv_rows(sign_in(cast.owner).get(CSV))
    assert all(row[0][-4:] in {" PST", " PDT"} for row in rows)


@pytest.mark.parametrize(
    ("query", "found"),
    [("?q=first", 1), ("?of=people", 1), ("?state=refused", 0), ("?size=1&page=2", 3)],
)
def test_it_is_narrowed_as_the_page_is_but_has_all_pages(
    activity: None, cast: Any, sign_in: Any, query: str, found: int
) -> None:
    assert len(csv_rows(sign_in(cast.owner).get(CSV + query))) == 1 + found


def test_what_others_did_here_is_for_owners_here_too(
    activity: None, cast: Any, sign_in: Any
) -> None:
    whats = [row[1] for row in csv_rows(sign_in(cast.manager).get(CSV))[1:]]
    assert whats == ["Keep second for 2015551234", "Keep first for 2015551234"]


def test_pages_by_key_hold_both_tables_at_the_same_moment(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any, monkeypatch: Any
) -> None:
    """Changes and events of one moment, and of one key, over the ends of pages."""
    monkeypatch.setattr("apps.ui.lists.page.PAGE", 3)
    for number in range(10):
        press(Keep(cast.harbor, str(number), value="new"))
        record(cast.owner, cast.harbor, "profile_changed", str(number))
    moment = Entry.objects.of(cast.harbor).latest("pk").created_at
    Entry.objects.of(cast.harbor).update(created_at=moment)
    Event.objects.of(cast.harbor).update(at=moment)
    for sort in ("at", "-at"):
        _, *rows = csv_rows(sign_in(cast.owner).get(f"{CSV}?sort={sort}"))
        assert len(rows) == len({row[1] for row in rows}) == 20


def test_the_page_leads_to_its_files(activity: None, cast: Any, sign_in: Any) -> None:
    html = sign_in(cast.owner).get("/settings/audit/?q=first&page=1").content.decode()
    for name in ("export.csv", "export.xlsx"):
        asked = f"q=first&amp;account={cast.harbor.number}"
        assert f'href="/settings/audit/{name}?{asked}"' in html
