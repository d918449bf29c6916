"""Presses of one form, as a browser sends them: its fields, and how long the answer took."""

import re
import time

from tests.faults.stand import Browser


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, page[:2000]
    return found[1]


def open_form(browser: Browser, number: str) -> dict[str, str]:
    """The form of a number's forwarding as a browser would post it."""
    status, location, page = browser.send("GET", f"/numbers/{number}/forward/")
    assert status == 200, (status, location, page[:2000])
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
