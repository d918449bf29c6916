"""A name is what people call themselves; what tells who did something is their address."""

import random
from collections import Counter
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from apps import who
from apps.accounts.models import Membership, User
from apps.accounts.roles import Role
from apps.accounts.signing_in import throttle
from apps.audit.models import Event
from apps.audit.services import record
from apps.changes.engine import tokens
from apps.changes.models import Entry
from apps.copies.services import look
from apps.notifications import sweeps
from apps.notifications.kinds import words as said
from apps.notifications.models import Notice
from apps.numbers import sources
from apps.numbers.services import rows
from apps.team import services
from tests.accounts.arriving.walking_in import fresh
from tests.cast import person
from tests.pages import words
from tests.ui.files import csv_rows


@pytest.fixture
def numbers(cast, sandbox, changes) -> None:
    look(cast.harbor, sources.numbers)


REFUSED = (
    "ruth@harbor.test",
    "Ruth ＠ harbor",
    "www.free-phones.example",
    "Click https://x.test/now",
    "Harbor.com",
    "VoiceTel",
    "Voice-Tel Support",
    "Ｖｏｉｃｅ Ｔｅｌ",
    "V0iceTe1 billing",
    "Vоіcеtel",  # with Cyrillic letters
    "Voi\u200bceTel",
)
TAKEN = ("Ruth Okafor", "St. John O'Neil", "J.R. Ünal", "Мария", "नेहा", "李 小龙", "")


@pytest.mark.parametrize("name", REFUSED)
def test_a_name_that_poses_as_an_address_or_as_the_provider_is_refused(cast, name):
    client = fresh("manager@harbor.test")
    answer = client.post("/settings/", {"name": name})
    assert answer.status_code == 422
    assert "A name can" in answer.content.decode()
    cast.manager.refresh_from_db()
    assert cast.manager.name == "Manager Harbor"


@pytest.mark.parametrize("name", TAKEN)
def test_any_other_name_is_taken_though_somebody_has_it(cast, name):
    User.objects.filter(pk=cast.owner.pk).update(name=name)
    assert fresh("manager@harbor.test").post("/settings/", {"name": name}).status_code == 303
    cast.manager.refresh_from_db()
    assert cast.manager.name == name


def test_a_rename_is_an_event_with_both_names_and_owners_are_told(cast, mailoutbox):
    fresh("manager@harbor.test").post("/settings/", {"name": "Owner Harbor"})
    event = Event.objects.of(cast.harbor).get(action="name_changed")
    assert (event.actor, event.actor_email) == (cast.manager, "manager@harbor.test")
    assert event.facts == {"before": "Manager Harbor", "after": "Owner Harbor"}
    page = words(fresh("owner@harbor.test").get("/settings/audit/"))
    assert "Changed their name" in page or "Name Manager Harbor" in page
    assert "Owner Harbor (manager@harbor.test)" in page
    sweeps.send_mails()
    (mail,) = [mail for mail in mailoutbox if mail.to == ["owner@harbor.test"]]
    assert "Manager Harbor (manager@harbor.test) changed their name" in mail.subject
    assert "Owner Harbor (manager@harbor.test)" in mail.body


def test_the_owners_of_each_account_learn_of_a_rename(cast):
    Membership.objects.create(user=cast.manager, account=cast.northwind, role=Role.VIEWER)
    assert services.rename(cast.manager, "Somebody Else")
    assert not services.rename(cast.manager, "Somebody Else")
    for account, owner in ((cast.harbor, cast.owner), (cast.northwind, cast.stranger)):
        assert Event.objects.of(account).filter(action="name_changed").count() == 1
        assert [each.kind for each in Notice.objects.of(owner)] == ["member_renamed"]


def test_renames_of_a_day_are_limited(cast):
    for number in range(throttle.RENAMES.most):
        services.rename(cast.manager, f"Name {number}")
    answer = fresh("manager@harbor.test").post("/settings/", {"name": "One more"})
    assert answer.status_code == 429
    assert "many times today" in words(answer)


def forward(client: Client, to: str) -> Entry:
    """Forward a number to Jamaica. Returns the change."""
    form = {"to": to, "agreed": to, "token": tokens.mint(), "account": "1000000001"}
    assert client.post("/numbers/2015550110/forward/", form).status_code == 303
    return Entry.objects.across_accounts().latest("pk")


def last_change(client: Client) -> str:
    """Who the first page says made the last change."""
    return words(client.get("/")).partition("Recent activity")[2]


def test_a_narrow_place_gives_the_address_where_the_name_does_not_tell(cast, numbers):
    forward(fresh("manager@harbor.test"), "8765551200")
    owner = fresh("owner@harbor.test")
    assert "Manager Harbor" in last_change(owner)
    assert "manager@harbor.test" not in last_change(owner)
    for how in (
        lambda: User.objects.filter(pk=cast.viewer.pk).update(name="Manager Harbor"),  # shared
        lambda: User.objects.filter(pk=cast.manager.pk).update(name="Renamed since"),
        lambda: Membership.objects.filter(user=cast.manager).delete(),  # gone
    ):
        how()
        assert "Manager Harbor (manager@harbor.test)" in last_change(owner)
        User.objects.filter(pk=cast.viewer.pk).update(name="Viewer Harbor")
        User.objects.filter(pk=cast.manager.pk).update(name="Manager Harbor")
    assert not who.is_of_one_script("Mаnager Harbor")  # with a Cyrillic letter


def test_a_hundred_renames_and_changes_name_the_right_person_everywhere(cast, numbers, mailoutbox):
    """A manager who calls themselves Ruth Okafor forwards to Jamaica, and renames back."""
    second = person("second@harbor.test", name="Second Harbor")
    Membership.objects.create(user=second, account=cast.harbor, role=Role.OWNER)
    Membership.objects.filter(user__in=[cast.billing, cast.viewer]).update(role=Role.MANAGER)
    five = [cast.owner, cast.manager, cast.billing, cast.viewer, second]
    browsers = {each.pk: fresh(each.email) for each in five}
    names = ["Ruth Okafor", "Owner Harbor", "Manager Harbor", "", "Second Harbor"]
    order = [each for each in five for _ in range(20)]
    chance = random.Random(14)
    chance.shuffle(order)
    made: dict[int, str] = {}
    labeled: dict[str, str] = {}
    for turn, user in enumerate(order):
        if turn % 2:
            browsers[user.pk].post("/settings/", {"name": chance.choice(names)})
        elif turn % 4:
            user.refresh_from_db()
            rows.label_number(cast.harbor, "2015550110", f"label {turn}", by=user)
            labeled[f"label {turn}"] = user.email
        else:
            made[forward(browsers[user.pk], f"87655512{turn:02}").pk] = user.email
    assert len(made) + len(labeled) == 50
    assert Event.objects.of(cast.harbor).filter(action="name_changed").count() > 20

    reader = fresh("second@harbor.test")
    for pk, email in made.items():
        assert Entry.objects.of(cast.harbor).get(pk=pk).by_email == email
        assert email in words(reader.get(f"/changes/{pk}/"))
    for event in Event.objects.of(cast.harbor):
        assert event.actor_email == event.actor.email
    subjects = Counter(each.what for each in Entry.objects.of(cast.harbor))
    assert len(subjects) == len(made)
    header, *lines = csv_rows(reader.get("/settings/audit/export.csv"))
    told = [dict(zip(header, line, strict=True)) for line in lines]
    emails = {each.what.lower(): each.by_email for each in Entry.objects.of(cast.harbor)}
    named = 0
    for line in told:
        mark = next((each for each in labeled if line["In words"].endswith(f"→ {each}")), "")
        if address := emails.get(line["What"].lower()) or labeled.get(mark):
            assert address in line["Who"]
            named += 1
    assert named == 50

    notices = list(Notice.objects.across_people().filter(kind="change_done"))
    assert {each.facts["entry"] for each in notices} == set(made)
    for notice in notices:
        assert made[notice.facts["entry"]] in notice.facts["by"]
    for _ in range(20):
        sweeps.send_mails(everything=True)
    mailed = Counter(mail.subject for mail in mailoutbox if "asked VoiceTel" in mail.subject)
    expected = Counter(said(each.kind, each.facts).subject for each in notices)
    assert mailed == expected


def test_an_event_of_nobody_known_names_nobody(cast):
    assert record(None, cast.harbor, "key_dead").who == ""


def test_the_migrations_give_rows_of_before_the_address_of_their_person(
    transactional_db, cast, changes, sandbox
):
    look(cast.harbor, sources.numbers)
    entry = forward(fresh("manager@harbor.test"), "8765551200")
    record(cast.viewer, cast.harbor, "signed_out")
    Entry.objects.across_accounts().update(by_email="")
    Event.objects.across_accounts().update(actor_email="")
    with connection.schema_editor() as editor:
        for name in ("changes.migrations.0009_who_pressed", "audit.migrations.0005_who_acted"):
            import_module(f"apps.{name}").fill(apps, editor)
    entry.refresh_from_db()
    assert entry.by_email == "manager@harbor.test"
    assert Event.objects.of(cast.harbor).get(action="signed_out").actor_email == (
        "viewer@harbor.test"
    )
