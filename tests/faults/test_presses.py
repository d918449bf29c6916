"""One form posted twenty times at once: one change, one call."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.faults.stand import SETTLED_WITHIN, Browser, Stand, until

TIMES = 20


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, page[:2000]
    return found[1]


def open_form(browser: Browser, number: str) -> dict[str, str]:
    """The form of a number's forwarding as a browser would post it."""
    status, _, page = browser.send("GET", f"/numbers/{number}/forward/")
    assert status == 200
    form = page[page.index(f'action="/numbers/{number}/forward/"') :]
    return {
        "csrfmiddlewaretoken": hidden(form, "csrfmiddlewaretoken"),
        "token": hidden(form, "token"),
    }


def post(browser: Browser, number: str, form: dict[str, str]) -> tuple[int, float]:
    """(entry, seconds)."""
    began = time.monotonic()
    status, location, page = browser.send("POST", f"/numbers/{number}/forward/", form)
    seconds = time.monotonic() - began
    assert status == 303, (status, page[:2000])
    found = re.search(r"entry=(\d+)", location)
    assert found, location
    return int(found[1]), seconds


def calls(stand: Stand) -> int:
    return len(stand.provider.requests("numbersForwardSet"))


def test_twenty_posts_of_one_form_are_one_change(webbed: Stand) -> None:
    browser, number, before = Browser(webbed), webbed.take(1)[0], calls(webbed)
    form = open_form(browser, number) | {"to": "9175550142"}
    together = Barrier(TIMES)

    def press(_: int) -> int:
        together.wait()
        return post(browser, number, form)[0]

    with ThreadPoolExecutor(TIMES) as hands:
        entries = set(hands.map(press, range(TIMES)))
    assert len(entries) == 1
    until(
        lambda: set(webbed.ask("states", pks=list(entries)).values()) == {"done"},
        SETTLED_WITHIN,
        "it is done",
    )
    assert post(browser, number, form)[0] in entries, "Back, and pressed again"
    other_tab = open_form(browser, number) | {"to": "9175550142"}
    assert post(browser, number, other_tab)[0] in entries, "a second tab"
    assert (len(webbed.ask("entries_of", number=number)), calls(webbed) - before) == (1, 1)
    assert webbed.forwards()[number] == "9175550142"


def test_one_process_presses_one_form_twenty_times(webbed: Stand) -> None:
    number, before = webbed.take(1)[0], calls(webbed)
    assert webbed.ask("press_many", number=number, to="9175550143", times=TIMES, unique=True) == 1
    until(lambda: calls(webbed) > before, SETTLED_WITHIN, "it is sent")


def test_with_a_key_made_at_the_press_it_is_many(webbed: Stand, own_stand: Stand) -> None:
    """The control: without the form's own key each press is a change of its own."""
    number, before = webbed.take(1)[0], calls(webbed)
    rows = webbed.ask("press_many", number=number, to="9175550144", times=TIMES, unique=False)
    until(lambda: calls(webbed) - before == rows, 30, "each is sent")
    assert rows == TIMES
