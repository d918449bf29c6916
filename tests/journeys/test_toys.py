"""What a test adds in a few lines works in a browser like what a release has."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from apps.copies.services import look
from apps.numbers import sources
from tests.cast import Cast
from tests.journeys.browsing import EAR, settled
from tests.numbers.looking import FIRST


@pytest.mark.usefixtures("toy_setting", "changes")
def test_a_toy_setting_opens_in_place_is_saved_and_taken_back(
    transactional_db: None,
    sandbox: Any,
    cast: Cast,
    sign_in: Any,
    live_server: Any,
    chromium: Browser,
) -> None:
    for source in (sources.numbers, sources.gateways):
        look(cast.harbor, source)
    cookies = sign_in(cast.manager).cookies
    context = chromium.new_context(base_url=live_server.url)
    context.add_cookies(
        [
            {"name": name, "value": each.value, "url": live_server.url}
            for name, each in cookies.items()
        ]
    )
    context.add_init_script(EAR)
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.goto(f"/numbers/{FIRST}/")
    toy = page.locator("#numbers-toy")
    page.get_by_role("link", name="Change Label").click()
    page.get_by_label("Label", exact=True).fill("half typed")
    page.get_by_role("link", name="Change Toy").click()
    page.get_by_label("Toy number").fill("(201) 555-0177")
    toy.get_by_role("button", name="Save").click()
    expect(toy).to_contain_text("Was: 2015550110")
    expect(toy).to_contain_text("2015550177")
    expect(page.locator("#numbers-translation")).to_contain_text("(201) 555-0177")
    expect(page.get_by_label("Label", exact=True)).to_have_value("half typed")
    settled(page)
    toy.get_by_role("button", name="Undo").click()
    expect(page.locator("#numbers-translation")).to_contain_text("As dialed")
    expect(page.get_by_label("Label", exact=True)).to_have_value("half typed")
    assert sandbox.number_of(cast.harbor.number, FIRST).translated == FIRST
    context.close()
    assert problems == []
