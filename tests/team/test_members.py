"""/settings/members/ and /invitations/<token>/: who works on an account."""

from contextlib import nullcontext, suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Thread

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts import invitations, letters, ownership
from apps.accounts.arrivals import Invitation, Letter
from apps.accounts.models import Account, Membership, User
from apps.accounts.roles import Role
from apps.audit.models import Event
from apps.voicetel import clock
from tests.accounts.arriving import NEW, elsewhere, fresh, path_in, told
from tests.conftest import PASSWORD, person

MEMBERS = "/settings/members/"


@pytest.fixture
def owner(cast) -> Client:
    return fresh("owner@harbor.test")


def membership(user: User) -> Membership:
    return Membership.objects.get(user=user)


def invite(owner: Client, email: str, role: str = "manager"):
    return owner.post(MEMBERS, {"email": email, "role": role})


def invited(owner: Client, mailoutbox, email: str, role: str = "manager") -> str:
    """The address of the invitation, out of the mail."""
    assert invite(owner, email, role).status_code == 303
    letters.send_letters()
    return path_in(next(mail for mail in reversed(mailoutbox) if mail.to == [email]))


# Invitations


def test_a_new_person_accepts_sets_a_password_and_works_on_the_account(cast, owner, mailoutbox):
    path = invited(owner, mailoutbox, "New@Person.test".lower())
    client = Client(REMOTE_ADDR=elsewhere())
    page = client.get(path)
    assert "Harbor Dental" in page.content.decode()
    assert page["Referrer-Policy"] == "strict-origin"
    assert not User.objects.filter(email="new@person.test").exists()  # looking accepts nothing
    response = client.post(path, {"name": " Nora  New ", "password": NEW})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert "Harbor Dental" in client.get("/").content.decode()
    user = User.objects.get(email="new@person.test")
    assert (user.name, membership(user).role) == ("Nora New", "manager")
    assert told(mailoutbox, "owner@harbor.test") == ["new@person.test works on Harbor Dental now"]
    assert Client().post("/login/", {"login": "new@person.test", "password": NEW}).status_code == 302


def test_a_known_person_signs_in_and_accepts_and_switches_between_accounts(cast, owner, mailoutbox):
    path = invited(owner, mailoutbox, "owner@northwind.test", "viewer")
    nobody = Client()
    assert f"/login/?next={path}" in nobody.get(path).content.decode()
    assert nobody.post(path, {"password": NEW}).status_code == 422  # sets no password of somebody known
    assert not Membership.objects.filter(user=cast.stranger, account=cast.harbor).exists()
    client = fresh("owner@northwind.test")
    assert client.get(path).status_code == 200
    assert not Membership.objects.filter(user=cast.stranger, account=cast.harbor).exists()  # GET shows, POST does
    assert client.post(path)["Location"] == "/"
    assert "Harbor Dental" in client.get("/").content.decode()
    client.post("/switch/", {"account": "1000000002"})
    assert "Northwind" in client.get("/").content.decode()
    cast.stranger.refresh_from_db()
    assert cast.stranger.check_password(PASSWORD)


def test_an_invitation_is_the_invited_persons_alone(cast, owner, mailoutbox):
    path = invited(owner, mailoutbox, "owner@northwind.test")
    other = fresh("viewer@harbor.test")
    assert "Sign out first" in other.get(path).content.decode()
    other.post(path)
    assert membership(cast.viewer).role == "viewer"
    assert Invitation.objects.of(cast.harbor).get().state == "open"


def test_an_invitation_works_once(cast, owner, mailoutbox):
    path = invited(owner, mailoutbox, "new@person.test")
    assert Client().post(path, {"password": NEW}).status_code == 302
    assert Client().get(path).status_code == 404
    ownership.remove(membership(User.objects.get(email="new@person.test")), cast.owner)
    assert fresh("new@person.test", NEW).post(path).status_code == 404


def test_an_invitation_works_for_72_hours(cast, owner, mailoutbox):
    path = invited(owner, mailoutbox, "new@person.test")
    clock.advance(72 * 3600 - 60)
    assert Client().get(path).status_code == 200
    clock.advance(120)
    assert Client().get(path).status_code == 404
    assert Client().post(path, {"password": NEW}).status_code == 404
    assert "The link is too old" in owner.get(MEMBERS).content.decode()


def test_a_withdrawn_one_works_no_more_and_inviting_anew_ends_the_earlier_link(cast, owner, mailoutbox):
    first = invited(owner, mailoutbox, "new@person.test")
    second = invited(owner, mailoutbox, "new@person.test", "viewer")
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    row = Invitation.objects.of(cast.harbor).get(state="open")
    owner.post(f"{MEMBERS}invitations/{row.pk}/")
    assert Client().get(second).status_code == 404


def test_one_withdrawn_before_its_mail_went_out_is_not_mailed(cast, owner, mailoutbox):
    invite(owner, "new@person.test")
    owner.post(f"{MEMBERS}invitations/{Invitation.objects.of(cast.harbor).get().pk}/")
    letters.send_letters()
    assert mailoutbox == []


def test_the_links_secret_is_not_in_the_database(cast, owner, mailoutbox):
    token = invited(owner, mailoutbox, "new@person.test").split("/")[2]
    assert len(token) == 43
    stored = str(list(Invitation.objects.of(cast.harbor).values())) + str(list(Letter.objects.values()))
    assert token not in stored


@pytest.mark.parametrize("token", ["x", "-", "%00", "é", "A" * 43, "0" * 300])
def test_nonsense_is_no_invitation(cast, token):
    assert Client().get(f"/invitations/{token}/").status_code == 404


@pytest.mark.parametrize("password", ["short1", "passwordpassword", "new@person.test"])
def test_a_weak_password_is_refused_and_keeps_the_link(cast, owner, mailoutbox, password):
    path = invited(owner, mailoutbox, "new@person.test")
    assert Client().post(path, {"password": password}).status_code == 422
    assert Client().get(path).status_code == 200


def test_inviting_answers_alike_for_known_and_unknown_people(cast, owner, mailoutbox):
    answers = [invite(owner, email) for email in ("owner@northwind.test", "nobody@person.test")]
    assert [(each.status_code, each["Location"]) for each in answers] == [(303, MEMBERS)] * 2
    page = owner.get(MEMBERS).content.decode()
    assert "Stranger" not in page  # the name that they gave elsewhere


def test_a_member_is_not_invited_again(cast, owner):
    response = invite(owner, "viewer@harbor.test")
    assert response.status_code == 422
    assert "is a member already" in response.content.decode()


@pytest.mark.parametrize("typed", [{"email": "x", "role": "viewer"}, {"email": "a@b.test", "role": "god"}, {}])
def test_what_cannot_be_an_invitation_is_refused(cast, owner, typed):
    assert owner.post(MEMBERS, typed).status_code == 422
    assert not Invitation.objects.of(cast.harbor).exists()


def test_invitations_of_an_account_are_limited_by_the_day(cast, owner):
    answers = [invite(owner, f"p{n}@person.test").status_code for n in range(invitations.PER_DAY.most + 1)]
    assert answers == [303] * invitations.PER_DAY.most + [422]


def test_a_letter_is_addressed_to_one_and_breaks_no_header(cast, owner, mailoutbox):
    Account.objects.filter(pk=cast.harbor.pk).update(name="Harbor\r\nBcc: all@person.test {0} <b>")
    path = invited(owner, mailoutbox, "new@person.test")
    mail = mailoutbox[-1]
    assert mail.to == ["new@person.test"]
    assert "\n" not in mail.subject
    assert "&lt;b&gt;" in mail.alternatives[0][0]
    assert path in mail.alternatives[0][0]


# Changing and removing


def test_a_lowered_member_is_refused_at_the_next_click(cast, owner):
    manager = fresh("manager@harbor.test")
    assert manager.post("/numbers/refresh/").status_code != 403
    assert owner.post(f"{MEMBERS}{membership(cast.manager).pk}/", {"role": "viewer"}).status_code == 303
    assert manager.post("/numbers/refresh/").status_code == 403


def test_a_removed_members_browsers_see_nothing_at_the_next_click(cast, owner, mailoutbox):
    client = fresh("manager@harbor.test")
    assert "Harbor Dental" in client.get("/").content.decode()
    page = owner.get(f"{MEMBERS}{membership(cast.manager).pk}/remove/").content.decode()
    assert "change it at VoiceTel" in page
    assert Membership.objects.filter(user=cast.manager).exists()
    owner.post(f"{MEMBERS}{membership(cast.manager).pk}/remove/")
    assert "Harbor Dental" not in client.get("/").content.decode()
    assert client.get("/numbers/").status_code == 404
    assert told(mailoutbox, "manager@harbor.test") == ["You no longer work on Harbor Dental"]
    actions = [event.action for event in Event.objects.of(cast.harbor)]
    assert actions[0] == "member_removed"


def test_the_other_owners_are_told_and_the_one_who_did_it_is_not(cast, owner, mailoutbox):
    second = person("second@harbor.test")
    Membership.objects.create(user=second, account=cast.harbor, role=Role.OWNER)
    owner.post(f"{MEMBERS}{membership(cast.viewer).pk}/", {"role": "manager"})
    owner.post(f"{MEMBERS}{membership(cast.manager).pk}/remove/")
    assert told(mailoutbox, "second@harbor.test") == [
        "viewer@harbor.test is manager of Harbor Dental now",
        "manager@harbor.test was removed from Harbor Dental",
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
    with pytest.raises(invitations.Refused):
        invitations.invite(cast.harbor, second, "second2@person.test", "owner")


@pytest.mark.parametrize("what", ["remove/", ""])
def test_the_last_owner_stays(cast, owner, what):
    response = owner.post(f"{MEMBERS}{membership(cast.owner).pk}/{what}", {"role": "viewer"})
    assert response.status_code == 409
    assert "keeps at least one owner" in response.content.decode()
    assert membership(cast.owner).role == "owner"


def test_an_owner_who_cannot_sign_in_does_not_count_as_one(cast, owner):
    gone = person("gone@harbor.test", is_active=False)
    Membership.objects.create(user=gone, account=cast.harbor, role=Role.OWNER)
    assert owner.post(f"{MEMBERS}{membership(cast.owner).pk}/remove/").status_code == 409
    assert owner.post(f"{MEMBERS}{membership(gone).pk}/remove/").status_code == 303


def test_an_owner_leaves_when_another_stays(cast, owner):
    Membership.objects.filter(user=cast.manager).update(role=Role.OWNER)
    assert owner.post(f"{MEMBERS}{membership(cast.owner).pk}/remove/")["Location"] == "/"
    assert owner.get(MEMBERS).status_code == 404


def two_owners_remove_each_other(cast, monkeypatch) -> int:
    """How many owners are left when both press at the same moment."""
    Membership.objects.filter(user=cast.manager).update(role=Role.OWNER)
    together = Barrier(2)
    real = ownership.other_owners

    def slowly(account, leaving):
        found = real(account, leaving)
        with suppress(BrokenBarrierError):
            together.wait(timeout=0.6)  # with the lock the second never gets here meanwhile
        return found

    monkeypatch.setattr(ownership, "other_owners", slowly)
    pairs = [(membership(cast.manager), cast.owner), (membership(cast.owner), cast.manager)]

    def press(leaving: Membership, by: User) -> None:
        try:
            ownership.remove(leaving, by)
        except (ownership.LastOwner, ownership.NoOwner):
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
    monkeypatch.setattr(ownership, "locked", lambda account: nullcontext(account))
    assert two_owners_remove_each_other(cast, monkeypatch) == 0


def test_who_was_an_owner_when_the_page_was_shown_decides_nothing_any_more(cast):
    second = person("second@harbor.test")
    theirs = Membership.objects.create(user=second, account=cast.harbor, role=Role.OWNER)
    asked = ownership.ask_to_join(cast.harbor, cast.stranger)
    ownership.remove(theirs, cast.owner)
    for press in (
        lambda: ownership.remove(membership(cast.viewer), second),
        lambda: ownership.change_role(membership(cast.viewer), "owner", second),
        lambda: ownership.decide(asked, second, "owner"),
    ):
        with pytest.raises(ownership.NoOwner):
            press()
    assert membership(cast.viewer).role == "viewer"


def test_an_invitation_accepted_settles_the_request_to_join_of_the_same_person(cast, owner, mailoutbox):
    asked = ownership.ask_to_join(cast.harbor, cast.stranger)
    path = invited(owner, mailoutbox, "owner@northwind.test", "viewer")
    fresh("owner@northwind.test").post(path)
    asked.refresh_from_db()
    assert asked.state == "approved"
    assert not ownership.decide(asked, cast.owner, "owner")


# Who may


@pytest.mark.parametrize("role", ["manager", "billing", "viewer"])
def test_others_neither_see_nor_change_members(cast, role):
    client = fresh(f"{role}@harbor.test")
    assert client.get(MEMBERS).status_code == 403
    assert invite(client, "friend@person.test").status_code == 403
    assert client.post(f"{MEMBERS}{membership(cast.viewer).pk}/", {"role": "owner"}).status_code == 403
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
    asked = ownership.ask_to_join(cast.harbor, cast.stranger)
    pk, row = membership(cast.viewer).pk, Invitation.objects.of(cast.harbor).get()
    path, data = {
        "invite": (MEMBERS, {"email": "two@person.test", "role": "viewer"}),
        "role": (f"{MEMBERS}{pk}/", {"role": "owner"}),
        "remove": (f"{MEMBERS}{pk}/remove/", {}),
        "request": (f"{MEMBERS}requests/{asked.pk}/", {"answer": "approve", "role": "owner"}),
        "withdraw": (f"{MEMBERS}invitations/{row.pk}/", {}),
    }[what]
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert owner.post(path, data)["Location"].startswith("/reauthenticate/?next=%2Fsettings%2Fmembers%2F")
    assert membership(cast.viewer).role == "viewer"
    assert Membership.objects.filter(account=cast.harbor).count() == 4
    assert Invitation.objects.of(cast.harbor).get().state == "open"
    asked.refresh_from_db()
    assert asked.state == "open"


def test_the_page_costs_the_same_for_one_member_and_for_forty(cast, owner, django_assert_max_num_queries):
    for n in range(40):
        Membership.objects.create(user=person(f"m{n}@harbor.test"), account=cast.harbor, role=Role.VIEWER)
    with django_assert_max_num_queries(8):
        page = owner.get(MEMBERS).content.decode()
    assert "m39@harbor.test" in page
