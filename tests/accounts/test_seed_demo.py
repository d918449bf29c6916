"""`manage.py seed_demo`: the demo's people can sign in, and no key is exchanged."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from apps.accounts import access
from apps.accounts.models import Account, Membership, User
from apps.audit.models import Event
from apps.changes.change import recall
from apps.changes.models import Entry
from apps.changes.states import State
from apps.copies.services import look
from apps.home import showroom
from apps.notifications.models import Notice
from apps.numbers import sources
from apps.numbers.models import Gateway, Number
from tests.pages import words


@pytest.fixture
def seeded(sandbox):
    call_command("seed_demo")
    return sandbox


@pytest.mark.parametrize(
    ("login", "email"),
    [
        ("1000000001", "harbor@demo.test"),
        ("1000000002", "northwind@demo.test"),
        ("1000000003", "quiet@demo.test"),
        ("9000000001", "admin@demo.test"),
        ("support@demo.test", "support@demo.test"),
        ("manager@harbor.test", "manager@harbor.test"),
    ],
)
def test_each_of_the_demos_names_signs_its_person_in(seeded, login, email):
    client = Client()
    answer = client.post("/login/", {"login": login, "password": "demo1234"})
    if email.split("@")[0] in ("admin", "support"):
        assert answer["Location"] == "/login/code/"
        out = StringIO()
        call_command("demo_code", email, stdout=out)
        answer = client.post("/login/code/", {"code": out.getvalue().strip()})
    assert answer.status_code == 302
    assert User.objects.get(pk=client.session["_auth_user_id"]).email == email
    assert seeded.requests() == []


def test_lark_studio_is_not_connected(seeded):
    assert not Account.objects.filter(number="1000000004").exists()
    assert (
        Client().post("/login/", {"login": "1000000004", "password": "demo1234"}).status_code == 422
    )


def test_the_keys_work_and_none_was_exchanged(seeded):
    for account in Account.objects.all():
        access.client_for(account).gateways.list()
    assert seeded.count("accountApiKey") == 0
    assert seeded.count("gatewaysList") == 4


def test_a_second_run_changes_nothing(seeded):
    harbor = Account.objects.get(number="1000000001")
    Account.objects.filter(pk=harbor.pk).update(key_state="dead")
    User.objects.filter(email="harbor@demo.test").update(name="Renamed")
    before = [list(model.objects.order_by("pk").values()) for model in (User, Account, Membership)]
    call_command("seed_demo")
    assert [
        list(model.objects.order_by("pk").values()) for model in (User, Account, Membership)
    ] == before


def test_harbor_has_one_person_a_role(seeded):
    roles = Membership.objects.filter(account__number="1000000001").values_list("role", flat=True)
    assert sorted(roles) == ["billing", "manager", "owner", "viewer"]


def test_production_refuses_it(settings, db):
    settings.LOCAL = False
    with pytest.raises(CommandError):
        call_command("seed_demo")
    assert not User.objects.exists()


def test_the_showroom_has_labels_activity_and_something_for_its_owner(seeded):
    client = Client()
    client.post("/login/", {"login": "1000000001", "password": "demo1234"})
    harbor = Account.objects.get(number="1000000001")
    assert sum(row.label != "" for row in Number.objects.of(harbor)) == 15
    lines = Entry.objects.of(harbor).count() + Event.objects.of(harbor).count()
    assert lines >= 12
    assert (
        Notice.objects.of(User.objects.get(email="harbor@demo.test")).filter(read_at=None).count()
        == 2
    )
    home = words(client.get("/"))
    assert "Sofia Reyes (sofia@harbor.test) asks to join" in home
    assert client.get("/settings/audit/").status_code == 200


def test_the_labels_stay_when_the_first_list_comes_in(seeded):
    harbor = Account.objects.get(number="1000000001")
    look(harbor, sources.numbers)
    rows = Number.objects.of(harbor)
    assert rows.count() == 24
    assert {row.number: row.label for row in rows if row.label} == showroom.LABELS
    named = Gateway.objects.across_accounts().exclude(name="").values_list("gateway", "name")
    assert dict(named) == showroom.ROUTES


def test_the_past_agrees_with_what_the_sandbox_holds(seeded):
    """Each change that was done is the last word on its value, so undoing one brings back what it
    says.
    """
    harbor = Account.objects.get(number="1000000001")
    look(harbor, sources.numbers)
    last = {}
    for entry in Entry.objects.of(harbor).filter(state=State.DONE).order_by("created_at"):
        last[entry.subject, entry.kind != "SetCnam"] = entry
    assert len(last) == 6
    for entry in last.values():
        change = recall(entry)
        assert change.kept() == change.wanted(), entry.what
