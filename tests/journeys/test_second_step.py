"""A second step for signing in: set up, used, lost and recovered; and staff, who cannot
be without.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsing import PASSWORD, Visit, accessible, code, sign_in
from tests.portal.running import Running

# One person for each way of looking, so that no journey depends on another.
WAYS = [
    (1280, "light", "manager@harbor.test"),
    (1280, "dark", "quiet@demo.test"),
    (390, "light", "viewer@harbor.test"),
    (390, "dark", "billing@harbor.test"),
]


def give_password(page: Page, login: str) -> None:
    """Sign out if need be, and stop at the second step."""
    page.goto("/logout/")
    if page.url.endswith("/logout/"):
        page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.get_by_label("Email address or account number").fill(login)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Two-step verification")).to_be_visible()


def set_up(page: Page) -> str:
    """From the page that shows the secret to that of the recovery codes; the secret."""
    page.get_by_text("No camera? Type the secret").click()
    secret = page.locator(".secret code").inner_text().replace(" ", "")
    accessible(page)
    # the older one: the present one is for the sign-in
    page.get_by_label("The code that the app shows now").fill(code(secret, -1))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Keep your recovery codes")).to_be_visible()
    accessible(page)
    return secret


@pytest.mark.parametrize(("width", "theme", "login"), WAYS)
def test_a_second_step_is_set_up_used_lost_and_recovered(
    visit: Visit, demo: Running, width: int, theme: str, login: str
):
    page = visit("/login/", width=width, theme=theme, refused=(422,))
    sign_in(page, demo.url, login)
    page.goto("/settings/security/")
    accessible(page)
    page.get_by_role("link", name="Set up an authenticator app").click()
    secret = set_up(page)
    codes = page.locator(".codes code").all_inner_texts()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as a text file").click()
    assert all(each in Path(saved.value.path()).read_text() for each in codes)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 of 10 left")).to_be_visible()
    accessible(page)

    # Used: a wrong code is refused with a sentence, the app's works.
    give_password(page, login)
    accessible(page)
    page.get_by_label("Code").fill("12345x")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("That code does not work.")).to_be_visible()
    accessible(page)
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{demo.url}/")

    # Lost: a recovery code opens once, and a new phone takes the old one's place.
    give_password(page, login)
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{demo.url}/")
    page.goto("/settings/security/")
    expect(page.get_by_text("9 of 10 left")).to_be_visible()
    page.get_by_role("link", name="New phone").click()
    assert set_up(page) != secret

    # Switched off: the password alone opens again.
    page.goto("/settings/security/factor/off/")
    accessible(page)
    page.get_by_role("button", name="Switch it off").click()
    expect(page.get_by_text("The authenticator app is off.")).to_be_visible()
    accessible(page)


def test_staff_sign_in_with_the_demos_secret(visit: Visit, demo: Running):
    page = visit("/login/")
    sign_in(page, demo.url, "support@demo.test")
    page.goto("/settings/security/")
    expect(page.get_by_text("Portal staff sign in with two-step verification.")).to_be_visible()
    expect(page.get_by_role("link", name="Switch off")).to_have_count(0)
