"""/switch/: a person with several accounts works on one at a time."""

import pytest

from apps.accounts.models import Account, Membership
from apps.accounts.roles import Role


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
    assert both.post("/settings/keys/", {"kind": "password", "secret": "x"}).status_code == 403


def test_who_is_removed_from_an_account_no_longer_sees_it(cast, both):
    both.post("/switch/", {"account": "1000000002"})
    Membership.objects.filter(user=cast.owner, account=cast.northwind).delete()
    assert shown(both) == cast.harbor
