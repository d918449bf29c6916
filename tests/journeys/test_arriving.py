"""How people arrive, with the mail at /_mail/: a stranger connects an account, an invited manager
joins, a lost password is set anew.
"""

from contextlib import suppress

from playwright.sync_api import expect

from tests.journeys.browsing import Visit, everywhere, follow_mail
from tests.portal.running import Running

NEW = "four unrelated garden words"


def test_lark_studio_connects_from_nothing_and_sees_its_numbers(
    demo: Running, visit: Visit
) -> None:
    page = visit("/login/")
    page.get_by_role("link", name="New here?").click()
    everywhere(page)
    page.get_by_label("Your email address").fill("lark@demo.test")
    page.get_by_role("button", name="Mail me a link").click()
    expect(page.get_by_text("A link is on its way.")).to_be_visible()
    everywhere(page)
    follow_mail(page, "Connect your VoiceTel account", "lark@demo.test")
    page.get_by_label("VoiceTel account number").fill("100-000-0004")
    page.get_by_label("VoiceTel password or API key").fill("demo1234")
    page.get_by_label("A new password for this portal").fill(NEW)
    everywhere(page)
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("wait here")).to_be_visible()
    everywhere(page)
    connected = page.get_by_text("Lark Studio is connected").or_(
        page.get_by_text("1000000004 is connected")
    )
    # a newcomer's call keeps its distance from the last one, and people of other journeys may have
    # had the hour
    for _ in range(12):
        demo.manage("clock", "--advance", "600")
        with suppress(AssertionError):
            expect(connected).to_be_visible(timeout=15_000)
            break
    expect(connected).to_be_visible()
    everywhere(page)
    page.get_by_role("button", name="Go to ").click()
    page.goto("/numbers/")
    for _ in range(90):
        if page.get_by_role("link", name="(503) 555-0141").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(page.locator("#numbers-count").filter(has_text="3 numbers")).to_be_visible()
    follow_mail(page, "VoiceTel account 1000000004 is connected", "lark@demo.test")
    expect(page).to_have_url(f"{demo.url}/numbers/")


def test_an_invited_manager_joins(visit: Visit) -> None:
    owner = visit("/settings/members/", login="1000000001")
    owner.get_by_label("Email address").fill("nora@person.example")
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
    owner.get_by_role("button", name="Remove member").click()
    expect(owner.get_by_text("Nora Quist is removed.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Connect an account")).to_be_visible()


def test_a_lost_portal_password_is_set_anew_in_a_browser(visit: Visit) -> None:
    """Of somebody whom no other journey signs in as: the order of journeys is drawn."""
    page = visit("/recover/")
    page.get_by_label("Email address or account number").fill("northwind@demo.test")
    page.get_by_role("button", name="Mail me a link").click()
    follow_mail(page, "Reset your VoiceTel portal password", "northwind@demo.test")
    page.get_by_label("New password").fill(NEW)
    page.get_by_role("button", name="Set the new password").click()
    expect(page.get_by_text("Your new password is set.")).to_be_visible()
