"""/settings/security/passkeys/: adding, renaming and removing passkeys."""

import os
import re
from threading import Barrier, Thread
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client, RequestFactory

from apps.accounts.models import User
from apps.accounts.signing_in import passkeys, second, throttle
from apps.accounts.signing_in.browsers import SessionStore
from apps.audit.models import Event
from apps.notifications.models import Notice
from tests.accounts.signing_in.codes import code, give_password, signed_in, with_factor
from tests.accounts.signing_in.device import (
    ADD,
    ORIGIN,
    Device,
    add,
    fresh,
    text,
    use,
    with_passkey,
)
from tests.cast import PASSWORD, SECRET

PAGE = "/settings/security/"
CODES = r"<code>(\d{5} \d{5})</code>"


@pytest.fixture(autouse=True)
def _own_address(settings: Any) -> None:
    settings.PORTAL_URL = ORIGIN


def of(user: User) -> list[Authenticator]:
    return second.list_factors(user, second.PASSKEY)


def actions(user: User) -> list[str]:
    return list(
        Event.objects.across_accounts()
        .filter(actor=user)
        .order_by("pk")
        .values_list("action", flat=True)
    )


def told(user: User) -> list[str]:
    """What their notices about the sign-in say, oldest first."""
    return [
        notice.facts["what"]
        for notice in Notice.objects.of(user).filter(kind="security").order_by("pk")
    ]


def test_the_first_one_switches_the_second_step_on_and_gives_recovery_codes_once(cast):
    client, other, device = fresh(cast.owner), fresh(cast.owner), Device()
    before = client.session.session_key
    page = add(client, device, "Blue phone").content.decode()
    assert len(re.findall(CODES, page)) == 10
    assert User.objects.get(pk=cast.owner.pk).factor_at
    assert client.session.session_key != before
    assert signed_in(client)
    assert not signed_in(other)
    shown = client.get(PAGE).content.decode()
    assert "Blue phone" in shown
    assert "Not used yet" in shown
    assert "10 of 10 left" in shown
    assert not re.search(CODES, shown)
    assert actions(cast.owner)[-1] == "passkey_added"
    assert told(cast.owner) == ["A passkey was added"]
    use(Client(), device)
    assert "Last used" in client.get(PAGE).content.decode()


def test_the_first_page_shows_the_codes_in_full_and_they_work(cast):
    codes = re.findall(CODES, add(fresh(cast.owner), Device()).content.decode())
    assert give_password(cast.owner).post("/login/code/", {"code": codes[0]}).status_code == 302


def test_a_further_one_keeps_the_recovery_codes(cast):
    with_passkey(cast.owner)
    client = Client()
    use(client, with_passkey_of(cast.owner))
    answer = add(client, Device(), "Key ring")
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    page = client.get(PAGE).content.decode()
    assert "The passkey Key ring is added." in page
    assert "10 of 10 left" in page
    assert len(of(cast.owner)) == 3


def with_passkey_of(user: User) -> Device:
    """One more of somebody who has one: kept without their password, which alone would not do."""
    device, request = Device(), RequestFactory().post(ADD)
    request.session = SessionStore()
    request.session.create()
    passkeys.add(request, user, "One more", device.create(passkeys.ask_new(request, user)))
    return device


def test_an_app_beside_it_keeps_the_recovery_codes_too(cast):
    device, client = with_passkey(cast.owner), Client()
    use(client, device)
    page = client.get("/settings/security/factor/").content.decode()
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    answer = client.post("/settings/security/factor/", {"code": code(secret=secret)})
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert "10 of 10 left" in client.get(PAGE).content.decode()
    assert (
        give_password(cast.owner).post("/login/code/", {"code": code(1, secret)}).status_code == 302
    )
    assert use(Client(), device).status_code == 302


def test_the_device_is_asked_for_a_key_that_it_lists_and_gives_to_its_holder_alone(cast):
    device = with_passkey(cast.owner)
    client = Client()
    use(client, device)
    asked = client.post(ADD, {"name": "Phone"}).json()["publicKey"]
    assert asked["rp"] == {"name": "VoiceTel portal", "id": "testserver"}
    assert asked["user"]["name"] == cast.owner.email
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    # no second on the same device
    assert [each["id"] for each in asked["excludeCredentials"]] == [text(device.name)]
    assert "attestation" not in asked  # who made the device is nobody's business


def test_the_name_is_suggested_and_needed_before_the_device_is_asked(cast):
    client = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone) Version/18 Mobile Safari/604.1"})
    client.post("/login/", {"login": cast.owner.email, "password": PASSWORD})
    assert 'value="Safari on iPhone"' in client.get(ADD).content.decode()
    for name in ("", "  ", "x" * 41):
        refused = client.post(ADD, {"name": name})
        assert refused.status_code == 422
        assert refused.json()["said"]
    assert passkeys.ASKED not in client.session


BENT: dict[str, dict[str, Any]] = {
    "another origin": {"origin": "https://evil.test"},
    "another site": {"site": "evil.test"},
    "nobody touched it": {"touched": False},
    "nobody proved to hold it": {"verifies": False},
    "within another site's page": {"inside": True},
}


@pytest.mark.parametrize("why", BENT)
def test_what_a_bent_device_makes_is_not_kept(cast, why):
    answer = add(fresh(cast.owner), Device(**BENT[why]))
    assert answer.status_code == 422
    assert "That passkey was not accepted, and nothing was added." in answer.content.decode()
    assert 'value="Phone"' in answer.content.decode()  # what was typed is kept
    assert not of(cast.owner)
    assert User.objects.get(pk=cast.owner.pk).factor_at is None


@pytest.mark.parametrize("bent", [{"challenge": text(os.urandom(32))}, {"type": "webauthn.get"}])
def test_what_answers_another_question_is_not_kept(cast, bent):
    assert add(fresh(cast.owner), Device(), **bent).status_code == 422
    assert not of(cast.owner)


@pytest.mark.parametrize(
    "answer", ["x", "{}", "[]", "null", '{"id":"a","rawId":"a","response":{}}', "[" * 9_000]
)
def test_nonsense_is_not_kept(cast, answer):
    client = fresh(cast.owner)
    client.post(ADD, {"name": "Phone"})
    assert client.post(ADD, {"name": "Phone", "answer": answer}).status_code == 422
    assert not of(cast.owner)


def test_a_kind_of_key_that_was_not_asked_for_is_not_kept(cast):
    assert add(fresh(cast.owner), Device(kind=-65535)).status_code == 422  # RSA with SHA-1
    assert not of(cast.owner)


def test_an_answer_is_kept_once_and_needs_its_question(cast):
    client, device = fresh(cast.owner), Device()
    answer = device.create(client.post(ADD, {"name": "Phone"}).json())
    assert fresh(cast.owner).post(ADD, {"name": "Phone", "answer": answer}).status_code == 422
    assert client.post(ADD, {"name": "Phone", "answer": answer}).status_code == 200
    assert client.post(ADD, {"name": "Phone", "answer": answer}).status_code == 422
    assert len(of(cast.owner)) == 1


def test_nobody_takes_a_credential_that_is_somebody_elses(cast):
    device = with_passkey(cast.manager)
    assert add(fresh(cast.owner), Device(name=device.name)).status_code == 422
    assert not of(cast.owner)
    assert use(Client(), device).status_code == 302


def test_there_are_twenty_at_most(cast, monkeypatch):
    monkeypatch.setattr(passkeys, "MOST", 2)
    with_passkey(cast.owner)
    client = Client()
    use(client, with_passkey_of(cast.owner))
    refused = client.post(ADD, {"name": "Phone"})
    assert refused.status_code == 422
    assert "Remove one" in refused.json()["said"]


def test_adding_is_limited_as_set_up_codes_are(cast):
    client = fresh(cast.owner)
    for _ in range(throttle.CONFIRM.most):
        client.post(ADD, {"name": "Phone", "answer": "{}"})
    held = add(client, Device())
    assert held["Location"].startswith("/login/")
    assert not of(cast.owner)


def test_an_older_sign_in_confirms_first(cast, sign_in):
    client = sign_in(cast.owner)
    for method in (client.get, client.post):
        assert method(ADD)["Location"] == f"/reauthenticate/?next={ADD.replace('/', '%2F')}"
    with_passkey(cast.owner)
    (passkey,) = of(cast.owner)
    client, path = sign_in(cast.owner), f"{PAGE}passkeys/{passkey.pk}/remove/"
    assert client.post(path)["Location"].startswith("/reauthenticate/?next=")
    assert of(cast.owner)


def test_it_is_renamed_and_counts_on(cast, sign_in):
    device = with_passkey(cast.owner, counts=True)
    (passkey,) = of(cast.owner)
    path = f"{PAGE}passkeys/{passkey.pk}/"
    client = sign_in(cast.owner)
    use(Client(), device)
    assert 'value="Phone"' in client.get(path).content.decode()
    assert client.post(path, {"name": ""}).status_code == 422
    assert client.post(path, {"name": " Red  <b>phone "})["Location"] == PAGE
    assert "Red &lt;b&gt;phone" in client.get(PAGE).content.decode()
    assert of(cast.owner)[0].data["count"] == 1
    assert use(Client(), device).status_code == 302
    assert "passkey_renamed" in actions(cast.owner)
    event = Event.objects.across_accounts().get(action="passkey_renamed")
    assert event.facts == {"before": "Phone", "after": event.subject}


def test_removing_the_last_one_ends_the_second_step_and_other_sessions(cast):
    device = with_passkey(cast.owner)
    client, other = Client(), Client()
    use(other, device)
    use(client, device)
    path = f"{PAGE}passkeys/{of(cast.owner)[0].pk}/remove/"
    assert "password alone" in client.get(path).content.decode()
    assert client.post(path)["Location"] == PAGE
    assert "You sign in with your password alone now." in client.get(PAGE).content.decode()
    assert not signed_in(other)
    assert not Authenticator.objects.filter(user=cast.owner).exists()
    assert use(Client(), device).status_code == 422
    assert (
        Client().post("/login/", {"login": cast.owner.email, "password": PASSWORD})["Location"]
        == "/"
    )
    assert "factor_off" in actions(cast.owner)
    assert told(cast.owner)[-1] == "Two-step verification was turned off"
    assert client.post(path).status_code == 404


def test_renamed_after_it_was_removed_in_another_tab_it_is_not_found(cast, monkeypatch):
    device, client = with_passkey(cast.owner), Client()
    use(client, device)
    (passkey,), real = of(cast.owner), passkeys.rename

    def removed_meanwhile(*named):
        Authenticator.objects.filter(pk=passkey.pk).delete()
        return real(*named)

    monkeypatch.setattr(passkeys, "rename", removed_meanwhile)
    assert client.post(f"{PAGE}passkeys/{passkey.pk}/", {"name": "Late"}).status_code == 404
    assert "passkey_renamed" not in actions(cast.owner)


def test_removed_in_two_tabs_it_is_told_once(cast):
    with_passkey(cast.owner)
    (passkey,) = of(cast.owner)
    for _ in range(2):
        request = RequestFactory().post("/")
        request.session = SessionStore()
        assert second.remove(request, User.objects.get(pk=cast.owner.pk), passkey, needed=False)
    assert actions(cast.owner).count("factor_off") == 1


def test_removing_one_of_two_leaves_the_other_and_the_recovery_codes(cast):
    with_factor(cast.owner)
    device, client = with_passkey(cast.owner), Client()
    use(client, device)
    path = f"{PAGE}passkeys/{of(cast.owner)[0].pk}/remove/"
    assert "password alone" not in client.get(path).content.decode()
    client.post(path)
    assert "10 of 10 left" in client.get(PAGE).content.decode()
    assert told(cast.owner)[-1] == "A passkey was removed"
    assert give_password(cast.owner).post("/login/code/", {"code": code(1)}).status_code == 302


def test_the_app_can_go_while_a_passkey_stays(cast):
    device, client = with_passkey(cast.admin), Client()
    use(client, device)
    assert client.post(f"{PAGE}factor/off/").status_code == 303
    assert User.objects.get(pk=cast.admin.pk).factor_at
    assert told(cast.admin)[-1] == "Your authenticator app was removed"
    page = client.get(PAGE).content.decode()
    assert "Remove<" not in page  # the last one of somebody who needs one
    path = f"{PAGE}passkeys/{of(cast.admin)[0].pk}/remove/"
    assert "it has to stay" in client.get(path).content.decode()
    assert client.post(path).status_code == 422
    assert use(Client(), device).status_code == 302


def test_a_member_of_whom_it_is_asked_keeps_the_last_one(cast):
    device = with_passkey(cast.viewer)
    second.require(cast.harbor, cast.owner, True)
    client = Client()
    use(client, device)
    assert client.post(f"{PAGE}passkeys/{of(cast.viewer)[0].pk}/remove/").status_code == 422
    assert of(cast.viewer)


def test_of_the_last_two_removed_at_once_one_stays(transactional_db):
    user = User.objects.create_user("race@harbor.test", PASSWORD)
    with_passkey(user)
    with_passkey_of(user)
    start, done = Barrier(2, timeout=20), []

    def one(passkey: Authenticator) -> None:
        try:
            request = RequestFactory().post("/")
            request.session = SessionStore()
            start.wait()
            done.append(second.remove(request, User.objects.get(pk=user.pk), passkey, needed=True))
        finally:
            connection.close()

    threads = [Thread(target=one, args=(passkey,)) for passkey in of(user)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, True]
    assert len(of(user)) == 1


def test_somebody_elses_does_not_exist(cast):
    with_passkey(cast.manager)
    client, (passkey,) = fresh(cast.owner), of(cast.manager)
    for path in (f"{PAGE}passkeys/{passkey.pk}/", f"{PAGE}passkeys/{passkey.pk}/remove/"):
        assert (
            client.get(path).status_code == client.post(path, {"name": "Mine"}).status_code == 404
        )
    assert of(cast.manager)[0].data["name"] == "Phone"


def test_staff_without_a_second_step_may_set_up_a_passkey(cast):
    second.forget(cast.support)
    client = fresh(cast.support)
    assert ADD in client.get("/settings/security/factor/").content.decode()
    page = client.get(ADD).content.decode()
    assert "Portal staff sign in with two-step verification." in page
    assert 'action="/logout/"' in page
    assert add(client, Device()).status_code == 200
    assert client.get("/admin/accounts/").status_code == 200


def test_keys_are_no_secrets_and_recovery_codes_are(cast):
    with_passkey(cast.owner)
    rows = {row.type: row.data for row in Authenticator.objects.filter(user=cast.owner)}
    assert set(rows["webauthn"]) == {"name", "id", "key", "count"}
    assert rows["recovery_codes"]["seed"].startswith("gAAAA")
    assert SECRET not in str(rows)


def test_with_the_key_of_the_recovery_codes_lost_passkeys_go_on_and_new_codes_can_be_made(
    cast, settings
):
    device, client = with_passkey(cast.owner), Client()
    settings.FIELD_KEYS = ["b3RoZXItdGhhbi10aGUtb25lLW9mLWRldmVsb3BtZW4="]
    use(client, device)
    assert "0 of 10 left" in client.get(PAGE).content.decode()
    assert len(re.findall(CODES, client.post(f"{PAGE}codes/").content.decode())) == 10
