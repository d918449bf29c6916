"""/invitations/<token>/: an owner invites, and the invited person alone comes in, once."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.accounts import members
from apps.accounts.arriving import invitations, letters
from apps.accounts.models import Account, Invitation, Letter, Membership, User
from apps.voicetel import clock
from tests.accounts.arriving.walking_in import NEW, elsewhere, fresh, told
from tests.accounts.proof import confirm
from tests.cast import PASSWORD
from tests.pages import words
from tests.team.inviting import MEMBERS, invite, invited, membership

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
    assert told(mailoutbox, "owner@harbor.test") == [
        "Nora New (new@person.test) joined Harbor Dental"
    ]
    assert (
        Client().post("/login/", {"login": "new@person.test", "password": NEW}).status_code == 302
    )


def test_a_known_person_signs_in_and_accepts_and_switches_between_accounts(cast, owner, mailoutbox):
    path = invited(owner, mailoutbox, "owner@northwind.test", "viewer")
    nobody = Client()
    assert f"/login/?next={path}" in nobody.get(path).content.decode()
    # sets no password of somebody known
    assert nobody.post(path, {"password": NEW}).status_code == 422
    assert not Membership.objects.filter(user=cast.stranger, account=cast.harbor).exists()
    client = fresh("owner@northwind.test")
    assert client.get(path).status_code == 200
    # GET shows, POST does
    assert not Membership.objects.filter(user=cast.stranger, account=cast.harbor).exists()
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
    members.remove(membership(User.objects.get(email="new@person.test")), cast.owner)
    assert fresh("new@person.test", NEW).post(path).status_code == 404


def test_an_invitation_works_for_72_hours(cast, owner, mailoutbox):
    path = invited(owner, mailoutbox, "new@person.test")
    clock.advance(72 * 3600 - 60)
    assert Client().get(path).status_code == 200
    clock.advance(120)
    assert Client().get(path).status_code == 404
    assert Client().post(path, {"password": NEW}).status_code == 404
    assert "The link is too old" in words(owner.get(MEMBERS))


def test_a_withdrawn_one_works_no_more_and_inviting_anew_ends_the_earlier_link(
    cast, owner, mailoutbox
):
    first = invited(owner, mailoutbox, "new@person.test")
    second = invited(owner, mailoutbox, "new@person.test", "viewer")
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    row = Invitation.objects.of(cast.harbor).get(state="open")
    owner.post(f"{MEMBERS}invitations/{row.pk}/")
    assert Client().get(second).status_code == 404


def test_one_withdrawn_before_its_mail_went_out_is_not_mailed(cast, owner, mailoutbox):
    invite(owner, "new@person.test")
    assert Invitation.objects.of(cast.harbor).count() == 1
    owner.post(f"{MEMBERS}invitations/{Invitation.objects.of(cast.harbor).get().pk}/")
    letters.send_letters()
    assert mailoutbox == []


def test_the_links_secret_is_not_in_the_database(cast, owner, mailoutbox):
    token = invited(owner, mailoutbox, "new@person.test").split("/")[2]
    assert len(token) == 43
    stored = str(list(Invitation.objects.of(cast.harbor).values())) + str(
        list(Letter.objects.values())
    )
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


@pytest.mark.parametrize(
    "typed", [{"email": "x", "role": "viewer"}, {"email": "a@b.test", "role": "god"}, {}]
)
def test_what_cannot_be_an_invitation_is_refused(cast, owner, typed):
    assert owner.post(MEMBERS, {"account": "1000000001", **typed}).status_code == 422
    assert not Invitation.objects.of(cast.harbor).exists()


def test_invitations_of_an_account_are_limited_by_the_day(cast, owner):
    answers = [
        invite(owner, f"p{n}@person.test").status_code for n in range(invitations.PER_DAY.most + 1)
    ]
    assert answers == [303] * invitations.PER_DAY.most + [422]


def test_a_letter_is_addressed_to_one_and_breaks_no_header(cast, owner, mailoutbox):
    Account.objects.filter(pk=cast.harbor.pk).update(name="Harbor\r\nBcc: all@person.test {0} <b>")
    path = invited(owner, mailoutbox, "new@person.test")
    mail = mailoutbox[-1]
    assert mail.to == ["new@person.test"]
    assert "\n" not in mail.subject
    assert "&lt;b&gt;" in mail.alternatives[0][0]
    assert path in mail.alternatives[0][0]


def test_an_invitation_accepted_settles_the_request_to_join_of_the_same_person(
    cast, owner, mailoutbox
):
    asked = members.ask_to_join(cast.harbor, cast.stranger)
    path = invited(owner, mailoutbox, "owner@northwind.test", "viewer")
    fresh("owner@northwind.test").post(path)
    asked.refresh_from_db()
    assert asked.state == "approved"
    assert not members.decide(asked, cast.owner, "owner")


def test_an_invitation_typed_on_a_page_that_went_stale_leaves_after_the_confirmation(cast, owner):
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        answer = invite(owner, "two@person.test", "manager")
        assert not Invitation.objects.of(cast.harbor).exists()
        assert confirm(owner, answer)["Location"] == MEMBERS
    sent = Invitation.objects.of(cast.harbor).get()
    assert (sent.email, sent.role) == ("two@person.test", "manager")
