"""How people arrive, with the mail at /_mail/: a stranger connects an account, an invited manager joins, a lost password is set anew."""

import os
import subprocess
import sys

from playwright.sync_api import Page, expect

from tests.journeys.browsing import WIDTHS, Visit, accessible
from tests.portal.running import OF_TESTS, ROOT, Running

NEW = "four unrelated garden words"


def everywhere(page: Page) -> None:
    """axe finds nothing in either theme at either width."""
    for width, height in WIDTHS.items():
        for theme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            page.wait_for_timeout(300)  # colours on their way are nobody's; a page that waits moves its dots for ever
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


def pass_time(demo: Running, seconds: int) -> None:
    """The demo's clock, the provider's and ours together."""
    command = [sys.executable, "manage.py", "clock", "--advance", str(seconds)]
    given = {name: value for name, value in os.environ.items() if name not in OF_TESTS}
    subprocess.run(command, cwd=ROOT, env={**given, "DATA_DIR": str(demo.data)}, check=True, capture_output=True)


def test_lark_studio_connects_from_nothing_and_sees_its_numbers(demo: Running, visit: Visit) -> None:
    page = visit("/login/")
    page.get_by_role("link", name="First time here?").click()
    everywhere(page)
    page.get_by_label("Your e-mail address").fill("lark@demo.test")
    page.get_by_role("button", name="Mail me a link").click()
    expect(page.get_by_text("A link is on its way.")).to_be_visible()
    everywhere(page)
    follow_mail(page, "Connect your VoiceTel account", "lark@demo.test")
    page.get_by_label("VoiceTel account number").fill("100-000-0004")
    page.get_by_label("VoiceTel password or API key").fill("demo1234")
    page.get_by_label("A new password for this portal").fill(NEW)
    everywhere(page)
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("You need not wait here")).to_be_visible()
    everywhere(page)
    pass_time(demo, 600)  # a newcomer's call keeps its distance from the last one
    expect(page.get_by_text("Lark Studio is connected").or_(page.get_by_text("1000000004 is connected"))).to_be_visible(timeout=60_000)
    everywhere(page)
    page.get_by_role("button", name="Open it").click()
    page.goto("/numbers/")
    for _ in range(90):
        if page.get_by_role("link", name="(503) 555-0141").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(page.get_by_role("status").filter(has_text="3 numbers").first).to_be_visible()
    follow_mail(page, "VoiceTel account 1000000004 is connected", "lark@demo.test")
    expect(page).to_have_url(f"{demo.url}/numbers/")


def test_an_invited_manager_joins(visit: Visit) -> None:
    owner = visit("/settings/members/", login="1000000001")
    owner.get_by_label("E-mail address").fill("nora@person.example")
    owner.get_by_label("Role", exact=True).select_option("manager")
    owner.get_by_role("button", name="Invite", exact=True).click()
    expect(owner.get_by_text("nora@person.example is invited.")).to_be_visible()
    everywhere(owner)
    page = visit("/_mail/")
    follow_mail(page, "invites you to Harbor Dental", "nora@person.example")
    everywhere(page)
    page.get_by_label("Your name").fill("Nora Quist")
    page.get_by_label("A password for this portal").fill(NEW)
    page.get_by_role("button", name="Accept and sign in").click()
    expect(page.get_by_role("heading", name="Harbor Dental")).to_be_visible()
    owner.reload()
    owner.get_by_role("link", name="Remove Nora Quist").click()
    everywhere(owner)
    owner.get_by_role("button", name="Remove", exact=True).click()
    expect(owner.get_by_text("Nora Quist is removed.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="Connect an account")).to_be_visible()


def test_a_lost_portal_password_is_set_anew_in_a_browser(visit: Visit) -> None:
    """Of somebody whom no other journey signs in as: the order of journeys is drawn."""
    page = visit("/recover/")
    page.get_by_label("E-mail address or account number").fill("northwind@demo.test")
    page.get_by_role("button", name="Mail me a link").click()
    follow_mail(page, "A new password for the VoiceTel portal", "northwind@demo.test")
    page.get_by_label("New password").fill(NEW)
    page.get_by_role("button", name="Set the new password").click()
    expect(page.get_by_text("Your new password is set.")).to_be_visible()
