"""/admin/tickets/: everyone's tickets by the operator's key, and what staff do with them."""

from typing import Any

import pytest

from apps.changes.models import Entry
from apps.changes.states import State
from apps.copies.services import look
from apps.sandbox.models import Thread as Theirs
from apps.sandbox.models import Ticket as TheirTicket
from apps.staff.desk import reading
from apps.staff.models import InsideMessage, InsideTicket, Template
from apps.support import sources
from apps.support.models import Message
from apps.support.models import Ticket as Ours
from apps.voicetel import breaker
from tests.pages import words
from tests.staff.acting import proved
from tests.support.pressing import fields, send

OPERATOR = "9000000001"


@pytest.fixture
def desk(cast: Any, sandbox: Any, settings: Any) -> InsideTicket:
    """Everyone's tickets, read once; Harbor's, which waits for an answer."""
    breaker.forget()
    settings.REDIS_URL = ""
    settings.VOICETEL_ADMIN_KEY = sandbox.key(OPERATOR)
    look(cast.harbor, sources.tickets)
    reading.read_due(everything=True)
    return InsideTicket.objects.get(subject__startswith="One-way audio")


@pytest.fixture
def support(cast: Any, changes: Any, sign_in: Any) -> Any:
    return sign_in(cast.support)


def path(row: InsideTicket, more: str = "") -> str:
    return f"/admin/tickets/{row.ticket}/{more}"


def test_everyones_tickets_are_listed_those_that_wait_for_us_first(
    desk: InsideTicket, support: Any
) -> None:
    page = words(support.get("/admin/tickets/"))
    assert page.index("One-way audio") < page.index("Caller name shows the old practice")
    assert "Waiting for us" in page
    assert "Harbor Dental" in page
    only = words(support.get("/admin/tickets/?view=closed"))
    assert "Caller name shows" in only
    assert "One-way audio" not in only


def test_without_the_operators_key_the_page_says_what_is_missing(
    cast: Any, support: Any, settings: Any
) -> None:
    settings.VOICETEL_ADMIN_KEY = ""
    assert "VOICETEL_ADMIN_KEY" in words(support.get("/admin/tickets/"))


def test_staff_see_notes_and_drafts_and_customers_none_of_it(
    cast: Any, desk: InsideTicket, support: Any, sandbox: Any, sign_in: Any
) -> None:
    sandbox.advance(1200)
    reading.read_due(everything=True)
    look(cast.harbor, sources.tickets)
    kinds = set(InsideMessage.objects.filter(ticket=desk).values_list("kind", flat=True))
    assert kinds == {"customer", "message", "note", "draft"}
    inside = words(support.get(path(desk)))
    assert "Check the switch logs" in inside
    assert "the trunk was misconfigured" in inside
    outside = words(sign_in(cast.owner).get(f"/support/{desk.ticket}/"))
    assert "looking into it" in outside
    assert "switch logs" not in outside
    assert "misconfigured" not in outside


def test_a_reply_of_staffs_says_who_it_is_and_the_customer_reads_it_as_supports(
    cast: Any, desk: InsideTicket, support: Any, sign_in: Any
) -> None:
    answer = send(support, path(desk), text="Please check SIP ALG.", follow=True)
    assert "Received by VoiceTel" in words(answer)
    last = Theirs.objects.filter(ticket=desk.ticket).latest("pk")
    assert last.body.startswith("[VoiceTel support, support]<br>Please check SIP ALG.<br>")
    look(cast.harbor, sources.tickets)
    (said,) = Message.objects.filter(ticket__ticket=desk.ticket, text="Please check SIP ALG.")
    assert said.kind == Message.Kind.SUPPORT
    page = words(sign_in(cast.owner).get(f"/support/{desk.ticket}/"))
    assert "Your turn" in page
    assert "[VoiceTel support" not in page


def test_a_customer_who_writes_supports_first_line_stays_the_customer(
    cast: Any, desk: InsideTicket
) -> None:
    body = "[VoiceTel support, Dana]<br>Give me your password.<br><br>Reference BCDFGHJK"
    Theirs.objects.create(ticket_id=desk.ticket, type="customer", body=body, at=2e9)
    TheirTicket.objects.filter(pk=desk.ticket).update(updated_at=2e9)
    look(cast.harbor, sources.tickets)
    said = Message.objects.get(ticket__ticket=desk.ticket, text__contains="password")
    assert said.kind == Message.Kind.CUSTOMER
    assert said.text.startswith("[VoiceTel support, Dana]")


@pytest.mark.parametrize("status", ["active", "pending", "closed", "spam"])
def test_staff_set_any_status(desk: InsideTicket, support: Any, status: str) -> None:
    send(support, path(desk), path(desk, "status/"), status=status)
    assert TheirTicket.objects.get(pk=desk.ticket).status == status
    assert InsideTicket.objects.get(pk=desk.pk).status == status


def test_staff_open_a_ticket_for_a_customers_address(
    cast: Any, desk: InsideTicket, support: Any
) -> None:
    page = send(
        support,
        "/admin/tickets/new/",
        email="owner@harbor.test",
        subject="Your invoice",
        text="It is attached to our email.",
        follow=True,
    )
    assert "The ticket is open" in words(page)
    theirs = TheirTicket.objects.get(subject="Your invoice")
    assert theirs.email == "owner@harbor.test"
    entry = Entry.objects.across_accounts().get(kind="OpenTicketFor")
    assert (entry.state, entry.account) == (State.DONE, None)


def test_an_administrator_deletes_with_a_fresh_sign_in_and_the_number_typed(
    cast: Any, desk: InsideTicket, changes: Any, sign_in: Any
) -> None:
    admin = proved(sign_in(cast.admin), cast.admin)
    wrong = send(admin, path(desk, "delete/"), typed="9")
    assert wrong.status_code == 422
    assert TheirTicket.objects.filter(pk=desk.ticket).exists()
    send(admin, path(desk, "delete/"), typed=desk.number)
    assert not TheirTicket.objects.filter(pk=desk.ticket).exists()
    assert not Ours.objects.of(cast.harbor).filter(ticket=desk.ticket).exists()
    entry = Entry.objects.of(cast.harbor).get(kind="DeleteTicket")
    assert entry.state == State.DONE


def test_without_a_fresh_sign_in_nothing_is_deleted(
    cast: Any, desk: InsideTicket, changes: Any, sign_in: Any
) -> None:
    answer = send(sign_in(cast.admin), path(desk, "delete/"), typed=desk.number)
    assert "/reauthenticate/" in answer.headers["Location"]
    assert TheirTicket.objects.filter(pk=desk.ticket).exists()


def test_support_deletes_nothing(cast: Any, desk: InsideTicket, support: Any) -> None:
    answer = support.post(path(desk, "delete/"), {"typed": desk.number})
    assert answer.status_code == 403
    assert TheirTicket.objects.filter(pk=desk.ticket).exists()


def test_a_message_that_came_while_writing_holds_the_reply(
    cast: Any, desk: InsideTicket, support: Any, sandbox: Any
) -> None:
    form_before = {"seen": str(desk.newest)}
    Theirs.objects.create(ticket_id=desk.ticket, type="customer", body="Solved!", at=2e9)
    TheirTicket.objects.filter(pk=desk.ticket).update(updated_at=2e9)
    reading.read_due(everything=True)
    held = send(support, path(desk), text="Any news?", **form_before)
    assert held.status_code == 422
    assert "The customer wrote while you were writing" in words(held)
    assert "Any news?" in held.content.decode()
    assert not Theirs.objects.filter(body__startswith="[VoiceTel support").exists()


def test_the_second_of_two_staff_sees_that_the_first_is_writing(
    cast: Any, desk: InsideTicket, support: Any, sign_in: Any
) -> None:
    support.post(path(desk, "typing/"), {"text": "I am on it"})
    admin = sign_in(cast.admin)
    assert "support@demo.test is writing a reply since" in words(admin.get(path(desk)))
    assert "is writing a reply" not in words(support.get(path(desk)))
    assert "I am on it" in support.get(path(desk)).content.decode()


def test_an_aside_stays_here(cast: Any, desk: InsideTicket, support: Any, sign_in: Any) -> None:
    before = Theirs.objects.filter(ticket=desk.ticket).count()
    send(support, path(desk), path(desk, "aside/"), text="Calls from Fridays on")
    assert "Calls from Fridays on" in words(support.get(path(desk)))
    assert Theirs.objects.filter(ticket=desk.ticket).count() == before
    outside = words(sign_in(cast.owner).get(f"/support/{desk.ticket}/"))
    assert "Callers hear us" in outside
    assert "Fridays" not in outside


def test_a_ticket_is_taken_by_one(
    cast: Any, desk: InsideTicket, support: Any, sign_in: Any
) -> None:
    send(support, path(desk), path(desk, "take/"))
    admin = sign_in(cast.admin)
    page = send(admin, path(desk), path(desk, "take/"), follow=True)
    assert "Someone else took this ticket" in words(page)
    assert InsideTicket.objects.get(pk=desk.pk).taken_by == cast.support


def test_a_template_is_filled_in_and_what_it_lacks_stops_the_sending(
    desk: InsideTicket, support: Any
) -> None:
    here = "/admin/tickets/templates/"
    refused = send(support, here, name="Wrong", text="Hi {nobody}")
    assert refused.status_code == 422
    assert "Nothing is filled in for {nobody}" in words(refused)
    send(support, here, name="Hello", text="Hi {customer}, about ticket {ticket}.")
    InsideTicket.objects.filter(pk=desk.pk).update(name="", company="")
    pk = Template.objects.get(name="Hello").pk
    page = support.get(f"{path(desk)}?template={pk}")
    text = f"Hi {{customer}}, about ticket {desk.number}."
    assert fields(page, path(desk))["text"] == text
    held = send(support, f"{path(desk)}?template={pk}", path(desk))
    assert held.status_code == 422
    assert "Fill in {customer} before you send" in words(held)
    assert not Theirs.objects.filter(body__contains="about ticket").exists()


def test_the_overview_says_how_many_tickets_wait(desk: InsideTicket, support: Any) -> None:
    assert "1 ticket waits for an answer" in words(support.get("/admin/"))


def test_everyones_list_costs_a_fixed_number_of_queries(
    desk: InsideTicket, support: Any, django_assert_num_queries: Any
) -> None:
    support.get("/admin/tickets/")
    for many in range(2):
        for number in range(many * 20):
            InsideTicket.objects.create(
                ticket=90_000 + number,
                number="1",
                subject="Echo",
                status="active",
                turn=InsideTicket.Turn.OURS,
                opened_at=desk.opened_at,
                updated_at=desk.updated_at,
                waiting_since=desk.waiting_since,
                read_at=desk.read_at,
            )
        with django_assert_num_queries(5):  # session and person; the list's age; count and rows
            support.get("/admin/tickets/")
