"""/settings/members/: who works on an account, in which role, and who decides about it."""

from contextlib import nullcontext, suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Thread

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts import locks, members, reconnect
from apps.accounts.arriving import invitations
from apps.accounts.models import Account, Invitation, Membership, User
from apps.accounts.owners import NoOwner
from apps.accounts.roles import Role
from apps.accounts.signing_in import second
from apps.audit.models import Event
from apps.team import views
from tests.accounts.arriving.walking_in import NEW, fresh, told
from tests.cast import person
from tests.team.inviting import MEMBERS, invite, invited, membership

# Changing and removing


def test_a_lowered_member_is_refused_at_the_next_click(cast, owner):
    manager = fresh("manager@harbor.test")
    assert manager.post("/numbers/refresh/", {"account": "1000000001"}).status_code != 403
    assert (
        owner.post(f"{MEMBERS}{membership(cast.manager).pk}/", {"role": "viewer"}).status_code
        == 303
    )
    assert manager.post("/numbers/refresh/", {"account": "1000000001"}).status_code == 403


def test_a_removed_members_browsers_see_nothing_at_the_next_click(cast, owner, mailoutbox):
    client = fresh("manager@harbor.test")
    assert "Harbor Dental" in client.get("/").content.decode()
    page = owner.get(f"{MEMBERS}{membership(cast.manager).pk}/remove/").content.decode()
    assert "Change it at VoiceTel" in page
    assert Membership.objects.filter(user=cast.manager).exists()
    owner.post(f"{MEMBERS}{membership(cast.manager).pk}/remove/")
    assert "Harbor Dental" not in client.get("/").content.decode()
    assert client.get("/numbers/").status_code == 404
    assert told(mailoutbox, "manager@harbor.test") == ["You no longer have access to Harbor Dental"]
    actions = [event.action for event in Event.objects.of(cast.harbor)]
    assert actions[0] == "member_removed"


def test_the_other_owners_are_told_and_the_one_who_did_it_is_not(cast, owner, mailoutbox):
    second = person("second@harbor.test")
    Membership.objects.create(user=second, account=cast.harbor, role=Role.OWNER)
    owner.post(f"{MEMBERS}{membership(cast.viewer).pk}/", {"role": "manager"})
    owner.post(f"{MEMBERS}{membership(cast.manager).pk}/remove/")
    assert told(mailoutbox, "second@harbor.test") == [
        "Viewer Harbor (viewer@harbor.test) is now manager on Harbor Dental",
        "Manager Harbor (manager@harbor.test) was removed from Harbor Dental",
    ]
    assert told(mailoutbox, "owner@harbor.test") == []


@pytest.mark.parametrize("how", ["remove", "lower"])
def test_invitations_that_a_removed_owner_sent_let_nobody_in(cast, owner, mailoutbox, how):
    second = person("second@harbor.test")
    Membership.objects.create(user=second, account=cast.harbor, role=Role.OWNER)
    theirs = fresh("second@harbor.test")
    to_friend = invited(theirs, mailoutbox, "friend@person.test", "owner")
    if how == "remove":
        owner.post(f"{MEMBERS}{membership(second).pk}/remove/")
    else:
        owner.post(f"{MEMBERS}{membership(second).pk}/", {"role": "viewer"})
    assert Client().get(to_friend).status_code == 404
    assert Client().post(to_friend, {"password": NEW}).status_code == 404


def test_a_removed_owner_cannot_invite_with_a_page_still_open(cast, owner):
    second = person("second@harbor.test")
    Membership.objects.create(user=second, account=cast.harbor, role=Role.OWNER)
    theirs = fresh("second@harbor.test")
    owner.post(f"{MEMBERS}{membership(second).pk}/remove/")
    assert invite(theirs, "second2@person.test").status_code == 404
    with pytest.raises(NoOwner):
        invitations.invite(cast.harbor, second, "second2@person.test", "owner")


def test_the_last_owner_stays(cast, owner):
    response = owner.post(f"{MEMBERS}{membership(cast.owner).pk}/", {"role": "viewer"})
    assert response.status_code == 409
    assert "keeps at least one owner" in response.content.decode()
    assert membership(cast.owner).role == "owner"


def test_an_owner_who_cannot_sign_in_does_not_count_as_one(cast, owner):
    gone = person("gone@harbor.test", is_active=False)
    Membership.objects.create(user=gone, account=cast.harbor, role=Role.OWNER)
    leaving = owner.post("/settings/leave/", {"account": "1000000001"})
    assert leaving.status_code == 409
    assert owner.post(f"{MEMBERS}{membership(gone).pk}/remove/").status_code == 303


def test_an_owner_who_removes_themselves_is_asked_whether_to_leave(cast, owner):
    Membership.objects.filter(user=cast.manager).update(role=Role.OWNER)
    assert owner.post(f"{MEMBERS}{membership(cast.owner).pk}/remove/")["Location"] == (
        "/settings/leave/"
    )
    assert membership(cast.owner)


def two_owners_remove_each_other(cast, monkeypatch) -> int:
    """How many owners are left when both press at the same moment."""
    Membership.objects.filter(user=cast.manager).update(role=Role.OWNER)
    together = Barrier(2)
    real = members.other_owners

    def slowly(account, leaving):
        found = real(account, leaving)
        with suppress(BrokenBarrierError):
            together.wait(timeout=0.6)  # with the lock the second never gets here meanwhile
        return found

    monkeypatch.setattr(members, "other_owners", slowly)
    pairs = [(membership(cast.manager), cast.owner), (membership(cast.owner), cast.manager)]

    def press(leaving: Membership, by: User) -> None:
        try:
            members.remove(leaving, by)
        except (members.LastOwner, NoOwner):
            pass
        finally:
            connection.close()

    threads = [Thread(target=press, args=pair) for pair in pairs]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return Membership.objects.filter(account=cast.harbor, role=Role.OWNER).count()


def test_two_owners_who_remove_each_other_at_once_leave_one(transactional_db, cast, monkeypatch):
    assert two_owners_remove_each_other(cast, monkeypatch) == 1


def test_control_without_the_lock_both_are_gone(transactional_db, cast, monkeypatch):
    monkeypatch.setattr(locks, "locked", lambda account: nullcontext(account))
    assert two_owners_remove_each_other(cast, monkeypatch) == 0


def test_who_was_an_owner_when_the_page_was_shown_decides_nothing_any_more(cast):
    second = person("second@harbor.test")
    theirs = Membership.objects.create(user=second, account=cast.harbor, role=Role.OWNER)
    asked = members.ask_to_join(cast.harbor, cast.stranger)
    members.remove(theirs, cast.owner)
    for press in (
        lambda: members.remove(membership(cast.viewer), second),
        lambda: members.change_role(membership(cast.viewer), "owner", second),
        lambda: members.decide(asked, second, "owner"),
    ):
        with pytest.raises(NoOwner):
            press()
    assert membership(cast.viewer).role == "viewer"


def test_nor_does_he_act_in_any_other_way_on_the_account(cast, sandbox):
    second_owner = person("second@harbor.test")
    theirs = Membership.objects.create(user=second_owner, account=cast.harbor, role=Role.OWNER)
    mine = reconnect.ask(cast.harbor, cast.owner, "password", "mine")
    invitations.invite(cast.harbor, cast.owner, "friend@person.test", "viewer")
    invitation = Invitation.objects.of(cast.harbor).get()
    members.remove(theirs, cast.owner)
    for press in (
        lambda: reconnect.ask(cast.harbor, second_owner, "password", "theirs"),
        lambda: reconnect.cancel(cast.harbor, second_owner),
        lambda: second.require(cast.harbor, second_owner, True),
        lambda: invitations.withdraw(invitation, second_owner),
        lambda: invitations.invite(cast.harbor, second_owner, "x@person.test", "viewer"),
    ):
        with pytest.raises(NoOwner):
            press()
    assert reconnect.last_wish(cast.harbor) == mine
    assert not Account.objects.get(pk=cast.harbor.pk).requires_factor
    assert Invitation.objects.of(cast.harbor).get().state == "open"


def test_removed_between_the_gate_and_the_deed_they_are_told_so(cast, owner, monkeypatch, sandbox):
    second_owner = person("second@harbor.test")
    theirs = Membership.objects.create(user=second_owner, account=cast.harbor, role=Role.OWNER)
    client, real = fresh("second@harbor.test"), views.must_be_fresh

    def removed_meanwhile(request, *because, **kept):
        members.remove(theirs, cast.owner)
        real(request, *because, **kept)

    monkeypatch.setattr(views, "must_be_fresh", removed_meanwhile)
    answer = client.post(
        "/settings/keys/", {"kind": "password", "secret": "demo1234", "account": cast.harbor.number}
    )
    assert answer.status_code == 403
    assert "took that role from you a moment ago. Nothing was changed." in answer.content.decode()
    assert reconnect.last_wish(cast.harbor) is None


# Who may


@pytest.mark.parametrize("role", ["manager", "billing", "viewer"])
def test_others_neither_see_nor_change_members(cast, role):
    client = fresh(f"{role}@harbor.test")
    assert client.get(MEMBERS).status_code == 403
    assert invite(client, "friend@person.test").status_code == 403
    assert (
        client.post(f"{MEMBERS}{membership(cast.viewer).pk}/", {"role": "owner"}).status_code == 403
    )
    assert MEMBERS not in client.get("/settings/").content.decode()


def test_a_strangers_owner_touches_nobody_here(cast):
    client = fresh("owner@northwind.test")
    pk = membership(cast.viewer).pk
    assert client.post(f"{MEMBERS}{pk}/", {"role": "owner"}).status_code == 404
    assert client.post(f"{MEMBERS}{pk}/remove/").status_code == 404
    assert "harbor.test" not in client.get(MEMBERS).content.decode()
    assert membership(cast.viewer).role == "viewer"


@pytest.mark.parametrize("what", ["invite", "role", "remove", "request", "withdraw"])
def test_every_change_asks_who_signed_in_long_ago_to_confirm(cast, owner, what):
    invite(owner, "friend@person.test")
    asked = members.ask_to_join(cast.harbor, cast.stranger)
    pk, row = membership(cast.viewer).pk, Invitation.objects.of(cast.harbor).get()
    path, data = {
        "invite": (
            MEMBERS,
            {"account": "1000000001", "email": "two@person.test", "role": "viewer"},
        ),
        "role": (f"{MEMBERS}{pk}/", {"role": "owner"}),
        "remove": (f"{MEMBERS}{pk}/remove/", {}),
        "request": (f"{MEMBERS}requests/{asked.pk}/", {"answer": "approve", "role": "owner"}),
        "withdraw": (f"{MEMBERS}invitations/{row.pk}/", {}),
    }[what]
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert owner.post(path, data)["Location"].startswith(
            "/reauthenticate/?next=%2Fsettings%2Fmembers%2F"
        )
    assert membership(cast.viewer).role == "viewer"
    assert Membership.objects.filter(account=cast.harbor).count() == 4
    assert Invitation.objects.of(cast.harbor).get().state == "open"
    asked.refresh_from_db()
    assert asked.state == "open"


def test_the_page_costs_the_same_for_one_member_and_for_forty(
    cast, owner, django_assert_max_num_queries
):
    for n in range(40):
        Membership.objects.create(
            user=person(f"m{n}@harbor.test"), account=cast.harbor, role=Role.VIEWER
        )
    with django_assert_max_num_queries(7):
        page = owner.get(MEMBERS).content.decode()
    assert "m39@harbor.test" in page


def test_the_role_of_who_was_removed_a_moment_before_is_not_said_to_be_changed(cast):
    gone = membership(cast.viewer)
    Membership.objects.filter(pk=gone.pk).delete()
    assert members.change_role(gone, Role.MANAGER, cast.owner) is False
    assert not Event.objects.of(cast.harbor).filter(action="member_changed").exists()


def test_the_only_owner_is_offered_no_other_role_until_there_is_a_second(cast, sign_in):
    only = Membership.objects.get(user=cast.owner)
    form = f'action="/settings/members/{only.pk}/"'
    page = sign_in(cast.owner).get("/settings/members/").content.decode()
    assert "Make someone else an owner to change this." in " ".join(page.split())
    assert form not in page
    Membership.objects.filter(user=cast.manager).update(role="owner")
    assert form in sign_in(cast.owner).get("/settings/members/").content.decode()
