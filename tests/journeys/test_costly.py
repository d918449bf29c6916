"""What a forward costs is said while its number is typed, on the button, and beside the number."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Visit, accessible, settled

HARBOR = "1000000001"


@pytest.mark.parametrize(("width", "number"), [(1280, "2015550115"), (390, "2015550116")])
def test_the_button_follows_what_is_typed_and_the_number_is_flagged(
    visit: Visit, width: int, number: str
):
    page = visit(f"/numbers/{number}/", login=HARBOR, width=width)
    page.get_by_role("link", name="Change call forwarding").click()
    field = page.get_by_label("Forward all calls to")
    press = page.locator("#numbers-forward-press")
    settled(page)
    beside = page.locator("#numbers-forward-weight")
    field.press_sequentially("8765551234")
    expect(press).to_have_text("Forward to Jamaica")
    expect(beside).to_contain_text("billed at international rates")
    expect(field).to_have_value("8765551234")
    accessible(page)
    field.fill("9175550142")
    expect(press).to_have_text("Forward calls")
    expect(beside).to_be_empty()
    field.fill("312-976-5550")
    expect(press).to_have_text("Forward to a premium line")
    field.fill("\u202a+1 876\u2011555\u20111234\u202c")
    expect(press).to_have_text("Forward to Jamaica")
    press.click()
    row = page.locator("#numbers-forward")
    expect(row).to_contain_text("All calls go to (876) 555-1234 (Jamaica)")
    expect(page.locator("#numbers-title-flags")).to_contain_text("Forwards to Jamaica")
    expect(page.locator("#numbers-costs")).to_contain_text("Calls are forwarded to Jamaica.")
    settled(page)
    accessible(page)
    page.get_by_role("button", name="Keep forwarding to Jamaica").click()
    expect(page.locator("#numbers-costs")).to_be_empty()
    page.get_by_role("link", name="Change call forwarding").click()
    page.get_by_role("button", name="Stop forwarding", exact=True).click()
    expect(row).to_contain_text("Not forwarded")
