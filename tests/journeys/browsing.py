"""A page in headless Chromium, with an ear for everything that goes wrong in it, and axe."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
)

from apps.home.management.commands.seed_demo import STAFF_SECRET

PASSWORD = "demo1234"
WIDTHS = {390: 844, 1280: 800}
# Kept in the page and told by the page: the event fires where the violation happens.
EAR = (
    "document.addEventListener('securitypolicyviolation', e => console.error('CSP ' +"
    " e.violatedDirective + ' ' + e.blockedURI))"
)

# with wcag22aa come targets of at least 24 px, which axe leaves out unless it's asked
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

expect.set_options(timeout=10_000)


class Visit(Protocol):
    def __call__(
        self,
        path: str = "/",
        *,
        login: str = "",
        width: int = 1280,
        theme: str = "light",
        javascript: bool = True,
        refused: tuple[int, ...] = (),
    ) -> Page: ...


@dataclass
class Visitor:
    """Opens pages for one journey and remembers what went wrong in them."""

    url: str
    browser: Browser
    cookies: Callable[[str], list[Any]]
    contexts: list[BrowserContext] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def open(
        self,
        path: str = "/",
        *,
        login: str = "",
        width: int = 1280,
        theme: str = "light",
        javascript: bool = True,
        refused: tuple[int, ...] = (),
    ) -> Page:
        """A page of its own context.

        `refused`: statuses of 400 and more that this journey means to get.
        """
        context = self.browser.new_context(
            base_url=self.url,
            viewport={"width": width, "height": WIDTHS[width]},
            color_scheme=theme,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            is_mobile=width < 500,
            has_touch=width < 500,
        )
        self.contexts.append(context)
        if login:
            context.add_cookies(self.cookies(login))
        if javascript:
            context.add_init_script(EAR)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: self.heard(message, refused))
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("request", self.asked)
        page.on("response", lambda answer: self.answered(answer, refused))
        page.goto(path)
        return page

    def heard(self, message: ConsoleMessage, refused: tuple[int, ...]) -> None:
        if message.type not in {"error", "warning"}:
            return
        if any(f"status of {status} " in message.text for status in refused):
            return
        # htmx tells of each refused answer once more, in its own words.
        if refused and message.text.startswith("Response Status Error Code "):
            return
        self.problems.append(f"console {message.type}: {message.text}")

    def asked(self, request: Request) -> None:
        if request.url.startswith("data:"):
            return
        if urlsplit(request.url).netloc != urlsplit(self.url).netloc:
            self.problems.append(f"request to another host: {request.url}")

    def answered(self, answer: Response, refused: tuple[int, ...]) -> None:
        if answer.status >= 400 and answer.status not in refused:
            self.problems.append(f"{answer.status} for {urlsplit(answer.url).path}")

    def keep(self, folder: Path) -> None:
        """Pictures of what a failed journey last showed."""
        folder.mkdir(parents=True, exist_ok=True)
        for number, context in enumerate(self.contexts):
            for page in context.pages:
                page.screenshot(path=folder / f"{number}.png", full_page=True)

    def close(self) -> list[str]:
        for context in self.contexts:
            context.close()
        return self.problems


def sign_in(page: Page, url: str, login: str) -> None:
    page.goto(url + "/login/")
    page.get_by_label("Email address or account number").fill(login)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: not address.endswith("/login/"))
    if page.url.endswith("/login/code/"):  # staff
        page.get_by_label("Code").fill(code(STAFF_SECRET))
        page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/login/" not in address)


def code(secret: str, steps: int = 0) -> str:
    """What an authenticator app shows now, or that many half minutes later. Each code works once,
    and those before it no more.

    One of the half minute before works until this one is over: with less than eight seconds left of
    it, the next is waited for.
    """
    left = 30 - time.time() % 30
    if steps < 0 and left < 8:
        time.sleep(left)
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def accessible(page: Page) -> None:
    """axe finds nothing on what the page shows now; and no line is wider than the window."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    wider = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wider <= 0, f"{page.url} is {wider} px wider than the window"


def everywhere(page: Page) -> None:
    """axe finds nothing in either theme at either width."""
    for width, height in WIDTHS.items():
        for theme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            # colours on their way are nobody's; a page that waits moves its dots for ever
            page.wait_for_timeout(300)
            accessible(page)


def follow_mail(page: Page, subject: str, to: str) -> None:
    """Open the link of the newest letter with that subject to that address."""
    row = page.locator("li.row", has_text=to).filter(has_text=subject)
    for _ in range(60):
        page.goto("/_mail/")
        if row.count():
            break
        page.wait_for_timeout(500)
    row.first.get_by_role("link").click()
    page.goto(page.locator(".letter a").first.get_attribute("href") or "")


def measure(name: str) -> str:
    """A function for page.evaluate that returns what is wrong with the page, in words."""
    return (Path(__file__).parent / "measures" / f"{name}.js").read_text()


def settled(page: Page) -> None:
    """Nothing on the page is still asking or waiting."""
    page.wait_for_function(
        "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"
    )
