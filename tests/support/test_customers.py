"""What members do with tickets, and what VoiceTel has of it afterwards."""

from typing import Any

import pytest

from apps.changes.models import Entry
from apps.changes.states import State
from apps.copies.services import look
from apps.sandbox.models import Thread as Theirs
from apps.sandbox.models import Ticket as TheirTicket
from apps.support import sources
from apps.support.models import Message, Ticket, Written
from apps.support.services import singles
from tests.pages import words
from tests.support.pressing import send

NEW = {"subject": "Echo on calls", "happened": "We hear ourselves.", "since": "Monday, New York"}


@pytest.fixture
def owner(cast: Any, changes: Any, sign_in: Any) -> Any:
    return sign_in(cast.owner)


def test_the_list_shows_every_ticket_with_whose_turn_it_is(harbor: Any, owner: Any) -> None:
    page = words(owner.get("/support/"))
    assert "One-way audio on (201) 555-0112" in page
    assert "With VoiceTel" in page
    assert "Caller name shows the old practice" in page
    assert "Closed" in page


def test_a_ticket_is_opened_and_shown_at_once(harbor: Any, owner: Any) -> None:
    answer = send(owner, "/support/new/", **NEW)
    theirs = TheirTicket.objects.get(subject="Echo on calls")
    assert answer.headers["Location"] == f"/support/{theirs.pk}/"
    page = words(owner.get(answer.headers["Location"]))
    assert "What happened: We hear ourselves." in page
    assert "Since: Monday, New York" in page
    assert "Reference" not in page
    assert Written.objects.of(harbor).get().body == ""


def test_a_reply_arrives_and_is_shown_under_the_members_name(
    harbor: Any, open_one: Ticket, owner: Any
) -> None:
    path = f"/support/{open_one.ticket}/"
    text = "Still so.\nSince <9 AM> & before."
    answer = send(owner, path, text=text, follow=True)
    last = Theirs.objects.filter(ticket=open_one.ticket).latest("pk")
    assert last.body.startswith("Still so.<br>Since &lt;9 AM&gt; &amp; before.<br><br>Reference ")
    assert "Received by VoiceTel" in words(answer)
    singles.refresh(harbor, open_one.ticket)
    page = words(owner.get(path))
    assert "Owner Harbor" in page
    assert page.count("Since <9 AM> & before.") == 1
    assert "Reference" not in page


def test_a_ticket_is_closed_and_opened_again(open_one: Ticket, owner: Any) -> None:
    path = f"/support/{open_one.ticket}/"
    for status, shown in (("closed", "Closed"), ("active", "With VoiceTel")):
        page = send(owner, path, f"{path}status/", follow=True)
        assert TheirTicket.objects.get(pk=open_one.ticket).status == status
        assert shown in words(page)


def test_a_reply_that_closes_is_two_changes_the_second_after_the_first(
    open_one: Ticket, owner: Any
) -> None:
    path = f"/support/{open_one.ticket}/"
    send(owner, path, text="Solved, thank you.", and_close="1")
    assert TheirTicket.objects.get(pk=open_one.ticket).status == "closed"
    reply, closing = Entry.objects.of(open_one.account_id).order_by("pk")
    assert (reply.state, closing.state, closing.after_id) == (State.DONE, State.DONE, reply.pk)


def test_an_answer_reaches_our_copy_and_is_new_until_it_was_seen(
    cast: Any, open_one: Ticket, sandbox: Any, owner: Any
) -> None:
    sandbox.advance(1200)
    singles.refresh(cast.harbor, open_one.ticket)
    path = f"/support/{open_one.ticket}/"
    page = owner.get(path)
    assert "We are looking into it" in words(page)
    assert "Notifications, 1 unread" in page.content.decode()
    assert "Your turn" in words(page)
    row = Ticket.objects.of(cast.harbor).get(pk=open_one.pk)
    assert ", unread" in words(owner.get("/support/"))
    mine = {"account": cast.harbor.number}
    assert owner.post(f"{path}seen/{row.newest}/", mine).status_code == 204
    assert ", unread" not in words(owner.get("/support/"))
    assert "logs.txt" in words(page)


def test_what_staff_write_among_themselves_never_gets_into_the_copy(
    harbor: Any, sandbox: Any, open_one: Ticket
) -> None:
    sandbox.advance(1200)
    look(harbor, sources.tickets)
    theirs = Theirs.objects.filter(ticket=open_one.ticket)
    assert {(each.type, each.draft) for each in theirs} >= {("note", False), ("message", True)}
    ours = Message.objects.filter(ticket=open_one)
    assert sorted(each.kind for each in ours) == ["customer", "message"]


def test_another_accounts_ticket_does_not_exist(
    cast: Any, open_one: Ticket, changes: Any, sign_in: Any
) -> None:
    stranger = sign_in(cast.stranger)
    path = f"/support/{open_one.ticket}/"
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, {"text": "hello"}).status_code == 404


def test_a_viewer_reads_and_cannot_write(cast: Any, open_one: Ticket, sign_in: Any) -> None:
    viewer = sign_in(cast.viewer)
    path = f"/support/{open_one.ticket}/"
    page = words(viewer.get(path))
    assert "Callers hear us" in page
    assert "can read tickets but not write" in page
    assert viewer.post(path, {"text": "hello"}).status_code == 403
    assert viewer.get("/support/new/").status_code == 403
