"""What one account asks of its members keeps nobody out of another, and everybody may leave."""

import pytest

from apps.accounts.models import Account, Membership
from apps.accounts.roles import Role
from apps.accounts.signing_in import second
from apps.audit.models import Event
from apps.notifications.models import Notice
from tests.accounts.arriving.walking_in import fresh
from tests.pages import words
from tests.team.inviting import MEMBERS, membership

LEAVE, SET_UP = "/settings/leave/", "/settings/security/factor/"
HARBOR = {"account": "1000000001"}
NORTHWIND = {"account": "1000000002"}


@pytest.fixture
def between(cast):
    """The viewer of Harbor, which asks for two-step verification, works on Northwind as well."""
    Membership.objects.create(user=cast.viewer, account=cast.northwind, role=Role.VIEWER)
    Account.objects.filter(pk=cast.harbor.pk).update(requires_factor=True)
    return cast.viewer


def test_what_one_account_asks_keeps_nobody_out_of_another(between):
    client = fresh(between.email)  # a fresh session works on Harbor, the longest-standing one
    assert client.get("/numbers/")["Location"] == SET_UP
    assert "Switch to another account" in words(client.get(SET_UP))
    assert client.get("/switch/").status_code == 200
    assert client.post("/switch/", NORTHWIND)["Location"] == "/"
    for path in ("/", "/numbers/", "/settings/", "/settings/security/"):
        assert client.get(path).status_code == 200
    client.post("/switch/", HARBOR)
    assert client.get("/numbers/")["Location"] == SET_UP


def test_their_last_factor_stays_only_while_they_work_where_it_is_asked(cast, between):
    assert second.required_by(between, cast.northwind) == ""
    assert "requires" in second.required_by(between, Account.objects.get(pk=cast.harbor.pk))
    assert "requires" not in second.required_by(between, None)
    assert second.required_by(cast.support, None)


@pytest.mark.parametrize("role", ["manager", "billing", "viewer", "owner"])
def test_a_member_leaves(cast, role):
    user = getattr(cast, role)
    if role == "owner":
        Membership.objects.filter(user=cast.manager).update(role=Role.OWNER)
    client = fresh(user.email)
    assert "Leave this account" in words(client.get("/settings/"))
    assert "lose access to Harbor Dental" in words(client.get(LEAVE))
    assert Membership.objects.filter(user=user).exists()
    assert client.post(LEAVE, HARBOR)["Location"] == "/"
    assert not Membership.objects.filter(user=user).exists()
    assert client.get("/numbers/").status_code == 404
    event = Event.objects.of(cast.harbor).first()
    assert (event.action, event.actor) == ("member_left", user)
    assert [each.kind for each in Notice.objects.of(user)] == ["you_left"]
    other = cast.manager if role == "owner" else cast.owner
    assert Notice.objects.of(other).first().kind == "member_left"


def test_leaving_needs_a_fresh_sign_in_and_the_account_that_the_page_showed(cast, sign_in):
    assert "/reauthenticate/" in sign_in(cast.viewer).post(LEAVE, HARBOR)["Location"]
    assert fresh(cast.viewer.email).post(LEAVE, NORTHWIND).status_code == 409
    assert membership(cast.viewer)


def test_the_last_owner_is_told_why_they_cannot_leave(cast, owner):
    assert "You're the only owner" in words(owner.get(LEAVE))
    assert LEAVE not in owner.get(MEMBERS).content.decode()
    assert owner.post(LEAVE, HARBOR).status_code == 409
    assert membership(cast.owner)


def test_a_member_whom_an_account_asks_for_more_than_they_want_leaves_it(between):
    client = fresh(between.email)
    assert LEAVE in client.get(SET_UP).content.decode()
    assert client.post(LEAVE, HARBOR)["Location"] == "/"
    assert client.get("/numbers/").status_code == 200
