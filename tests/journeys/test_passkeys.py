"""Passkeys, with a device that the browser itself plays: made, used alone and as the second step,
refused, lost and removed.
"""

import re

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.journeys.browsing import Visit, everywhere, follow_mail
from tests.portal.running import Running

NEW = "four unrelated garden words"
PIA = "pia@person.example"  # of this journey alone


class Device:
    """A phone or laptop with a fingerprint reader, and one finger that it knows."""

    def __init__(self, page: Page) -> None:
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable")
        can = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
        }
        options = {**can, "isUserVerified": True, "automaticPresenceSimulation": True}
        self.name = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})[
            "authenticatorId"
        ]

    def finger(self, *, known: bool) -> None:
        self.cdp.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.name, "isUserVerified": known}
        )

    def keys(self) -> int:
        return len(
            self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.name})["credentials"]
        )


def arrive(
    visit: Visit, email: str, name: str, *, javascript: bool = True, refused: tuple[int, ...] = ()
) -> Page:
    """Somebody new, invited to Harbor Dental and signed in."""
    owner = visit("/settings/members/", login="1000000001")
    owner.get_by_label("Email address").fill(email)
    owner.get_by_role("button", name="Invite", exact=True).click()
    expect(owner.get_by_text(f"{email} is invited.")).to_be_visible()
    page = visit("/_mail/", javascript=javascript, refused=refused)
    follow_mail(page, "invites you to Harbor Dental", email)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("A password for this portal").fill(NEW)
    page.get_by_role("button", name="Accept and sign in").click()
    expect(page.get_by_role("heading", name="Harbor Dental")).to_be_visible()
    return page


def sign_out(page: Page) -> None:
    page.goto("/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()


def give_password(page: Page, email: str) -> None:
    page.get_by_label("Email address or account number").fill(email)
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_role("button", name="Sign in").click()


def test_a_passkey_is_made_used_lost_and_removed(visit: Visit, demo: Running) -> None:
    page = arrive(visit, PIA, "Pia Holm", refused=(422,))
    device = Device(page)

    # Made: the first one gives recovery codes, and a device makes no second.
    page.goto("/settings/security/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("Blue laptop")
    everywhere(page)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Keep your recovery codes")).to_be_visible()
    everywhere(page)
    recovery = page.locator(".codes code").all_inner_texts()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Blue laptop").first).to_be_visible()
    everywhere(page)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("The same again")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("This device has a passkey of yours already.")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("The same again")
    everywhere(page)
    assert device.keys() == 1

    # Alone: refused by the device it says so and keeps what was typed; accepted it is a fresh
    # sign-in.
    sign_out(page)
    everywhere(page)
    page.get_by_label("Email address or account number").fill("somebody")
    device.finger(known=False)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("Nothing was chosen, or it took too long.")).to_be_visible()
    expect(page.get_by_label("Email address or account number")).to_have_value("somebody")
    everywhere(page)
    device.finger(known=True)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{demo.url}/")
    page.goto("/settings/security/factor/")
    expect(page.get_by_role("heading", name="Set up an authenticator app")).to_be_visible()

    # Asked again.
    page.goto("/reauthenticate/?next=/settings/security/")
    everywhere(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{demo.url}/settings/security/")

    # After the password.
    sign_out(page)
    give_password(page, PIA)
    expect(page.get_by_role("heading", name="Two-step verification")).to_be_visible()
    everywhere(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{demo.url}/")

    # Lost: a recovery code in its place. It is renamed, and removed.
    sign_out(page)
    give_password(page, PIA)
    page.get_by_label("Recovery code").fill(recovery[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{demo.url}/")
    page.goto("/settings/security/")
    expect(page.get_by_text("9 of 10 left")).to_be_visible()
    page.get_by_role("link", name="Rename Blue laptop").click()
    everywhere(page)
    page.get_by_label("Name").fill("Lost laptop")
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("link", name="Remove Lost laptop").click()
    everywhere(page)
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("The passkey Lost laptop is removed.")).to_be_visible()
    everywhere(page)
    follow_mail(page, "A passkey was added", PIA)
    follow_mail(page, "Two-step verification was turned off", PIA)

    # What the device still has opens nothing any more; the password does.
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("That passkey was not accepted.")).to_be_visible()
    everywhere(page)
    give_password(page, PIA)
    expect(page).to_have_url(f"{demo.url}/")


@pytest.mark.parametrize("without", ["javascript", "passkeys"])
def test_where_there_can_be_no_passkey_the_page_says_so_and_the_password_works(
    visit: Visit, demo: Running, without: str
) -> None:
    page = visit("/login/", javascript=without != "javascript")
    if without == "passkeys":
        page.add_init_script("delete window.PublicKeyCredential")
        page.reload()
    said = page.locator("noscript p" if without == "javascript" else "[data-unable]")
    expect(said).to_be_visible()
    expect(said).to_have_text(re.compile("Your password works without."))
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    page.get_by_label("Email address or account number").fill("1000000001")
    page.get_by_label("Password", exact=True).fill("demo1234")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{demo.url}/")
