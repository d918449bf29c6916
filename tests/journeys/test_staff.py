"""The portal's own people: support looks, an administrator decides a request whose owners are gone
and signs somebody out.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsing import PASSWORD, Visit, accessible, everywhere
from tests.portal.running import Running

# People and an account for each journey and way of looking, so that none depends on another: a code
# of a second step works once.
WAYS = [(1280, "light", 1), (1280, "dark", 2), (390, "light", 3), (390, "dark", 4)]
OTHER_WAYS = [(width, theme, n + 4) for width, theme, n in WAYS]

MADE = """
from django.contrib.auth.hashers import make_password
from apps.accounts import members
from apps.accounts.signing_in import second
from apps.accounts.models import Account, Membership, User
from apps.home.management.commands.seed_demo import STAFF_SECRET
hashed = make_password("demo1234")
for n in range(1, 9):
    staff = "admin" if n < 5 else "support"
    user = User(email=f"{staff}{n}@staff.example", name=f"{staff.title()} {n}", staff=staff)
    user.password = hashed
    user.save()
    second.set_secret(user, STAFF_SECRET)
    mill = Account.objects.create(number=f"500000000{n}", name=f"Mill House {n}")
    gone = User(email=f"gone{n}@mill.example", name="Gwen Gone", is_active=False)
    gone.save()
    Membership.objects.create(account=mill, user=gone, role="owner")
    newt = User(email=f"new{n}@mill.example", name=f"Newt Mill {n}", password=hashed)
    newt.save()
    members.ask_to_join(mill, newt)
"""


@pytest.fixture(scope="module")
def mill(demo: Running) -> Running:
    """The demo with staff of our own and accounts whose only owner cannot sign in any more."""
    demo.manage("shell", "-c", MADE)
    return demo


def sign_in(page: Page, demo: Running, login: str) -> None:
    """With the password and, for staff, the code that demo_code reads out."""
    page.goto("/login/")
    page.get_by_label("Email address or account number").fill(login)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").first.click()
    if login.endswith("@staff.example"):
        page.wait_for_url("**/login/code/")
        page.get_by_label("Code").fill(demo.manage("demo_code", login))
        page.get_by_role("button", name="Sign in").first.click()
    page.wait_for_url(lambda address: "/login/" not in address)


@pytest.mark.parametrize(("width", "theme", "n"), OTHER_WAYS)
def test_support_sees_accounts_one_account_and_the_shared_hour_and_decides_nothing(
    visit: Visit, mill: Running, width: int, theme: str, n: int
) -> None:
    page = visit("/login/", width=width, theme=theme)
    sign_in(page, mill, f"support{n}@staff.example")
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="To do")).to_be_visible()
    accessible(page)
    tabs = page.get_by_role("navigation", name="Staff")
    tabs.get_by_role("link", name="Accounts").click()
    expect(page.get_by_role("table", name="Accounts")).to_be_visible()
    accessible(page)
    page.get_by_role("searchbox", name="Search accounts and members").fill(f"gone{n}@mill")
    expect(page.locator("#say")).to_contain_text(re.compile(r"1 of \d+ accounts"))
    page.get_by_role("link", name=f"500000000{n}").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Mill House {n}")
    expect(page.get_by_text("1 owner, but none can sign in")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Gwen Gone").click()
    expect(page.get_by_text("Only administrators can sign someone out.")).to_be_visible()
    accessible(page)
    page.go_back()
    page.get_by_role("link", name="about new").click()
    expect(page.get_by_text("Administrators decide. Support looks.")).to_be_visible()
    expect(page.get_by_role("button", name="Let them in")).to_have_count(0)
    accessible(page)
    page.goto("/admin/budget/")
    expect(page.get_by_role("heading", name="Last 24 hours")).to_be_visible()
    expect(page.get_by_role("img", name=" UTC: ")).to_have_count(8)
    accessible(page)
    tabs.get_by_role("link", name="Staff").click()
    expect(page.get_by_role("row").filter(has_text=f"support{n}@staff.example")).to_contain_text(
        "1 browser"
    )
    accessible(page)


@pytest.mark.parametrize(("width", "theme", "n"), WAYS)
def test_an_administrator_lets_somebody_in_where_the_owners_are_gone_and_signs_them_out(
    visit: Visit, mill: Running, width: int, theme: str, n: int
) -> None:
    newt = visit("/login/", width=width, theme=theme, refused=(404,))
    sign_in(newt, mill, f"new{n}@mill.example")
    page = visit("/login/", width=width, theme=theme, refused=(422,))
    sign_in(page, mill, f"admin{n}@staff.example")
    page.goto(f"/admin/accounts/?asked=open&q=Mill+House+{n}")
    page.get_by_role("link", name=f"500000000{n}").click()
    page.get_by_role("link", name="Review request").click()
    expect(page.get_by_text("No owner who can sign in is left, so staff decide.")).to_be_visible()
    accessible(page)
    page.get_by_role("textbox", name="Ticket").fill(f"HELP-{n}")
    page.get_by_role("button", name="Let them in").click()
    expect(page.get_by_text(f"type 500000000{n} exactly")).to_be_visible()
    expect(page.get_by_role("textbox", name="Ticket")).to_have_value(f"HELP-{n}")
    accessible(page)
    page.get_by_label("To make them an owner").fill(f"500-000-000{n}")
    page.get_by_role("button", name="Let them in").click()
    expect(page.get_by_text("now has access to the account as owner.")).to_be_visible()
    expect(page.get_by_text(f"Done by the portal's staff in ticket HELP-{n}.")).to_be_visible()
    accessible(page)

    newt.goto("/settings/audit/")
    line = (
        newt.get_by_role("row")
        .filter(has_text=f"new{n}@mill.example")
        .filter(has_text="et someone join the account")
    )
    expect(line).to_contain_text(f"Admin {n}")
    expect(line).to_contain_text(f"in ticket HELP-{n}")
    newt.goto("/settings/members/")
    expect(newt.get_by_role("heading", name="Members")).to_be_visible()

    page.get_by_role("link", name=f"Newt Mill {n}").click()
    page.get_by_label("Why").fill("A telephone was stolen.")
    page.get_by_role("button", name="Sign them out everywhere").click()
    expect(page.get_by_text(f"Newt Mill {n} is signed out everywhere. We emailed")).to_be_visible()
    expect(page.get_by_text("In no browser now")).to_be_visible()
    everywhere(page)
    newt.reload()
    expect(newt.get_by_role("button", name="Sign in").first).to_be_visible()
