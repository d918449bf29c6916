"""A ticket and a reply reach VoiceTel once or not at all, whatever happens on the way; and no text
is lost.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from apps.changes import sweeps
from apps.changes.models import Entry
from apps.changes.states import State
from apps.copies.services import look
from apps.sandbox.models import Thread as Theirs
from apps.sandbox.models import Ticket as TheirTicket
from apps.support import sources
from apps.support.models import Draft, Ticket, Written
from apps.support.services import singles
from apps.voicetel import clock
from tests.pages import words
from tests.support.pressing import fields, send

TEXT = "Still no sound since 9:00 AM."
FAULTS: dict[str, dict[str, Any]] = {
    "drop_before": {},
    "drop_after": {},
    "cut_body": {},
    "html_after": {},
    "status_after": {"status": 500},
    "status": {"status": 502},
}
BEFORE = {"drop_before", "status"}  # nothing was done there


def settle(sandbox: Any) -> None:
    for _ in range(8):
        clock.advance(600)
        sweeps.send_due()
        sweeps.settle_due()


@pytest.fixture
def owner(cast: Any, changes: Any, sign_in: Any) -> Any:
    return sign_in(cast.owner)


@pytest.mark.parametrize("kind", FAULTS)
def test_a_reply_is_there_once_or_its_text_is_here(
    harbor: Any, open_one: Ticket, owner: Any, sandbox: Any, kind: str
) -> None:
    sandbox.fault("supportTicketReplyCreate", kind, **FAULTS[kind])
    path = f"/support/{open_one.ticket}/"
    send(owner, path, text=TEXT)
    assert TEXT in words(owner.get(path))
    settle(sandbox)
    there = Theirs.objects.filter(ticket=open_one.ticket, body__startswith=TEXT).count()
    entry = Entry.objects.of(harbor).get()
    assert there == (0 if kind in BEFORE else 1)
    assert entry.state == (State.ABSENT if kind in BEFORE else State.DONE)
    if kind in BEFORE:
        page = owner.get(path)
        assert "It did not arrive. Send it again?" in words(page)
        reference = Written.objects.of(harbor).get().reference
        again = f"{path}?again={reference}"
        assert fields(owner.get(again), path)["text"] == TEXT
        send(owner, again, path)
        there = Theirs.objects.filter(ticket=open_one.ticket, body__startswith=TEXT).count()
        assert there == 1


@pytest.mark.parametrize("kind", FAULTS)
def test_a_ticket_is_there_once_or_its_text_is_here(
    harbor: Any, owner: Any, sandbox: Any, kind: str
) -> None:
    sandbox.fault("ticketsCreate", kind, **FAULTS[kind])
    send(owner, "/support/new/", subject="Echo", happened=TEXT)
    assert "Opening “Echo”" in words(owner.get("/support/"))
    settle(sandbox)
    there = TheirTicket.objects.filter(subject="Echo").count()
    assert there == (0 if kind in BEFORE else 1)
    page = words(owner.get("/support/"))
    if kind in BEFORE:
        assert "“Echo” was not opened" in page
        reference = Written.objects.of(harbor).get().reference
        again = fields(owner.get(f"/support/new/?again={reference}"), "/support/new/")
        assert (again["subject"], again["happened"]) == ("Echo", TEXT)
    else:
        assert Ticket.objects.of(harbor).filter(subject="Echo").count() == 1
        assert "Opening" not in page
    assert not Entry.objects.of(harbor).filter(state=State.ASK).exists()


def test_a_cut_list_settles_a_lost_ticket_too(harbor: Any, owner: Any, sandbox: Any) -> None:
    sandbox.shorten(most_tickets=1)
    sandbox.fault("ticketsCreate", "drop_after")
    send(owner, "/support/new/", subject="Echo", happened=TEXT)
    sandbox.fault("ticketsCreate", "drop_before")
    send(owner, "/support/new/", subject="Hum", happened=TEXT)
    settle(sandbox)
    found = Entry.objects.of(harbor).order_by("pk").values_list("state", flat=True)
    assert list(found) == [State.DONE, State.ABSENT]
    assert TheirTicket.objects.filter(subject__in=["Echo", "Hum"]).count() == 1


def test_a_text_that_arrived_is_let_go(
    harbor: Any, open_one: Ticket, owner: Any, sandbox: Any
) -> None:
    send(owner, f"/support/{open_one.ticket}/", text=TEXT)
    written = Written.objects.of(harbor).get()
    assert written.body == TEXT
    assert not Draft.objects.of(harbor).exists()
    singles.refresh(harbor, open_one.ticket)
    written.refresh_from_db()
    assert written.body == ""
    assert written.seen_at is not None


def test_the_text_is_in_no_entry_and_no_journal(harbor: Any, open_one: Ticket, owner: Any) -> None:
    send(owner, f"/support/{open_one.ticket}/", text=TEXT)
    (entry,) = Entry.objects.of(harbor).values()
    assert entry["sealed"] is None
    assert TEXT not in str(entry)
    assert "reply to ticket" in words(owner.get("/settings/audit/")).lower()
    assert TEXT not in words(owner.get("/settings/audit/"))


def test_a_refused_form_keeps_every_letter(harbor: Any, open_one: Ticket, owner: Any) -> None:
    path = f"/support/{open_one.ticket}/"
    refused = send(owner, path, text="My password: hunter2")
    assert refused.status_code == 422
    assert "looks like it contains a password" in words(refused)
    assert fields(refused, path)["text"] == "My password: hunter2"
    assert fields(owner.get(path), path)["text"] == "My password: hunter2"
    assert send(owner, path, agreed="on").status_code == 303
    assert Theirs.objects.filter(body__startswith="My password").count() == 1


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("key 0123456789abcdef0123456789ABCDEF", "an API key"),
        ("password is hunter2", "a password"),
        ("The PIN: 4711", "a PIN"),
    ],
)
def test_what_looks_like_a_secret_is_asked_about(
    harbor: Any, owner: Any, text: str, called: str
) -> None:
    page = send(owner, "/support/new/", subject="Echo", happened=text)
    assert page.status_code == 422
    assert called in words(page)
    assert not TheirTicket.objects.filter(subject="Echo").exists()


def test_what_is_typed_is_kept_until_it_is_sent(harbor: Any, owner: Any) -> None:
    form = fields(owner.get("/support/new/"), "/support/new/")
    owner.post("/support/new/draft/", {**form, "subject": "Ech", "since": "Mon"})
    found = fields(owner.get("/support/new/"), "/support/new/")
    assert (found["subject"], found["since"]) == ("Ech", "Mon")
    send(owner, "/support/new/", happened=TEXT)
    assert fields(owner.get("/support/new/"), "/support/new/")["subject"] == ""


def test_a_draft_that_comes_after_the_press_is_no_draft(
    harbor: Any, open_one: Ticket, owner: Any
) -> None:
    path = f"/support/{open_one.ticket}/"
    form = fields(owner.get(path), path) | {"text": TEXT}
    owner.post(path, form)
    owner.post(f"{path}draft/", form)
    assert fields(owner.get(path), path)["text"] == ""


def test_an_answer_that_came_while_writing_holds_the_reply(
    cast: Any, harbor: Any, open_one: Ticket, owner: Any, sandbox: Any
) -> None:
    path = f"/support/{open_one.ticket}/"
    form = fields(owner.get(path), path)
    sandbox.advance(1200)
    look(harbor, sources.tickets)
    held = owner.post(path, form | {"text": TEXT})
    assert held.status_code == 422
    assert "VoiceTel answered while you were writing" in words(held)
    assert not Theirs.objects.filter(body__startswith=TEXT).exists()
    assert owner.post(path, fields(held, path)).status_code == 303
    assert Theirs.objects.filter(body__startswith=TEXT).count() == 1


def test_the_same_form_twenty_times_at_once_is_one_reply(
    cast: Any, sandbox: Any, transactional_db: None, settings: Any, sign_in: Any
) -> None:
    settings.REDIS_URL = ""
    look(cast.harbor, sources.tickets)
    row = Ticket.objects.of(cast.harbor).get(subject__startswith="One-way audio")
    path = f"/support/{row.ticket}/"
    owner = sign_in(cast.owner)
    form = fields(owner.get(path), path) | {"text": TEXT}

    def press(_: int) -> int:
        try:
            browser = Client()
            browser.cookies = owner.cookies
            return browser.post(path, form).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(press, range(20)))
    assert set(answers) == {303}
    assert Entry.objects.of(cast.harbor).count() == 1
    assert Theirs.objects.filter(body__startswith=TEXT).count() == 1
    assert Written.objects.of(cast.harbor).count() == 1


def test_a_member_writes_so_much_in_a_day_and_no_more(harbor: Any, owner: Any, cast: Any) -> None:
    now = clock.now()
    for number in range(10):
        Written.objects.across_accounts().create(
            reference=f"BCDFGHJ{'BCDFGHJKLM'[number]}",
            account=harbor,
            user=cast.owner,
            name="Owner",
            subject="Echo",
            body="x",
            at=now,
        )
    page = send(owner, "/support/new/", subject="Echo", happened=TEXT)
    assert page.status_code == 429
    assert "which is the limit" in words(page)
    assert fields(page, "/support/new/")["happened"] == TEXT
    assert not TheirTicket.objects.filter(subject="Echo").exists()
