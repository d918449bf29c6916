"""A form filled in and sent as a browser does it: with all that is hidden in it."""

import re
from html import unescape
from typing import Any

FORM = re.compile(r"<form\b(?P<tag>[^>]*)>(?P<inside>.*?)</form>", re.DOTALL)
FIELD = re.compile(r"<(?:input|textarea)\b([^>]*)>(?:([^<]*)</textarea>)?")
ATTRIBUTE = re.compile(r"([a-z-]+)=\"([^\"]*)\"")


def fields(page: Any, action: str) -> dict[str, str]:
    """What the form with that action would send, untouched."""
    for form in FORM.finditer(page.content.decode()):
        if dict(ATTRIBUTE.findall(form["tag"])).get("action") != action:
            continue
        found = {}
        for tag, inside in FIELD.findall(form["inside"]):
            given = {name: unescape(value) for name, value in ATTRIBUTE.findall(tag)}
            if "name" in given and given.get("type") != "checkbox":
                found[given["name"]] = given.get("value", unescape(inside).removeprefix("\n"))
        return found
    raise AssertionError(f"no form sends to {action}")


def send(browser: Any, page: str, action: str = "", follow: bool = False, **typed: str) -> Any:
    """Open a page, fill in the form that sends to `action` (the page itself), send it."""
    form = fields(browser.get(page), action or page.split("?")[0])
    return browser.post(action or page.split("?")[0], form | typed, follow=follow)
