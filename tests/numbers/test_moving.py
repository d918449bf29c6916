"""A change under way shows in its value's row, the list and the activity, until it settles."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import Account
from apps.changes import machine
from apps.changes.engine import tokens
from apps.changes.models import Entry
from apps.changes.states import State, shown
from tests.numbers.looking import FIRST, FORWARDED, FRAGMENT
from tests.pages import flat

LIST, ACTIVITY = "numbers-table", "changes-journal"
ADDRESSES = {LIST: "/numbers/", ACTIVITY: "/settings/audit/"}
MARKS = {LIST: '<td role="cell" class="row-status">', ACTIVITY: ""}


@pytest.fixture
def entry(harbor: Account, manager: Client, changes: Any) -> Entry:
    """A change that waits to be sent."""
    changes.later()
    fields = {"token": tokens.mint(), "to": "9175550188"}
    manager.post(f"/numbers/{FIRST}/forward/", fields, **FRAGMENT)
    return Entry.objects.of(harbor).get()


def polled(browser: Client, part: str) -> HttpResponse:
    """What the part gets when it looks again."""
    asks = {"HTTP_HX_TARGET": part, "HTTP_HX_TRIGGER": part}
    return browser.get(ADDRESSES[part], **FRAGMENT, **asks)


@pytest.mark.parametrize("part", [LIST, ACTIVITY])
def test_a_row_shows_what_is_under_way_and_looks_again_until_it_settles(
    entry: Entry, viewer: Client, part: str
) -> None:
    label = shown(State.READY).word
    badge = f'{MARKS[part]}<span class="badge badge-neutral">{label}</span>'
    page = flat(viewer.get(ADDRESSES[part]))
    assert badge in page
    assert "every 3s" in page
    waiting = polled(viewer, part)
    assert (waiting.status_code, badge in flat(waiting)) == (200, True)
    machine.run(entry.pk)  # noticed by a worker, or by anyone's page
    settled = polled(viewer, part)
    assert settled.status_code == 286
    assert "every 3s" not in flat(settled)
    assert label not in flat(settled).partition("<table")[2]
    assert "(917) 555-0188" in flat(settled), "what it came to shows in the same look"


def test_a_part_at_rest_that_a_person_asks_for_is_no_poll(harbor: Account, viewer: Client) -> None:
    for part, address in ADDRESSES.items():
        answer = viewer.get(f"{address}?q=5550", **FRAGMENT, HTTP_HX_TARGET=part)
        assert answer.status_code == 200
        assert 'class="list-part"' in flat(answer)


def test_only_the_row_of_that_number_is_marked_and_only_on_its_account(
    entry: Entry, viewer: Client
) -> None:
    row = flat(viewer.get("/numbers/")).partition(f'href="/numbers/{FORWARDED}/"')[2]
    assert "every 3s" in flat(viewer.get("/numbers/"))
    assert "badge" not in row.partition("</tr>")[0]
    assert "(201) 555-0113" in row.partition("</tr>")[0]
    Entry.objects.of(entry.account).filter(pk=entry.pk).update(thing="gateway", lane="gateway:12")
    assert "every 3s" not in flat(viewer.get("/numbers/"))


def test_what_is_looked_for_after_a_lost_answer_is_asked_for_less_often(
    entry: Entry, viewer: Client
) -> None:
    Entry.objects.of(entry.account).filter(pk=entry.pk).update(state=State.DOUBT)
    for address in ADDRESSES.values():
        page = flat(viewer.get(address))
        assert f'<span class="badge badge-info">{shown(State.DOUBT).word}</span>' in page
        assert "every 20s" in page


def test_the_value_under_change_says_so_until_it_settles(entry: Entry, manager: Client) -> None:
    page = flat(manager.get(f"/numbers/{FIRST}/"))
    row = page.partition('id="numbers-forward"')[2].partition("</div>")[0]
    assert f'<span class="badge badge-neutral">{shown(State.READY).word}</span>' in row
    assert f'hx-get="/changes/{entry.pk}/"' in page
    machine.run(entry.pk)
    strip = manager.get(f"/changes/{entry.pk}/", **FRAGMENT)
    assert (strip.status_code, strip["HX-Trigger"]) == (286, "change-settled")
    row = flat(manager.get(f"/numbers/{FIRST}/settings/?entry={entry.pk}", **FRAGMENT))
    assert "All calls go to (917) 555-0188" in row
    assert shown(State.READY).word not in row
