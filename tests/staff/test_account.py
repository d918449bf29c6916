"""/admin/accounts/<number>/: one account as staff see it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts import members
from apps.accounts.models import Account, JoinRequest, Membership, Profile, Session, User
from apps.accounts.roles import Role
from apps.audit.models import Event
from apps.audit.services import record
from apps.ui import format  # noqa: A004  the module, by the name it has everywhere
from apps.voicetel import clock
from tests.cast import person
from tests.pages import flat

HARBOR = "/admin/accounts/1000000001/"
PLANTED = "feedc0de" * 4


@pytest.fixture
def admin(cast, sign_in):
    return sign_in(cast.admin)


@pytest.fixture
def support(cast, sign_in):
    return sign_in(cast.support)


def text(response) -> str:
    assert response.status_code == 200
    return flat(response)


def test_the_frame_keeps_the_balance_of_the_account_that_staff_themselves_work_on(cast, admin):
    Membership.objects.create(user=cast.admin, account=cast.northwind, role=Role.VIEWER)
    Profile.objects.create(
        account=cast.northwind, balance=5_000_000, read_at=timezone.now() - timedelta(hours=3)
    )
    Profile.objects.create(
        account=cast.harbor, balance=182_400_000, read_at=timezone.now() - timedelta(minutes=12)
    )
    frame, page = text(admin.get(HARBOR)).split('<main id="main"')
    assert "$5.00" in frame
    assert "3 h ago" in frame
    assert "12 min ago" in page


def member(response, email: str):
    return next(each for each in response.context["members"] if each.email == email)


def test_it_says_how_the_account_is_connected_since_when_and_how_old_our_copies_are(cast, support):
    since = timezone.now() - timedelta(days=1, hours=2)
    Account.objects.filter(pk=cast.harbor.pk).update(
        key_state="dead", key_changed_at=since, claimed_at=since
    )
    Profile.objects.create(
        account=cast.harbor, balance=182_400_000, read_at=timezone.now() - timedelta(minutes=12)
    )
    page = text(support.get(HARBOR))
    assert "Harbor Dental" in page
    assert "1000000001" in page
    assert "Key refused" in page
    assert format.hour(since) in page
    assert "By an exchange" in page
    assert "12 min ago" in page
    assert "182.40" not in page  # of a customer's figures only how old they are


def test_each_member_stands_there_with_role_second_step_last_visit_and_sign_ins(cast, support):
    now = timezone.now()
    User.objects.filter(pk=cast.manager.pk).update(
        factor_at=now, last_login=now - timedelta(days=3)
    )
    for _ in range(3):
        record(cast.manager, cast.harbor, "signed_in")
    visit = {
        "user": cast.manager,
        "began": now - timedelta(hours=2),
        "seen": now - timedelta(minutes=7),
        "expire_date": now + timedelta(days=1),
    }
    Session.objects.create(session_key="a" * 32, session_data="", **visit)
    for over in (
        {"expire_date": now},
        {"seen": now - timedelta(minutes=61)},
        {"began": now - timedelta(days=15)},
    ):
        Session.objects.create(
            session_key=f"{len(over)}{next(iter(over))}", session_data="", **visit | over
        )
    response = support.get(HARBOR)
    found = member(response, "manager@harbor.test")
    assert (found.role, found.factor, found.sign_ins, found.browsers) == ("Manager", True, 3, 1)
    assert found.seen_at == visit["seen"]
    assert member(response, "viewer@harbor.test").seen_at is None
    assert text(response).count("@harbor.test</td>") == 4


def test_sign_ins_of_more_than_thirty_days_ago_are_not_counted(cast, support):
    old = record(cast.manager, cast.harbor, "signed_in")
    record(cast.manager, cast.harbor, "profile_changed")
    Event.objects.of(cast.harbor).filter(pk=old.pk).update(at=timezone.now() - timedelta(days=31))
    assert member(support.get(HARBOR), "manager@harbor.test").sign_ins == 0


@pytest.mark.parametrize(
    ("owners", "said"),
    [
        ({"owner": True}, "1 owner · "),
        ({"owner": False}, "1 owner, but none can sign in"),
        ({"owner": False, "manager": True}, "1 of 2 owners can sign in"),
        ({"owner": True, "manager": True}, "2 owners · "),
        ({}, "No owner"),
    ],
)
def test_it_says_how_many_owners_there_are_and_can_sign_in(cast, support, owners, said):
    Membership.objects.filter(account=cast.harbor, role=Role.OWNER).exclude(
        user__email__in=[f"{who}@harbor.test" for who in owners]
    ).delete()
    for who, active in owners.items():
        Membership.objects.update_or_create(
            user=getattr(cast, who), account=cast.harbor, defaults={"role": Role.OWNER}
        )
        User.objects.filter(pk=getattr(cast, who).pk).update(is_active=active)
    assert said in text(support.get(HARBOR))


def test_who_asks_to_join_stands_there_with_since_when_and_whether_they_were_removed(cast, support):
    members.remove(Membership.objects.get(user=cast.viewer), cast.owner)
    members.ask_to_join(cast.harbor, cast.viewer)
    clock.advance(3600)
    members.ask_to_join(cast.harbor, cast.stranger)
    page = text(support.get(HARBOR))
    asks = page[page.index('id="asks"') : page.index('id="members"')]
    assert (
        asks.index("viewer@harbor.test")
        < asks.index("Removed before")
        < asks.index("owner@northwind.test")
    )
    assert asks.count("Removed before") == 1
    assert "1 owner can sign in and decide. Staff may from" in asks


def test_a_request_that_was_decided_stands_there_no_more(cast, support):
    asked = members.ask_to_join(cast.harbor, cast.stranger)
    assert "Ask to join" in text(support.get(HARBOR))
    members.decide(asked, cast.owner, None)
    assert "Ask to join" not in text(support.get(HARBOR))


def test_the_last_twenty_events_of_that_account_are_said_in_words(cast, support):
    record(cast.stranger, cast.northwind, "profile_changed", "elsewhere")
    record(cast.owner, cast.harbor, "key_asked", "the-oldest")
    for each in range(20):
        record(cast.owner, cast.harbor, "member_removed", f"n{each}@harbor.test")
    page = text(support.get(HARBOR))
    assert "Removed a member: n19@harbor.test" in page
    assert "Removed a member: n0@harbor.test" in page
    assert "the-oldest" not in page
    assert "elsewhere" not in page
    assert "Owner Harbor" in page


def test_an_account_that_nobody_works_on_says_so(cast, support):
    Account.objects.create(number="1000000009")
    page = text(support.get("/admin/accounts/1000000009/"))
    assert "Nobody has access to this account." in page
    assert "No activity yet." in page
    assert "It never had one" in page


@pytest.mark.parametrize("number", ["1000000099", "0", "x", "9" * 40, "%00"])
def test_of_no_account_there_is_no_page(number, cast, support):
    assert support.get(f"/admin/accounts/{number}/").status_code == 404


@pytest.mark.parametrize("who", ["owner", "manager", "stranger"])
def test_for_customers_there_is_nothing_there(who, cast, sign_in):
    assert sign_in(getattr(cast, who)).get(HARBOR).status_code == 404


def test_no_key_password_nor_secret_of_anybody_is_in_any_page_of_staff(cast, admin, sandbox):
    cast.harbor.set_key(PLANTED)
    cast.harbor.save()
    asked = members.ask_to_join(cast.harbor, cast.stranger)
    sealed = bytes(Account.objects.get(pk=cast.harbor.pk).sealed_key).decode("latin-1")
    for page in (
        HARBOR,
        f"{HARBOR}requests/{asked.pk}/",
        f"/admin/people/{cast.owner.pk}/",
        "/admin/accounts/",
        "/admin/budget/",
    ):
        shown = text(admin.get(page))
        assert "<main" in shown
        assert PLANTED not in shown
        assert sealed not in shown
        assert cast.owner.password not in shown


def test_a_name_that_is_markup_is_shown_as_it_is_written(cast, support):
    Account.objects.filter(pk=cast.harbor.pk).update(name="<b>Harbor</b>")
    User.objects.filter(pk=cast.owner.pk).update(name="<i>Owner</i>")
    page = text(support.get(HARBOR))
    assert "&lt;b&gt;Harbor&lt;/b&gt;" in page
    assert "&lt;i&gt;Owner&lt;/i&gt;" in page


def test_the_list_leads_to_it_and_finds_accounts_that_somebody_asks_to_join(cast, admin):
    assert f'<a href="{HARBOR}">1000000001</a>' in text(admin.get("/admin/accounts/"))
    assert "Asked to join" not in text(admin.get("/admin/accounts/"))
    asked = members.ask_to_join(cast.northwind, cast.owner)
    response = admin.get("/admin/accounts/?asked=open")
    assert [row.number for row in response.context["listing"].rows] == ["1000000002"]
    assert "Asked to join" in text(response)
    members.decide(asked, cast.stranger, None)
    assert "No accounts match" in text(admin.get("/admin/accounts/?asked=open"))


def test_the_page_costs_the_same_for_one_member_and_for_thirty(
    cast, admin, django_assert_num_queries
):
    admin.get(HARBOR)  # the first of a session writes it down
    Membership.objects.filter(account=cast.harbor).exclude(user=cast.owner).delete()
    with django_assert_num_queries(20):
        text(admin.get(HARBOR))
    for each in range(30):
        other = person(f"{each}@harbor.test")
        Membership.objects.create(user=other, account=cast.harbor, role=Role.OWNER)
        record(other, cast.harbor, "signed_in")
        JoinRequest.objects.of(cast.harbor).create(
            account=cast.harbor, user=person(f"{each}@asks.test"), asked_at=clock.now()
        )
    with django_assert_num_queries(20):
        assert "29@asks.test" in text(admin.get(HARBOR))
