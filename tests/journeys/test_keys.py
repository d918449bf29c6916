"""Without a mouse: backwards through a page, through a list by single keys, and out of a form."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Visit, measure, settled

HARBOR = "1000000001"
COVERED = measure("covered")


@pytest.mark.parametrize("path", ["/numbers/", "/numbers/2015550110/", "/settings/security/"])
def test_walking_backwards_the_focus_is_never_under_the_header(visit: Visit, path: str) -> None:
    page = visit(path, login=HARBOR)
    page.wait_for_load_state("networkidle")  # the panels that load by themselves are there
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.locator("main :is(a[href], button:not([hidden]), input)").last.focus()
    hidden, walked = [], 0
    for _ in range(45):
        page.keyboard.press("Shift+Tab")
        walked += page.evaluate("document.activeElement !== document.body")
        if found := page.evaluate(COVERED):
            hidden.append(found)
    assert hidden == []
    assert walked > 20


def test_a_list_is_walked_by_single_keys_unless_they_are_off(visit: Visit) -> None:
    page = visit("/numbers/", login=HARBOR)
    links = page.locator("#numbers-table tbody tr td:is(:first-child, .tick-cell + td) a")
    expect(links).to_have_count(24)
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard and help")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Ruth Okafor: your menu").click()
    page.get_by_role("group", name="Single-key shortcuts").get_by_role("button", name="Off").click()
    page.keyboard.press("Escape")
    for key in ("j", "/", "?"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Control+k")
    expect(page.locator("#search")).to_be_focused()


def test_the_search_box_jumps_to_a_number_and_to_a_page(visit: Visit) -> None:
    page = visit("/billing/", login=HARBOR)
    page.keyboard.press("Control+k")
    page.keyboard.type("two-step")
    expect(page.locator("#jump-list").get_by_role("link", name="Security")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/settings/security/$"))
    page.keyboard.press("Control+k")
    page.keyboard.type("(201) 555-0117")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/numbers/2015550117/$"))


def test_escape_closes_a_form_in_its_row_and_the_focus_returns(visit: Visit) -> None:
    page = visit("/numbers/2015550117/", login=HARBOR)
    page.get_by_role("link", name="Change call forwarding").click()
    expect(page.get_by_label("Forward all calls to")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Forward all calls to")).to_have_count(0)
    expect(page.get_by_role("link", name="Change call forwarding")).to_be_focused()


def test_a_copy_button_without_a_clipboard_says_so_and_selects_the_digits(visit: Visit) -> None:
    page = visit("/numbers/2015550117/", login=HARBOR)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    settled(page)
    page.locator("main .copy-button").first.click()
    expect(page.locator("#say")).to_contain_text("This browser can't copy here.")
    assert page.evaluate("getSelection().toString()") == "(201) 555-0117"


def test_a_password_is_shown_while_its_button_is_pressed(visit: Visit) -> None:
    page = visit("/login/")
    box = page.get_by_label("Password", exact=True)
    box.fill("correct horse")
    page.get_by_role("button", name="Show").click()
    expect(box).to_have_attribute("type", "text")
    page.get_by_role("button", name="Show").click()
    expect(box).to_have_attribute("type", "password")
