"""Who gets through: no account, wrong role, and the one query that finds out."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from apps.accounts.gates import role_required
from apps.accounts.middleware import CurrentAccount
from apps.accounts.models import Profile
from apps.accounts.roles import RIGHTS, Right, Role, allows
from apps.audit.models import Event


def asked(user, needs: Right, method: str = "get"):
    """A view behind the gate, asked by somebody."""
    request = getattr(RequestFactory(), method)("/")
    request.user, request.session, request.resolver_match, request.htmx = user, {}, None, None
    view = role_required(needs)(lambda request: HttpResponse(request.account.name))
    return CurrentAccount(view)(request)


@pytest.mark.parametrize("needs", Right)
@pytest.mark.parametrize("role", Role)
def test_each_role_passes_exactly_where_the_table_says(cast, role, needs):
    response = asked(getattr(cast, role.value), needs)
    assert response.status_code == (200 if needs in RIGHTS[role] else 403)


def test_the_refusal_says_which_role_it_takes_and_that_nothing_changed(cast):
    page = asked(cast.viewer, Role.OWNER, "post").content.decode()
    assert "This needs the owner role" in page
    assert "yours on Harbor Dental is viewer" in page
    assert "Nothing has changed" in page
    assert Event.objects.of(cast.harbor).get().action == "role_refused"


def test_looking_leaves_no_event(cast):
    assert asked(cast.viewer, Role.OWNER).status_code == 403
    assert not Event.objects.of(cast.harbor).exists()


def test_staff_without_account_are_led_to_the_staff_pages(cast):
    response = asked(cast.support, Role.VIEWER)
    assert response.status_code == 404
    assert "Open the account under Staff" in response.content.decode()


def test_an_unknown_role_has_no_right():
    assert not any(allows("boss", needs) for needs in Right)


def test_account_and_profile_come_with_one_query(cast, django_assert_num_queries):
    Profile.objects.create(account=cast.harbor, balance=5_000_000)
    request = RequestFactory().get("/")
    request.user, request.session = cast.owner, {}
    with django_assert_num_queries(1):
        CurrentAccount(lambda request: HttpResponse(str(request.account.profile.balance)))(request)
    assert request.membership.role == Role.OWNER


def test_nobody_has_no_account_and_costs_no_query(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/login/").status_code == 200
