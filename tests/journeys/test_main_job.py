"""The first customer's path: sign in, find a number, change it, see it come back, find it in the
journal, undo it.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver
from playwright.sync_api import Locator, Page, expect

from apps.numbers.settings import SETTINGS
from tests.journeys.browsing import PASSWORD, Visit, accessible, settled, sign_in
from tests.portal.running import Running

HARBOR = "1000000001"
WHO = "Ruth Okafor"


def shown(number: str) -> str:
    return f"({number[:3]}) {number[3:6]}-{number[6:]}"


def undo(number: str) -> re.Pattern[str]:
    """The name of the button that takes a new forwarding back; it says what it will do."""
    return re.compile(rf"Undo ?: stop forwarding {re.escape(shown(number))}")


def rows(page: Page) -> Locator:
    return page.locator("#numbers-table tbody tr")


def links(page: Page) -> Locator:
    """The links to the numbers' own pages; a row may have one more, to add a label."""
    return rows(page).locator("td:is(:first-child, .tick-cell + td) a")


def counted(demo: Running, operation: str, number: str = "") -> int:
    """Calls of an operation that the provider has seen."""
    found = demo.control("GET", f"requests?operation={operation}")
    return int(found["counts"].get(operation, 0))


# One number for each way of looking, so that no journey depends on another.
WAYS = [
    (1280, "light", "2015550110"),
    (1280, "dark", "2015550111"),
    (390, "light", "2015550112"),
    (390, "dark", "2015550114"),
]


@pytest.mark.parametrize(("width", "theme", "number"), WAYS)
def test_a_number_is_found_changed_seen_in_the_journal_and_changed_back(
    visit: Visit, demo: Running, width: int, theme: str, number: str
):
    page = visit("/numbers/", login=HARBOR, width=width, theme=theme)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Numbers")
    expect(rows(page)).to_have_count(24)
    accessible(page)

    # Search: the address follows, the count is announced, the list narrows.
    page.get_by_role("searchbox", name="Number or label").fill(number[-4:])
    expect(rows(page)).to_have_count(1)
    expect(page).to_have_url(re.compile(rf"[?&]q={number[-4:]}"))
    expect(page.locator("#say")).to_contain_text("1 of 24 numbers")
    accessible(page)

    # One number, its forwarding.
    links(page).click()
    expect(page).to_have_url(re.compile(rf"/numbers/{number}/$"))
    activity = page.locator("#numbers-journal")
    expect(activity.get_by_role("link", name="View what was changed")).to_have_count(0)
    earlier = activity.get_by_role("listitem").count()  # of the demo's story
    accessible(page)
    sent = counted(demo, "numbersForwardSet")
    page.get_by_role("link", name="Change call forwarding").click()
    page.get_by_label("Forward all calls to").fill("(917) 555-0142")
    accessible(page)
    page.get_by_role("button", name="Forward calls").click()
    forward = page.locator("#numbers-forward")
    expect(forward).to_contain_text("All calls go to (917) 555-0142")
    expect(forward).to_contain_text("Forwarding to (917) 555-0142.")
    assert counted(demo, "numbersForwardSet") == sent + 1
    settled(page)
    accessible(page)

    # Its route.
    page.get_by_role("link", name="Change route").click()
    choice = page.get_by_label("Send calls to")
    other = choice.locator("option:not([selected]):not([value=''])").first.inner_text()
    choice.select_option(label=other)
    page.get_by_role("button", name="Save route", exact=True).click()
    expect(page.locator("#numbers-route")).to_contain_text("Was: ")
    settled(page)
    accessible(page)

    # The journal knows who did it.
    page.goto("/settings/audit/")
    line = (
        page.get_by_role("row").filter(has_text=shown(number)).filter(has_text="Forwarding").first
    )  # the newest; the demo has older ones
    expect(line).to_contain_text("(917) 555-0142")
    expect(line).to_contain_text(WHO)
    expect(line).to_contain_text("Done")
    accessible(page)

    # Undo, there.
    line.get_by_role("link", name="(917) 555-0142").click()
    accessible(page)
    page.get_by_role("button", name=undo(number)).click()
    expect(page.locator("#say")).to_have_text("Forwarding is off.")
    page.goto(f"/numbers/{number}/")
    expect(page.locator("#numbers-forward")).to_contain_text("Not forwarded")
    expect(activity.get_by_role("listitem")).to_have_count(earlier + 3)


def test_lists_sort_and_the_order_is_in_the_address(visit: Visit):
    page = visit("/numbers/", login=HARBOR)
    expect(rows(page)).to_have_count(24)
    numbers = links(page).all_inner_texts()
    page.get_by_role("link", name="Number", exact=True).click()
    expect(page.get_by_role("columnheader", name="Number")).to_have_attribute(
        "aria-sort", "descending"
    )
    expect(links(page).first).to_have_text(numbers[-1])
    assert links(page).all_inner_texts() == numbers[::-1]
    page.reload()
    expect(links(page).first).to_have_text(numbers[-1])
    page.go_back()
    expect(links(page).first).to_have_text(numbers[0])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_way_in_is_plain_and_says_when_it_refuses(visit: Visit, width: int, theme: str):
    page = visit("/numbers/?q=555", width=width, theme=theme, refused=(422,))
    expect(page).to_have_url(re.compile("/login/"))
    accessible(page)
    page.get_by_label("Email address or account number").fill("nobody@demo.test")
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    accessible(page)


def test_somebody_who_opened_a_page_gets_there_after_signing_in(visit: Visit):
    page = visit("/numbers/?q=555")
    page.get_by_label("Email address or account number").fill(HARBOR)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/numbers/\?q=555"))


ALSO = [
    "numbers/?q=nothing-like-it",
    "settings/audit/?q=nothing-like-it",
    "nothing/here/",
    "numbers/2015550110/",
    "numbers/2015550110/leave/",
    *(f"numbers/2015550110/{each.name}/" for each in SETTINGS if each.form),
]


def every_address() -> list[str]:
    """Each address of the portal that needs no argument, from its own table; and a few states that
    no address names.
    """

    def found(patterns: list[Any], before: str) -> Iterator[str]:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from found(pattern.url_patterns, route)
            elif "<" not in route:
                yield route

    return [*found(get_resolver().url_patterns, ""), *ALSO]


@pytest.mark.parametrize(
    ("width", "theme"),
    [
        (1280, "light"),
        (390, "dark"),
        pytest.param(1280, "dark", marks=pytest.mark.slow),
        pytest.param(390, "light", marks=pytest.mark.slow),
    ],
)
def test_every_other_page_is_accessible_too(visit: Visit, width: int, theme: str):
    page = visit("/settings/", login=HARBOR, width=width, theme=theme, refused=(404,))
    seen = []
    for path in every_address():
        told = page.request.get("/" + path)
        if told.status != 405 and "html" in told.headers["content-type"]:
            page.goto("/" + path)
            settled(page)
            accessible(page)
            seen.append(path)
    assert len(seen) > 15


def test_after_signing_out_back_shows_nothing_and_the_browser_keeps_nothing(
    visit: Visit, demo: Running
):
    page = visit("/login/")
    sign_in(page, demo.url, HARBOR)
    page.goto("/numbers/")
    expect(rows(page)).to_have_count(24)
    links(page).first.click()
    expect(page.get_by_role("heading", name="Calls", exact=True)).to_be_visible()
    page.get_by_label(f"{WHO}: your menu").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/login/|/logout/|/$"))
    for _ in range(3):
        page.go_back()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        assert "555-01" not in page.content()
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "555" not in kept
    assert "numbers" not in kept


def test_forms_and_links_do_all_of_it_without_scripts(visit: Visit, demo: Running):
    number = "2015550115"
    page = visit("/numbers/", login=HARBOR, javascript=False, refused=(422,))
    expect(rows(page)).to_have_count(24)
    box = page.get_by_role("searchbox", name="Number or label")
    box.fill(number[-4:])
    box.press("Enter")
    expect(rows(page)).to_have_count(1)
    links(page).click()
    page.get_by_role("link", name="Change call forwarding").click()
    page.get_by_label("Forward all calls to").fill("123")
    page.get_by_role("button", name="Forward calls").click()
    expect(page.get_by_label("Forward all calls to")).to_have_value("123")
    page.get_by_label("Forward all calls to").fill("9175550142")
    page.get_by_role("button", name="Forward calls").click()
    expect(page).to_have_url(re.compile(rf"/numbers/{number}/"))
    page.goto(f"/numbers/{number}/")
    expect(page.locator("#numbers-forward")).to_contain_text("All calls go to (917) 555-0142")
    page.get_by_role("link", name="View what was changed on this number").click()
    page.get_by_role("link", name="Forwarding").first.click()
    page.get_by_role("button", name="Undo").click()
    page.goto(f"/numbers/{number}/")
    expect(page.locator("#numbers-forward")).to_contain_text("Not forwarded")


class Keys:
    """Somebody without a mouse: goes on with Tab until the thing has the focus, and sees where the
    focus is.
    """

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, thing: Locator, most: int = 60) -> None:
        for _ in range(most):
            if thing.evaluate("el => el === document.activeElement"):
                ring = thing.evaluate(
                    "el => { const s = getComputedStyle(el); return s.outlineStyle !== 'none' ||"
                    " s.boxShadow !== 'none' }"
                )
                assert ring, "what has the focus does not show it"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not come to {thing}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)


def test_all_of_it_goes_by_keyboard_alone(visit: Visit):
    number = "2015550116"
    page = visit("/login/")
    keys = Keys(page)
    keys.to(page.get_by_label("Email address or account number"))
    keys.type(HARBOR)
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    keys.to(
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Numbers", exact=True)
    )
    keys.press("Enter")
    expect(rows(page)).to_have_count(24)
    keys.press("/")
    keys.type(number[-4:])
    expect(rows(page)).to_have_count(1)
    keys.to(links(page))
    keys.press("Enter")
    keys.to(page.get_by_role("link", name="Change call forwarding"))
    keys.press("Enter")
    keys.to(page.get_by_label("Forward all calls to"))
    keys.type("9175550142")
    keys.press("Enter")
    expect(page.locator("#numbers-forward")).to_contain_text("Was: ")
    keys.to(page.get_by_role("button", name=undo(number)))
    keys.press("Enter")
    expect(page.locator("#numbers-forward")).to_contain_text("Not forwarded")
