"""The copy of an account's tickets: a cut list, a wrong one, a ticket that is gone."""

from datetime import timedelta
from typing import Any

import pytest

from apps.copies.services import look
from apps.running import broker
from apps.sandbox.models import Thread as Theirs
from apps.sandbox.models import Ticket as TheirTicket
from apps.support import sources, tasks
from apps.support.models import Message, Ticket
from apps.support.services import singles
from apps.voicetel import clock
from tests.pages import words


def ids(account: Any) -> set[int]:
    return set(Ticket.objects.of(account).values_list("ticket", flat=True))


def later(minutes: float) -> None:
    clock.advance(timedelta(minutes=minutes).total_seconds())
    singles.look_for_missing()


def test_a_ticket_that_a_cut_list_leaves_out_stays_and_is_said(
    harbor: Any, sandbox: Any, cast: Any, sign_in: Any
) -> None:
    held = ids(harbor)
    sandbox.shorten(most_tickets=1)
    look(harbor, sources.tickets)
    later(10)
    assert ids(harbor) == held
    sandbox.shorten(most_tickets=50)
    Ticket.objects.of(harbor).filter(subject__startswith="Caller name").delete()
    sandbox.shorten(most_tickets=1)
    look(harbor, sources.tickets)
    page = words(sign_in(cast.viewer).get("/support/"))
    assert f"this page shows 1 of {len(held)} tickets" in page


def test_a_wrong_empty_list_removes_nothing(harbor: Any, sandbox: Any) -> None:
    held = ids(harbor)
    kept = list(TheirTicket.objects.filter(account=harbor.number))
    TheirTicket.objects.filter(account=harbor.number).update(account="1000000003")
    look(harbor, sources.tickets)
    assert ids(harbor) == held
    TheirTicket.objects.filter(pk__in=[each.pk for each in kept]).update(account=harbor.number)
    later(1)
    later(5)
    assert ids(harbor) == held
    assert not Ticket.objects.of(harbor).exclude(missed_at=None).exists()


def test_a_deleted_ticket_goes_after_two_reads_a_minute_apart(
    harbor: Any, open_one: Ticket
) -> None:
    TheirTicket.objects.filter(pk=open_one.ticket).delete()
    look(harbor, sources.tickets)
    assert open_one.ticket in ids(harbor)
    later(0)
    assert open_one.ticket in ids(harbor)
    later(0)
    assert open_one.ticket in ids(harbor)
    later(2)
    assert open_one.ticket not in ids(harbor)


def test_a_read_that_told_nothing_counts_for_nothing(
    harbor: Any, open_one: Ticket, sandbox: Any
) -> None:
    TheirTicket.objects.filter(pk=open_one.ticket).delete()
    look(harbor, sources.tickets)
    sandbox.fault("ticketsGet", "status", times=None, status=502)
    for _ in range(4):
        later(6)
    assert open_one.ticket in ids(harbor)


def test_a_message_that_was_edited_there_is_edited_here(
    harbor: Any, open_one: Ticket, sandbox: Any
) -> None:
    thread = Theirs.objects.get(ticket=open_one.ticket)
    Theirs.objects.filter(pk=thread.pk).update(body="<p>Mended</p>")
    singles.refresh(harbor, open_one.ticket)
    assert Message.objects.get(ticket=open_one).text == "Mended"
    Theirs.objects.filter(pk=thread.pk).delete()
    singles.refresh(harbor, open_one.ticket)
    assert not Message.objects.filter(ticket=open_one).exists()


def test_what_the_first_look_finds_is_no_news(
    harbor: Any, sandbox: Any, cast: Any, sign_in: Any
) -> None:
    page = words(sign_in(cast.owner).get("/support/"))
    assert "Caller name shows the old practice" in page
    assert ", unread" not in page


def test_two_accounts_with_one_address_have_a_row_each(
    harbor: Any, cast: Any, open_one: Ticket
) -> None:
    TheirTicket.objects.filter(pk=open_one.ticket).update(account=cast.northwind.number)
    look(cast.northwind, sources.tickets)
    assert open_one.ticket in ids(harbor)
    assert open_one.ticket in ids(cast.northwind)


def test_however_many_watch_one_look_is_asked_for(
    harbor: Any, open_one: Ticket, monkeypatch: Any
) -> None:
    sent = []
    monkeypatch.setattr(broker, "send", lambda *given, queue: sent.append(given) or True)
    began = clock.now()
    for _ in range(12):
        for _ in range(50):
            tasks.ask_for_one(open_one)
        clock.advance(5)
    passed = (clock.now() - began).total_seconds()
    assert 1 <= len(sent) <= passed / 15 + 1


@pytest.mark.parametrize("tries", [1, 40])
def test_an_open_page_stops_looking_after_ten_minutes_without_news(
    harbor: Any, open_one: Ticket, cast: Any, sign_in: Any, tries: int
) -> None:
    page = sign_in(cast.owner).get(
        f"/support/{open_one.ticket}/talk/?newest={open_one.newest}&tries={tries}",
        headers={"HX-Request": "true"},
    )
    assert page.status_code == (286 if tries == 40 else 200)
    assert "Callers hear us" in words(page)


def test_the_list_costs_a_fixed_number_of_queries(
    harbor: Any, cast: Any, sign_in: Any, django_assert_num_queries: Any
) -> None:
    browser = sign_in(cast.owner)
    browser.get("/support/")
    for many in range(3):
        for number in range(many * 20):
            Ticket.objects.of(harbor).create(
                account=harbor,
                ticket=100_000 + many * 100 + number,
                number="1",
                subject="Echo",
                status="active",
                turn=Ticket.Turn.THEIRS,
                opened_at=clock.now(),
                updated_at=clock.now(),
                read_at=clock.now(),
            )
        # session and person; age of the copy; whether the list was cut; texts on their way; count
        # and rows
        with django_assert_num_queries(6):
            browser.get("/support/")
