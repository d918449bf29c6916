"""Journeys: a real demo, a real browser.

Everything that a browser complains about fails the journey.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.browsing import Visit, Visitor, sign_in
from tests.portal.running import Running, start


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The whole demo, small, once for all journeys. Each journey changes a number of its own."""
    running = start(tmp_path_factory.mktemp("demo"))
    try:
        running.ready()
        yield running
    finally:
        if running.process.poll() is None:
            running.end()


@pytest.fixture(scope="session", autouse=True)
def _database_beside_the_browser() -> Iterator[None]:
    """The browser's event loop runs in the thread of the tests, which may use the database too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or "/usr/bin/chromium", args=arguments
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def cookies(demo: Running, chromium: Browser) -> Callable[[str], list[dict]]:
    """The cookies of somebody signed in, made once a person: signing in again and again is what
    throttles are for.
    """
    kept: dict[str, list[dict]] = {}

    def of(login: str) -> list[dict]:
        if login not in kept:
            context = chromium.new_context()
            page = context.new_page()
            sign_in(page, demo.url, login)
            kept[login] = context.cookies()
            context.close()
        return kept[login]

    return of


@pytest.fixture
def visit(
    request: pytest.FixtureRequest,
    demo: Running,
    chromium: Browser,
    cookies: Callable[[str], list[dict]],
) -> Iterator[Visit]:
    """Opens pages: visit("/numbers/", login="1000000001", width=390, theme="dark").

    At the end nothing may have gone wrong in any.
    """
    visitor = Visitor(demo.url, chromium, cookies)
    failed_before = request.session.testsfailed
    yield visitor.open
    if request.session.testsfailed > failed_before:
        shots = Path(os.environ.get("SHOTS") or request.config.rootpath / "var" / "journeys")
        visitor.keep(shots / re.sub(r"\W+", "-", request.node.name))
    problems = visitor.close()
    assert problems == []
