"""What a person is told: the bell, the page, the mail and what leads on from them; with scripts and
without.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsing import Visit, accessible, everywhere, follow_mail, sign_in
from tests.portal.running import Running

# Two accounts and their owners for each way of looking, so that none depends on another.
MADE = """
from django.contrib.auth.hashers import make_password
from apps.accounts.models import Account, Membership, User
hashed = make_password("demo1234")
for n in (1, 2):
    kiln = Account.objects.create(number=f"600000000{n}", name=f"Kiln {n}")
    loom = Account.objects.create(number=f"610000000{n}", name=f"Loom {n}")
    cast = [("anna", loom, "owner"), ("bela", kiln, "owner")]
    cast += [("carl", kiln, "viewer"), ("dora", loom, "viewer")]
    for name, account, role in cast:
        user = User(email=f"{name}{n}@kiln.example", name=name.title(), password=hashed)
        user.save()
        Membership.objects.create(user=user, account=account, role=role)
    anna = User.objects.get(email=f"anna{n}@kiln.example")
    Membership.objects.create(user=anna, account=kiln, role="owner")
"""


@pytest.fixture(scope="module")
def kiln(demo: Running) -> Running:
    demo.manage("shell", "-c", MADE)
    return demo


def bell(page: Page, name: str) -> None:
    header = page.get_by_role("banner")
    expect(header.get_by_role("link", name=name, exact=True)).to_be_visible()


@pytest.mark.parametrize(("javascript", "n"), [(True, 1), (False, 2)])
def test_a_bell_rings_and_leads_on_and_a_mail_leads_to_the_account_that_it_is_about(
    visit: Visit, kiln: Running, javascript: bool, n: int
) -> None:
    look = everywhere if javascript else (lambda page: None)  # axe is a script itself
    anna = visit("/login/", javascript=javascript)
    sign_in(anna, kiln.url, f"anna{n}@kiln.example")
    bell(anna, "Notifications")
    anna.get_by_role("link", name="Notifications", exact=True).click()
    expect(anna.get_by_role("heading", name="No notifications yet")).to_be_visible()
    look(anna)

    again = visit("/login/", javascript=javascript)
    sign_in(again, kiln.url, f"anna{n}@kiln.example")
    bela = visit("/login/")
    sign_in(bela, kiln.url, f"bela{n}@kiln.example")
    bela.goto("/settings/members/")
    bela.get_by_role("link", name="Remove Carl").click()
    bela.get_by_role("button", name="Remove").click()
    expect(bela.get_by_text("Carl is removed.")).to_be_visible()
    accessible(bela)

    anna.reload()
    bell(anna, "Notifications, 2 unread")
    look(anna)
    expect(anna.get_by_role("listitem").filter(has_text="New sign-in:")).to_contain_text("New")
    anna.get_by_role("button", name="Review your sign-in").click()
    expect(anna.get_by_role("heading", name="Where you're signed in")).to_be_visible()
    bell(anna, "Notifications, 1 unread")

    mails = visit("/_mail/")
    follow_mail(mails, f"was removed from Kiln {n}", f"anna{n}@kiln.example")
    # she works on Loom, and is asked first
    anna.goto(mails.url.partition("next=")[2].replace("%3F", "?") or mails.url)
    expect(anna.get_by_text(f"you're in Loom {n}")).to_be_visible()
    look(anna)
    anna.get_by_role("button", name=f"Go to Kiln {n}: Review members").click()
    expect(anna.get_by_role("heading", name="Members")).to_be_visible()
    expect(anna.get_by_text(f"bela{n}@kiln.example")).to_be_visible()
    bell(anna, "Notifications")


def test_all_are_marked_as_read_in_place_and_a_choice_is_kept(visit: Visit, kiln: Running) -> None:
    page = visit("/login/")
    sign_in(page, kiln.url, "dora1@kiln.example")
    other = visit("/login/")
    sign_in(other, kiln.url, "dora1@kiln.example")
    page.goto("/notifications/?show=unread")
    page.evaluate("document.body.dataset.here = 'yes'")
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_role("heading", name="Nothing unread")).to_be_visible()
    bell(page, "Notifications")
    assert page.evaluate("document.body.dataset.here") == "yes"  # swapped, not loaded anew
    expect(page.get_by_role("link", name="Show all notifications")).to_be_visible()
    everywhere(page)
    page.get_by_role("link", name="All", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text="New sign-in:")).to_be_visible()
    assert page.url.endswith("/notifications/")
    page.get_by_role("link", name="Choose what we email").click()
    page.get_by_label("People on your accounts").uncheck()
    everywhere(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your choice is saved.")).to_be_visible()
    expect(page.get_by_label("People on your accounts")).not_to_be_checked()
    expect(page.get_by_label("Changes by others")).to_be_checked()
