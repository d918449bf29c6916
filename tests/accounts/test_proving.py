"""A press that needs a fresh sign-in waits, sealed, and is carried on by the proof: once, for its
own person and account, within ten minutes.
"""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.accounts import sealed
from apps.accounts.middleware import CHOSEN
from apps.accounts.models import Account, Invitation, KeyExchange, Membership
from apps.accounts.proving.press import MOST
from apps.accounts.roles import Role
from apps.accounts.signing_in.sessions import PRESS
from apps.changes.engine import tokens
from apps.changes.models import Entry
from apps.copies.services import look
from apps.numbers import sources
from tests.accounts.proof import confirm, waits
from tests.accounts.signing_in.bent import CONFIRM
from tests.accounts.signing_in.codes import code, with_factor
from tests.accounts.signing_in.device import ask, with_passkey
from tests.cast import PASSWORD, Cast
from tests.pages import words

MEMBERS, FORWARD = "/settings/members/", "/numbers/2015550110/forward/"
FRIEND = {"account": "1000000001", "email": "friend@person.test", "role": "viewer"}
JAMAICA = {"to": "8765551234", "agreed": "8765551234"}


@pytest.fixture
def owner(cast: Cast, sign_in: Any) -> Client:
    """Signed in, but not lately."""
    client: Client = sign_in(cast.owner)
    return client


@pytest.fixture
def numbers(cast: Cast, sandbox: Any, changes: Any) -> None:
    look(cast.harbor, sources.numbers)


def invited() -> list[str]:
    return list(Invitation.objects.across_accounts().values_list("email", flat=True))


# Each way carries on


def test_an_invitation_is_carried_on_by_the_password(cast: Cast, owner: Client) -> None:
    answer = owner.post(MEMBERS, FRIEND)
    assert waits(answer)["next"] == MEMBERS
    page = owner.get("/reauthenticate/", waits(answer)).content.decode()
    assert "You&#x27;re inviting someone to this account." in page
    assert invited() == []
    done = confirm(owner, answer)
    assert (done.status_code, done["Location"]) == (303, MEMBERS)
    assert invited() == ["friend@person.test"]
    assert "friend@person.test is invited" in owner.get(MEMBERS).content.decode()


def test_a_form_with_a_fault_is_shown_with_it_and_goes_to_its_own_address(owner: Client) -> None:
    done = confirm(owner, owner.post(MEMBERS, FRIEND | {"email": "none"}))
    page = done.content.decode()
    assert done.status_code == 422
    assert 'value="none"' in page
    assert f'action="{MEMBERS}"' in page


def test_a_change_at_the_provider_is_carried_on_and_sent_once(
    numbers: None, cast: Cast, owner: Client, sandbox: Any
) -> None:
    answer = owner.post(FORWARD, JAMAICA | {"token": tokens.mint()}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 204
    assert sandbox.count("numbersForwardSet") == 0
    assert not Entry.objects.of(cast.harbor).exists()
    page = owner.get("/reauthenticate/", waits(answer)).content.decode()
    assert "You asked to forward (201) 555-0110 to (876) 555-1234 (Jamaica). (876) is" in page
    assert "Nothing has changed yet" in page
    done = confirm(owner, answer)
    entry = Entry.objects.of(cast.harbor).get()
    assert done["Location"] == f"/numbers/2015550110/?entry={entry.pk}#numbers-forward"
    assert entry.by == cast.owner
    assert sandbox.count("numbersForwardSet") == 1


def test_an_undo_that_needs_one_is_carried_on(
    numbers: None, cast: Cast, owner: Client, sandbox: Any
) -> None:
    confirm(owner, owner.post(FORWARD, JAMAICA | {"token": tokens.mint()}))
    owner.post(FORWARD, {"to": "9175550188", "token": tokens.mint()})
    newest = Entry.objects.of(cast.harbor).latest("pk")
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        undo = f"/changes/{newest.pk}/undo/"
        answer = owner.post(
            undo, {"token": tokens.mint()}, HTTP_REFERER=f"http://testserver{FORWARD}?x=1"
        )
        assert waits(answer)["next"] == f"{FORWARD}?x=1"
        assert confirm(owner, answer).status_code == 303
    assert Entry.objects.of(cast.harbor).latest("pk").args == {"to": JAMAICA["to"]}
    assert sandbox.count("numbersForwardSet") == 3


def test_a_role_a_removal_and_a_request_are_carried_on(cast: Cast, owner: Client) -> None:
    row = Membership.objects.get(user=cast.viewer)
    confirm(owner, owner.post(f"{MEMBERS}{row.pk}/", {"role": "billing"}))
    row.refresh_from_db()
    assert row.role == Role.BILLING
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        done = confirm(owner, owner.post(f"{MEMBERS}{row.pk}/remove/"))
    assert done["Location"] == MEMBERS
    assert not Membership.objects.filter(pk=row.pk).exists()


def test_a_new_key_is_carried_on_and_its_secret_is_not_readable_meanwhile(
    cast: Cast, dead: Account, owner: Client
) -> None:
    answer = owner.post(
        "/settings/keys/",
        {"kind": "password", "secret": "planted-4711", "account": "1000000001"},
    )
    assert "planted-4711" not in json.dumps(dict(owner.session))
    assert confirm(owner, answer)["Location"] == "/settings/keys/"
    assert sealed.unseal(dead.pk, KeyExchange.objects.of(dead).get().sealed) == "planted-4711"


def test_what_asks_for_a_code_is_carried_on_by_password_and_code(cast: Cast, sign_in: Any) -> None:
    with_factor(cast.owner)
    client = sign_in(cast.owner)
    answer = client.post("/settings/security/required/", {"required": "1", "account": "1000000001"})
    assert confirm(client, answer, code="000000").status_code == 422
    cast.harbor.refresh_from_db()
    assert not cast.harbor.requires_factor
    assert confirm(client, answer, code=code()).status_code == 303
    cast.harbor.refresh_from_db()
    assert cast.harbor.requires_factor


def test_a_press_is_carried_on_by_a_passkey(cast: Cast, sign_in: Any, settings: Any) -> None:
    settings.PORTAL_URL = "http://testserver"
    device = with_passkey(cast.owner)
    client = sign_in(cast.owner)
    fields = waits(client.post(MEMBERS, FRIEND))
    assert f'value="{fields["press"]}"' in client.get("/reauthenticate/", fields).content.decode()
    done = client.post(CONFIRM, {"answer": device.get(ask(client, CONFIRM)), **fields})
    assert done["Location"] == MEMBERS
    assert invited() == ["friend@person.test"]


def test_staff_are_carried_on(cast: Cast, sign_in: Any) -> None:
    admin, viewer = sign_in(cast.admin), sign_in(cast.viewer)
    there = f"/admin/people/{cast.viewer.pk}/"
    answer = admin.post(there, {"reason": "their laptop is gone"})
    assert viewer.get("/settings/").status_code == 200
    assert confirm(admin, answer, code=code())["Location"] == there
    assert viewer.get("/settings/").status_code == 302


def test_a_page_that_asks_comes_after_the_proof(cast: Cast, owner: Client) -> None:
    answer = owner.get("/settings/security/factor/?x=1")
    assert waits(answer) == {"next": "/settings/security/factor/"}
    assert confirm(owner, answer)["Location"] == "/settings/security/factor/"


# Nothing else is carried on


def left(client: Client, answer: Any, **typed: Any) -> None:
    """The proof is taken, nothing is carried on, and the page says so and leads back."""
    done = confirm(client, answer, **typed)
    page = done.content.decode()
    assert done.status_code == 409
    assert "Nothing has changed" in page
    assert f'href="{MEMBERS}"' in page
    assert invited() == []


def test_not_after_ten_minutes_and_it_is_forgotten_then(cast: Cast, owner: Client) -> None:
    answer = owner.post(MEMBERS, FRIEND)
    assert waits(answer)["press"]
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
        owner.get("/settings/")
        assert PRESS not in owner.session
        left(owner, answer)


def test_not_twice(cast: Cast, owner: Client) -> None:
    answer = owner.post(MEMBERS, FRIEND)
    confirm(owner, answer)
    Invitation.objects.across_accounts().delete()
    left(owner, answer)


def test_only_the_last_press(cast: Cast, owner: Client) -> None:
    first = owner.post(MEMBERS, FRIEND)
    owner.post(MEMBERS, FRIEND | {"email": "second@person.test"})
    left(owner, first)


def test_not_by_an_unrelated_proof(cast: Cast, owner: Client) -> None:
    owner.post(MEMBERS, FRIEND)
    done = owner.post("/reauthenticate/", {"password": PASSWORD, "next": "/settings/"})
    assert done["Location"] == "/settings/"
    assert invited() == []


def test_not_in_another_session_of_the_same_person(cast: Cast, owner: Client, sign_in: Any) -> None:
    left(sign_in(cast.owner), owner.post(MEMBERS, FRIEND))


def test_not_for_another_person_even_with_the_box_in_their_session(
    cast: Cast, owner: Client, sign_in: Any
) -> None:
    answer = owner.post(MEMBERS, FRIEND)
    Membership.objects.filter(user=cast.manager).update(role=Role.OWNER)
    thief = sign_in(cast.manager)
    session = thief.session
    session[PRESS] = owner.session[PRESS]
    session.save()
    left(thief, answer)


@pytest.mark.parametrize("bent", ["", "x", "gAAAAABpnothing"])
def test_not_when_it_was_tampered_with(cast: Cast, owner: Client, bent: str) -> None:
    answer = owner.post(MEMBERS, FRIEND)
    session = owner.session
    session[PRESS] = [session[PRESS][0], bent or session[PRESS][1][:-4] + "AAAA"]
    session.save()
    left(owner, answer)


def test_not_on_another_account_than_at_the_press_until_the_person_goes_back_there(
    cast: Cast, owner: Client
) -> None:
    Membership.objects.create(user=cast.owner, account=cast.northwind, role=Role.OWNER)
    answer = owner.post(MEMBERS, FRIEND)
    press = waits(answer)["press"]
    session = owner.session
    session[CHOSEN] = cast.northwind.pk
    session.save()
    done = confirm(owner, answer)
    assert done.status_code == 409
    assert "Switch back to Harbor Dental and continue" in words(done)
    assert not Invitation.objects.across_accounts().exists()
    owner.post("/switch/", {"account": cast.harbor.number, "press": press})
    invited = Invitation.objects.across_accounts().get()
    assert (invited.account, invited.email) == (cast.harbor, FRIEND["email"])
    assert "press" not in owner.session


def test_not_when_the_right_was_lost_meanwhile(cast: Cast, owner: Client) -> None:
    answer = owner.post(MEMBERS, FRIEND)
    Membership.objects.filter(user=cast.owner).update(role=Role.VIEWER)
    assert confirm(owner, answer).status_code == 403
    assert invited() == []


def test_not_before_a_second_step_that_became_required(cast: Cast, owner: Client) -> None:
    answer = owner.post(MEMBERS, FRIEND)
    Account.objects.filter(pk=cast.harbor.pk).update(requires_factor=True)
    assert confirm(owner, answer)["Location"] == "/settings/security/factor/"
    assert invited() == []


def test_not_with_a_wrong_password_and_it_waits_on(cast: Cast, owner: Client) -> None:
    answer = owner.post(MEMBERS, FRIEND)
    wrong = confirm(owner, answer, password="guess")
    assert wrong.status_code == 422
    assert f'value="{waits(answer)["press"]}"' in wrong.content.decode()
    assert invited() == []
    assert confirm(owner, answer)["Location"] == MEMBERS
    assert invited() == ["friend@person.test"]


def test_not_without_the_form_token_of_this_browser(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.owner)
    client.get(MEMBERS)
    token = client.cookies["csrftoken"].value
    answer = client.post(MEMBERS, FRIEND | {"csrfmiddlewaretoken": token})
    assert confirm(client, answer).status_code == 403
    assert invited() == []
    assert confirm(client, answer, csrfmiddlewaretoken=token)["Location"] == MEMBERS
    assert invited() == ["friend@person.test"]


def test_one_too_large_is_not_kept_and_the_person_is_told(cast: Cast, owner: Client) -> None:
    answer = owner.post(MEMBERS, FRIEND | {"email": "x" * MOST})
    assert waits(answer) == {"next": MEMBERS}
    assert PRESS not in owner.session
    confirm(owner, answer)
    assert "too much to keep while you confirmed" in owner.get(MEMBERS).content.decode()
