"""A ticket about a thing of the account: its facts filled in, the ticket on the thing's page."""

from typing import Any

import pytest
from django.db.models import Q

from apps.accounts.models import User
from apps.copies.services import look
from apps.notifications.models import Choice, Notice
from apps.notifications.selectors import is_mailed
from apps.numbers import sources as numbers
from apps.numbers.models import Number
from apps.sandbox.models import Thread as Theirs
from apps.support import sources
from apps.support.models import Link, Ticket
from apps.support.services import singles
from tests.pages import words
from tests.support.pressing import fields, send


@pytest.fixture
def number(harbor: Any) -> str:
    look(harbor, numbers.numbers)
    row = Number.objects.of(harbor).order_by("number")[0]
    Number.objects.of(harbor).filter(pk=row.pk).update(label="Front desk")
    return row.number


def test_a_ticket_from_a_number_says_what_is_known_of_it(
    harbor: Any, cast: Any, number: str, changes: Any, sign_in: Any
) -> None:
    owner = sign_in(cast.owner)
    about = f"number:{number}"
    form = fields(owner.get(f"/support/new/?about={about}"), "/support/new/")
    assert "Label: Front desk" in form["facts"]
    answer = send(
        owner,
        f"/support/new/?about={about}",
        "/support/new/",
        subject="Echo",
        happened="We hear it",
    )
    there = Theirs.objects.latest("pk").body
    assert "Label: Front desk" in there
    assert "What happened: We hear it" in there
    (link,) = Link.objects.of(harbor)
    assert (link.kind, link.ref) == ("number", number)
    assert f'href="/numbers/{number}/"' in owner.get(answer.headers["Location"]).content.decode()
    panel = words(owner.get(f"/support/about/?about={about}"))
    assert "Echo" in panel
    assert "Open a ticket about it" in panel


def test_a_thing_of_another_account_is_none(
    harbor: Any, cast: Any, number: str, sign_in: Any
) -> None:
    page = sign_in(cast.stranger).get(f"/support/new/?about=number:{number}")
    assert page.status_code == 200
    assert "Front desk" not in page.content.decode()
    assert "about" in fields(page, "/support/new/")
    assert fields(page, "/support/new/")["about"] == ""


def told(user: User) -> list[Notice]:
    return list(Notice.objects.of(user).filter(Q(kind__startswith="ticket_")))


def test_who_wrote_in_the_ticket_is_told_of_the_answer_once(
    harbor: Any, cast: Any, open_one: Ticket, sandbox: Any, changes: Any, sign_in: Any
) -> None:
    send(sign_in(cast.manager), f"/support/{open_one.ticket}/", text="Still so")
    sandbox.advance(1200)
    for _ in range(2):
        look(harbor, sources.tickets)
        singles.refresh(harbor, open_one.ticket)
    (notice,) = told(cast.manager)
    assert notice.facts["subject"] == open_one.subject
    assert told(cast.owner) == []
    assert "VoiceTel support answered" in words(sign_in(cast.manager).get("/notifications/"))


def test_where_nobody_wrote_from_here_the_owners_are_told(
    harbor: Any, cast: Any, open_one: Ticket, sandbox: Any
) -> None:
    sandbox.advance(1200)
    look(harbor, sources.tickets)
    assert len(told(cast.owner)) == 1
    assert told(cast.manager) == []


def test_such_a_notice_is_mailed_to_who_asked_for_it_alone(
    harbor: Any, cast: Any, open_one: Ticket, sandbox: Any
) -> None:
    sandbox.advance(1200)
    look(harbor, sources.tickets)
    (notice,) = told(cast.owner)
    assert not is_mailed(notice)
    Choice.objects.create(user=cast.owner, group="tickets", mail=True)
    assert is_mailed(notice)


def test_what_the_first_look_finds_is_told_to_nobody(harbor: Any, cast: Any) -> None:
    assert Ticket.objects.of(harbor).filter(newest__gt=0).exists()
    assert told(cast.owner) == []
