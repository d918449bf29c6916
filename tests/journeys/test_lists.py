"""The toy list of tests/ui/toys.py in a real browser: searched, filtered, sorted, chosen from,
exported.
"""

import csv
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browsing import Visitor, accessible, settled
from tests.portal.running import OF_TESTS, ROOT, Running, free_port, until

TOYS = "/toys/"
MADE = """
from apps.accounts.models import Account
Account.objects.bulk_create(
    Account(number=f"{2000000000 + n}", name=f"Box {n % 7}", key_state=("live", "dead")[n % 2])
    for n in range(118)
)
"""


@pytest.fixture(scope="module")
def shop(demo: Running) -> Iterator[str]:
    """The demo's portal once more, with the toy list in it: where it answers."""
    demo.manage("shell", "-c", MADE)
    port = free_port()
    given = {name: value for name, value in os.environ.items() if name not in OF_TESTS}
    words = ["runserver", "--noreload", "--settings", "tests.journeys.toy_settings", str(port)]
    child = subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=given | {"DATA_DIR": str(demo.data)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: child.poll() is not None or demo.get("/healthz", port)[0] == 200)
        yield f"http://localhost:{port}"
    finally:
        child.terminate()
        child.wait(10)


@pytest.fixture
def toys(
    shop: str, chromium: Browser, cookies: Callable[[str], list[dict]]
) -> Iterator[Callable[..., Page]]:
    """Opens the list, signed in; at the end nothing may have gone wrong in any page."""
    visitor = Visitor(shop, chromium, cookies)
    yield lambda **options: visitor.open(TOYS, login="1000000001", **options)
    assert visitor.close() == []


def announces(page: Page, words: re.Pattern[str]) -> None:
    """The count shows it; and once a part was swapped, the live region says it."""
    expect(page.locator(".list-count").filter(has_text=words)).to_be_visible()
    settled(page)
    said = page.locator("#say").inner_text()
    assert not said or words.search(said)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_list_is_searched_filtered_sorted_chosen_from_and_exported(
    toys: Callable[..., Page], scripts: bool
) -> None:
    # the form is answered by a bare line, for which a browser looks for an icon in vain
    page = toys(javascript=scripts, refused=(404,))
    announces(page, re.compile(r"All \d+ toys"))

    box = page.get_by_role("searchbox", name="Search toys")
    box.fill("box 3")
    box.press("Enter")
    announces(page, re.compile(r"^17 of \d+ toys"))
    page.get_by_text("Key", exact=True).click()
    page.get_by_role("link", name="Broken").click()
    announces(page, re.compile(r"^9 of \d+ toys"))
    page.get_by_role("columnheader", name="Number").get_by_role("link").click()
    page.wait_for_url("**sort=number**")
    announces(page, re.compile(r"^9 of \d+ toys"))
    first = page.get_by_role("row").nth(1)
    expect(first).to_contain_text("2000000003")
    if scripts:
        accessible(page)

    page.get_by_text("Export", exact=True).click()
    for name, file in (("CSV", "toys.csv"), ("Excel", "toys.xlsx")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.suggested_filename == file
        if name == "CSV":
            with download.value.path().open(encoding="utf-8-sig", newline="") as saved:
                rows = list(csv.reader(saved))
            assert len(rows) == 10
            assert rows[1] == ["Box 3", "2000000003"]

    page.get_by_role("checkbox", name="Select Box 3").first.check()
    page.get_by_role("button", name="Count").click()
    expect(page.get_by_text("1 chosen")).to_be_visible()
    page.go_back()
    page.get_by_role("checkbox", name="Select all 9 that match").check()
    page.get_by_role("button", name="Count").click()
    expect(page.get_by_text("9 chosen")).to_be_visible()
