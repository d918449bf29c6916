"""/login/: whoever has the right password gets in, nobody learns who is known, and the provider is
not asked.
"""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

from apps.accounts.models import Account, Membership, User
from apps.accounts.roles import Role
from apps.audit.models import Event
from tests.cast import PASSWORD, person

WRONG = "That email or password isn"


def post(login: str, password: str = PASSWORD, client: Client | None = None, **extra):
    return (client or Client()).post("/login/", {"login": login, "password": password, **extra})


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize(
    "login",
    [
        "owner@harbor.test",
        " Owner@Harbor.TEST ",
        "1000000001",
        "100-000-0001",
        "+1 (100) 000 0001",
        "1 100 000 0001",
    ],
)
def test_an_address_or_an_account_number_in_any_form_signs_its_owner_in(cast, login):
    client = Client()
    response = post(login, client=client)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert who(client) == str(cast.owner.pk)


def test_an_account_number_is_its_longest_standing_owner(cast):
    later = person("second@harbor.test")
    Membership.objects.create(user=later, account=cast.harbor, role=Role.OWNER)
    client = Client()
    post("1000000001", client=client)
    assert who(client) == str(cast.owner.pk)


def test_an_account_without_owner_is_unknown(db):
    Account.objects.create(number="1000000009")
    assert post("1000000009").status_code == 422


def test_signing_in_never_calls_the_provider(cast, sandbox):
    assert post("1000000001").status_code == 302
    post("1000000001", "wrong password")
    assert sandbox.requests() == []


@pytest.mark.parametrize(
    "login", ["owner@harbor.test", "1000000001", "nobody@harbor.test", "9999999999", "rubbish"]
)
def test_a_wrong_password_and_an_unknown_name_get_one_answer(cast, login):
    response = post(login, "not the password")
    assert response.status_code == 422
    page = response.content.decode()
    assert WRONG in page
    assert page.count(WRONG) == 1


def test_the_pages_for_known_and_unknown_differ_in_the_typed_name_alone(cast):
    known, unknown = (
        post(login, "not the password", Client()).content.decode()
        for login in ("owner@harbor.test", "guess@harbor.test")
    )
    without_token = [
        page.split("csrfmiddlewaretoken")[1].split('"', 4)[4] for page in (known, unknown)
    ]
    assert without_token[0].replace("owner@", "guess@") == without_token[1]


def test_known_and_unknown_names_cost_the_same_work(cast, django_assert_num_queries, monkeypatch):
    """One argon2 run, on which a sign-in spends nearly all of its time, and as many queries."""
    ran = []
    for name in ("encode", "verify"):
        real = getattr(Argon2PasswordHasher, name)
        monkeypatch.setattr(
            Argon2PasswordHasher,
            name,
            lambda *args, real=real, name=name: (ran.append(name), real(*args))[1],
        )
    for login in ("owner@harbor.test", "nobody@harbor.test", "1000000001", "9999999999"):
        with django_assert_num_queries(8):
            post(login, "not the password")
        assert len(ran) == 1, login
        ran.clear()


def test_an_inactive_person_is_unknown(cast):
    User.objects.filter(pk=cast.owner.pk).update(is_active=False)
    assert WRONG in post("owner@harbor.test").content.decode()


def test_missing_fields_are_said_beside_the_fields(db):
    response = post("", "")
    assert response.status_code == 422
    assert response.content.decode().count("This is needed.") == 2


def test_the_session_key_is_new_after_signing_in(cast):
    client = Client()
    client.get("/login/")
    client.session["before"] = 1
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    post("owner@harbor.test", client=client)
    assert client.session.session_key != session.session_key


def test_it_goes_on_to_the_page_that_was_asked_for(cast):
    assert post("owner@harbor.test", next="/settings/keys/")["Location"] == "/settings/keys/"
    assert (
        'name="next" value="/numbers/?q=201"'
        in Client().get("/login/?next=/numbers/%3Fq%3D201").content.decode()
    )


def test_a_signed_in_person_goes_straight_on(cast, sign_in):
    assert sign_in(cast.owner).get("/login/?next=/settings/")["Location"] == "/settings/"


def test_the_cookie_is_http_only_and_lax(cast):
    cookie = post("owner@harbor.test").cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_sign_ins_and_failures_leave_events(cast):
    post("owner@harbor.test")
    post("owner@harbor.test", "not the password")
    found = list(
        Event.objects.across_accounts().values_list("action", "account", "actor", "subject")
    )
    assert ("signed_in", cast.harbor.pk, cast.owner.pk, "") in found
    assert ("sign_in_failed", None, None, "owner@harbor.test") in found


def test_what_was_typed_into_the_name_by_mistake_is_kept_nowhere(cast):
    post("correct horse battery staple", "x")
    event = Event.objects.across_accounts().get()
    assert "horse" not in f"{event.subject}{event.facts}"
    assert event.action == "sign_in_failed"


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(db, method):
    assert getattr(Client(), method)("/login/").status_code == 405


def test_allauths_own_addresses_are_not_there(db):
    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
        assert Client().get(path).status_code in {302, 404}
        assert "signup" not in Client().get(path, follow=True).content.decode()
