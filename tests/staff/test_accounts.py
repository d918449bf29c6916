"""/admin/ and /admin/accounts/: what staff see of every account, and what nobody does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts import members
from apps.accounts.models import Account, Membership, Profile, Session
from apps.accounts.roles import Role
from apps.accounts.signing_in import second
from apps.copies.models import Copy
from tests.cast import connected, person
from tests.pages import flat

ACCOUNTS = "/admin/accounts/"
PAGES = ["/admin/", ACCOUNTS, "/admin/budget/", "/admin/staff/"]
PLANTED = "feedc0de" * 4


@pytest.fixture
def admin(cast, sign_in):
    return sign_in(cast.admin)


def text(response) -> str:
    assert response.status_code == 200
    return flat(response)


def numbers(response) -> list[str]:
    return [row.number for row in response.context["listing"].rows]


@pytest.mark.parametrize("who", ["support", "admin"])
def test_support_and_administrators_see_every_page(who, cast, sign_in):
    browser = sign_in(getattr(cast, who))
    assert "Staff overview" in browser.get("/admin/").content.decode()
    for page in PAGES[1:]:
        assert "Staff" in text(browser.get(page))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["owner", "manager", "billing", "viewer", "stranger"])
def test_for_customers_there_is_nothing_there(page, who, cast, sign_in):
    assert sign_in(getattr(cast, who)).get(page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_who_is_not_signed_in_is_sent_to_sign_in(page, db, client):
    response = client.get(page)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/login/")


@pytest.mark.parametrize("page", PAGES)
def test_a_form_sent_there_is_not_taken(page, admin):
    assert admin.post(page).status_code == 405


@pytest.mark.parametrize("page", PAGES)
def test_staff_without_a_second_step_are_led_to_it_first(page, cast, sign_in):
    second.forget(cast.admin)
    response = sign_in(cast.admin).get(page)
    assert (response.status_code, response.headers["Location"]) == (
        302,
        "/settings/security/factor/",
    )


def test_a_member_of_staff_who_is_no_more_sees_nothing_at_once(cast, admin):
    assert admin.get(ACCOUNTS).status_code == 200
    cast.admin.staff = ""
    cast.admin.save()
    assert admin.get(ACCOUNTS).status_code == 404


def test_every_account_stands_there_with_its_key_its_members_and_the_age_of_what_we_hold(
    cast, admin
):
    now = timezone.now()
    Profile.objects.create(
        account=cast.harbor, balance=182_400_000, read_at=now - timedelta(minutes=12)
    )
    Copy.objects.across_accounts().create(
        account=cast.harbor, name="numbers", next_at=now, read_at=now - timedelta(hours=3)
    )
    response = admin.get(ACCOUNTS)
    page = text(response)
    row = response.context["listing"].rows[0]
    assert (row.number, row.name, row.key) == ("1000000001", "Harbor Dental", "Connected")
    assert ("owner@harbor.test", "owner") in row.members
    assert row.more == 1
    assert "12 min ago" in page
    assert "3 h ago" in page
    assert "UTC" in row.since
    assert "182.40" not in page


def test_last_seen_is_the_latest_sign_in_or_visit_of_any_member_and_never_is_said(cast, admin):
    now = timezone.now()
    cast.viewer.last_login = now - timedelta(hours=30)
    cast.viewer.save()
    cast.owner.last_login = now - timedelta(days=9)
    cast.owner.save()
    rows = {row.number: row for row in admin.get(ACCOUNTS).context["listing"].rows}
    assert rows["1000000001"].seen_at == cast.viewer.last_login
    assert rows["1000000002"].seen_at is None
    visit = {
        "user": cast.owner,
        "seen": now - timedelta(minutes=7),
        "expire_date": now + timedelta(days=1),
    }
    Session.objects.create(session_key="k" * 32, session_data="", **visit)
    rows = {row.number: row for row in admin.get(ACCOUNTS).context["listing"].rows}
    assert rows["1000000001"].seen_at == visit["seen"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=harbor+dental", ["1000000001"]),
        ("?q=0000002", ["1000000002"]),
        ("?q=owner@northwind", ["1000000002"]),
        ("?q=nobody", []),
        ("?key=dead", ["1000000002"]),
        ("?key=live", ["1000000001"]),
        ("?sort=-number", ["1000000002", "1000000001"]),
        ("?sort=name", ["1000000001", "1000000002"]),
        ("?sort=key", ["1000000002", "1000000001"]),
        ("?sort=seen", ["1000000001", "1000000002"]),
        ("?sort=-seen", ["1000000002", "1000000001"]),
        ("?sort=balance", ["1000000002", "1000000001"]),
        ("?sort=-balance", ["1000000001", "1000000002"]),
        ("?sort=numbers", ["1000000002", "1000000001"]),
        ("?sort=-numbers", ["1000000001", "1000000002"]),
    ],
)
def test_search_filter_and_sorts(query, found, cast, admin):
    now = timezone.now()
    Account.objects.filter(pk=cast.northwind.pk).update(key_state="dead")
    Profile.objects.create(account=cast.harbor, read_at=now)
    Copy.objects.across_accounts().create(
        account=cast.harbor, name="numbers", next_at=now, read_at=now
    )
    cast.stranger.last_login = now
    cast.stranger.save()
    assert numbers(admin.get(ACCOUNTS + query)) == found


def test_a_search_finds_the_account_that_somebody_asks_to_join_by_their_address(cast, admin):
    asked = members.ask_to_join(cast.northwind, person("claimant@elsewhere.test"))
    assert numbers(admin.get(ACCOUNTS + "?q=claimant@else")) == ["1000000002"]
    members.decide(asked, cast.stranger, None)
    assert numbers(admin.get(ACCOUNTS + "?q=claimant@else")) == []


def test_pages_join_without_gap_or_overlap(cast, admin):
    Account.objects.bulk_create(
        Account(number=f"{2000000000 + each}", name=f"Customer {each % 7}") for each in range(118)
    )
    for sort in ("number", "-name", "seen", "-balance"):
        seen = [
            number
            for page in (1, 2, 3)
            for number in numbers(admin.get(f"{ACCOUNTS}?sort={sort}&page={page}"))
        ]
        assert len(seen) == len(set(seen)) == 120


def test_the_page_costs_the_same_however_many_accounts_there_are(
    cast, admin, django_assert_num_queries
):
    admin.get(ACCOUNTS)  # the first of a session writes it down
    with django_assert_num_queries(5):
        text(admin.get(f"{ACCOUNTS}?sort=seen"))
    for each in range(30):
        account = connected(f"{2000000000 + each}", "A customer")
        Membership.objects.create(
            user=person(f"{each}@customer.test"), account=account, role=Role.OWNER
        )
    with django_assert_num_queries(5):
        text(admin.get(f"{ACCOUNTS}?sort=seen"))


def test_no_key_nor_secret_is_in_any_page(cast, admin):
    cast.harbor.set_key(PLANTED)
    cast.harbor.save()
    sealed = bytes(Account.objects.get(pk=cast.harbor.pk).sealed_key).decode("latin-1")
    for page in PAGES[1:]:
        shown = text(admin.get(page))
        assert "Accounts" in shown
        assert PLANTED not in shown
        assert sealed not in shown
        assert cast.owner.password not in shown


def test_many_members_are_named_in_part_and_counted(cast, admin):
    for each in range(3):
        Membership.objects.create(
            user=person(f"m{each}@harbor.test"), account=cast.harbor, role=Role.VIEWER
        )
    row = admin.get(ACCOUNTS).context["listing"].rows[0]
    assert (len(row.members), row.more) == (3, 4)


def test_typing_gets_the_table_alone(admin):
    page = text(
        admin.get(
            f"{ACCOUNTS}?q=harbor", headers={"HX-Request": "true", "HX-Target": "staff-accounts"}
        )
    )
    assert page.lstrip().startswith('<div class="list-part" id="staff-accounts">')
    assert "<html" not in page


def test_a_name_that_is_markup_is_shown_as_it_is_written(cast, admin):
    Account.objects.filter(pk=cast.harbor.pk).update(name="<b>Harbor</b>")
    assert "&lt;b&gt;Harbor&lt;/b&gt;" in text(admin.get(ACCOUNTS))
