"""/switch/: a person with several accounts works on one at a time."""

import pytest

from apps.accounts.models import Account, Invitation, KeyExchange, Membership
from apps.accounts.roles import Role
from apps.audit.models import Event
from apps.copies.models import Copy
from tests.cast import PASSWORD


@pytest.fixture
def both(cast, sign_in):
    Membership.objects.create(user=cast.owner, account=cast.northwind, role=Role.VIEWER)
    return sign_in(cast.owner)


def shown(client) -> Account:
    return client.get("/settings/").context["account"]


def test_the_first_account_is_shown_until_another_is_chosen(cast, both):
    assert shown(both) == cast.harbor
    response = both.post("/switch/", {"account": "1000000002"})
    assert (response.status_code, response["Location"]) == (303, "/")
    assert shown(both) == cast.northwind


def test_the_page_lists_own_accounts_only(cast, both, sign_in):
    page = both.get("/switch/").content.decode()
    assert "Harbor Dental" in page
    assert "Work on Northwind Contact Center" in page
    assert "Northwind" not in sign_in(cast.viewer).get("/switch/").content.decode()


@pytest.mark.parametrize("account", ["1000000002", "9999999999", "", "x", "1000000002 OR 1=1"])
def test_somebody_elses_account_does_not_exist(cast, sign_in, account):
    client = sign_in(cast.owner)
    assert client.post("/switch/", {"account": account}).status_code == 404
    assert shown(client) == cast.harbor


def test_the_role_is_the_one_on_the_account_shown(cast, both):
    both.post("/switch/", {"account": "1000000002"})
    assert (
        both.post(
            "/settings/keys/", {"account": "1000000002", "kind": "password", "secret": "x"}
        ).status_code
        == 403
    )


def test_who_is_removed_from_an_account_no_longer_sees_it(cast, both):
    both.post("/switch/", {"account": "1000000002"})
    Membership.objects.filter(user=cast.owner, account=cast.northwind).delete()
    assert shown(both) == cast.harbor


@pytest.fixture
def owner_of_both(cast, both):
    """Signed in a moment ago, so that nothing but the account shown keeps a form from acting."""
    Membership.objects.filter(user=cast.owner, account=cast.northwind).update(role=Role.OWNER)
    both.post("/reauthenticate/", {"password": PASSWORD})
    return both


FORMS = [
    ("/settings/members/", {"email": "friend@person.test", "role": "owner"}),
    ("/settings/security/required/", {"required": "0"}),
    ("/settings/keys/", {"kind": "password", "secret": "demo1234"}),
    ("/settings/keys/cancel/", {}),
    ("/numbers/refresh/", {}),
]


@pytest.mark.parametrize(("path", "typed"), FORMS)
def test_a_form_shown_for_one_account_does_nothing_on_another_that_was_switched_to(
    owner_of_both, path, typed
):
    owner_of_both.post("/switch/", {"account": "1000000002"})
    answer = owner_of_both.post(path, {"account": "1000000001", **typed})
    assert answer.status_code == 409
    assert "Nothing has changed." in answer.content.decode()
    assert nothing_came_of_it()


@pytest.mark.parametrize(("path", "typed"), FORMS)
def test_a_form_of_an_account_that_the_person_was_removed_from_does_nothing_on_the_next(
    cast, owner_of_both, path, typed
):
    owner_of_both.post("/switch/", {"account": "1000000002"})
    Membership.objects.filter(user=cast.owner, account=cast.northwind).delete()
    assert owner_of_both.post(path, {"account": "1000000002", **typed}).status_code == 409
    assert nothing_came_of_it()


@pytest.mark.parametrize(("path", "typed"), FORMS)
def test_a_form_that_names_no_account_does_nothing(owner_of_both, path, typed):
    assert owner_of_both.post(path, typed).status_code == 409
    assert nothing_came_of_it()


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        form
        for form in FORMS
        if form[0] in {"/settings/members/", "/settings/keys/", "/numbers/refresh/"}
    ],
)
def test_control_the_same_form_acts_on_the_account_that_it_names(owner_of_both, path, typed):
    owner_of_both.post(path, {"account": "1000000001", **typed})
    assert not nothing_came_of_it()


def nothing_came_of_it() -> bool:
    return not (
        Invitation.objects.across_accounts().exists()
        or KeyExchange.objects.across_accounts().exists()
        or Copy.objects.across_accounts().exists()
        or Event.objects.across_accounts().filter(action="factor_optional").exists()
    )


def test_the_pages_forms_name_the_account_that_they_show(cast, both):
    both.post("/reauthenticate/", {"password": PASSWORD})
    for number in ("1000000001", "1000000002"):
        both.post("/switch/", {"account": number})
        Membership.objects.filter(user=cast.owner).update(role="owner")
        for path in ("/settings/members/", "/settings/security/", "/settings/keys/"):
            assert (
                f'<input type="hidden" name="account" value="{number}">'
                in both.get(path).content.decode()
            )
