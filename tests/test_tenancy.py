"""A query of customers' rows that does not say whose raises."""

import pytest
from django.apps import apps

from apps.accounts import reconnect
from apps.accounts.models import Account, KeyExchange
from apps.audit.models import Event
from apps.notifications.models import Notice, Notices
from apps.tenancy import Scoped, Unscoped

# Loaded with the person, for every request, before any account is known; or one to one with the
# account's own row; or staff's own, of which no customer's page reads a row.
WITHOUT = {"accounts.Membership", "accounts.Profile", "staff.InsideTicket"}


@pytest.mark.parametrize("ask", ["all", "count", "first", "exists", "create"])
def test_an_unscoped_query_raises(db, ask):
    with pytest.raises(Unscoped):
        getattr(KeyExchange.objects, ask)()


def test_an_unscoped_query_of_events_raises(db):
    with pytest.raises(Unscoped):
        Event.objects.count()


def test_an_unscoped_query_of_notices_raises(db):
    with pytest.raises(Unscoped):
        Notice.objects.count()


def test_of_an_account_gives_its_rows_alone(cast):
    reconnect.ask(cast.harbor, cast.owner, "password", "x")
    reconnect.ask(cast.northwind, cast.stranger, "password", "y")
    assert [wish.account for wish in KeyExchange.objects.of(cast.harbor)] == [cast.harbor]
    assert KeyExchange.objects.across_accounts().count() == 2


def test_every_table_that_belongs_to_an_account_is_scoped():
    owned = [
        model
        for model in apps.get_models()
        if model._meta.label not in WITHOUT
        and any(field.related_model is Account for field in model._meta.concrete_fields)
    ]
    assert KeyExchange in owned
    assert [
        model._meta.label
        for model in owned
        if not isinstance(model._default_manager, Scoped | Notices)
    ] == []


def test_an_account_goes_with_all_its_rows(cast):
    reconnect.ask(cast.harbor, cast.owner, "password", "x")
    assert KeyExchange.objects.across_accounts().count() == 1
    cast.harbor.delete()
    assert not KeyExchange.objects.across_accounts().exists()
