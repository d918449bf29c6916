"""A calendar of the move dates, by a link of one person and one account."""

from datetime import date, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from apps.accounts.models import Membership
from apps.porting.models import CalendarLink, Port, PortEvent, PortNumber
from apps.voicetel import clock
from tests.pages import words


@pytest.fixture
def link(harbor, manager):
    """The path of a link that the manager made; the port of the seed has no date."""
    Port.objects.of(harbor).update(foc_on=None)
    page = manager.post("/porting/calendar/", {"account": harbor.number})
    return page.context["link"].removeprefix("http://localhost:8000")


def a_port(account, pid, **values):
    now = clock.about_now()
    port = Port.objects.across_accounts().create(
        account=account, pid=pid, created_at=now, seen_at=now, changed_at=now, **values
    )
    PortNumber.objects.across_accounts().create(account=account, port=port, number="2125550142")
    return port


def events(answer):
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_a_parser_that_is_not_ours_reads_five_hundred_ports(harbor, link):
    on = date(2026, 12, 8)
    for each in range(500):
        a_port(harbor, f"p{each:04}", foc_on=on, carrier=f"Bell, “North”; \\ {each} {'x' * 150}")
    found = events(Client().get(link))
    assert len(found) == 500
    assert {each["DTSTART"].dt for each in found} == {on}
    assert len({each["UID"] for each in found}) == 500
    assert str(found[7]["SUMMARY"]).startswith("1 number from Bell, “North”; \\ 7 xxx")


def test_a_line_is_never_longer_than_a_calendar_may_be(harbor, link):
    a_port(harbor, "lines", foc_on=date(2026, 12, 8), carrier="é" * 60)
    content = Client().get(link).content
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_a_wish_is_tentative_a_firm_date_confirmed_and_a_rejection_canceled(harbor, link):
    on = date(2026, 12, 8)
    a_port(harbor, "wishd", wished_on=on)
    a_port(harbor, "firmd", wished_on=on, foc_on=on + timedelta(days=1))
    a_port(harbor, "rejec", wished_on=on, stage="rejected")
    a_port(harbor, "nodat")
    found = [(str(each["STATUS"]), each["DTSTART"].dt.day) for each in events(Client().get(link))]
    assert sorted(found) == [("CANCELLED", 8), ("CONFIRMED", 9), ("TENTATIVE", 8)]


def test_a_date_that_moves_keeps_its_event_and_raises_its_sequence(harbor, link):
    port = a_port(harbor, "moves", foc_on=date(2026, 12, 4))
    (before,) = events(Client().get(link))
    Port.objects.of(harbor).filter(pk=port.pk).update(foc_on=date(2026, 12, 8))
    PortEvent.objects.across_accounts().create(
        account=harbor, port=port, kind="date", at=clock.about_now(), was="x", now="y"
    )
    (after,) = events(Client().get(link))
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)


def test_nothing_of_voicetels_ids_and_nothing_of_another_account_is_in_it(harbor, cast, link):
    a_port(harbor, "q7w8e", foc_on=date(2026, 12, 4))
    a_port(cast.northwind, "other", foc_on=date(2026, 12, 5), carrier="Elsewhere")
    text = Client().get(link).content.decode()
    assert "SUMMARY:1 number" in text
    assert "q7w8e" not in text
    assert "Elsewhere" not in text


def test_a_link_is_shown_once_and_only_its_hash_is_kept(harbor, link, manager):
    secret = link.removeprefix("/porting/calendar/").removesuffix(".ics")
    (row,) = CalendarLink.objects.of(harbor)
    assert secret not in f"{row.__dict__}"
    page = manager.get("/porting/calendar/")
    assert secret not in page.content.decode()
    assert "Not read yet" in words(page)


def test_a_link_ends_when_replaced_ended_or_with_the_membership(harbor, link, manager, cast):
    assert Client().get(link).status_code == 200
    manager.post("/porting/calendar/", {"account": harbor.number})
    assert Client().get(link).status_code == 404
    row = CalendarLink.objects.of(harbor).get(ended_at=None)
    manager.post(f"/porting/calendar/{row.pk}/end/")
    assert not CalendarLink.objects.of(harbor).filter(ended_at=None).exists()
    page = manager.post("/porting/calendar/", {"account": harbor.number})
    newest = page.context["link"].removeprefix("http://localhost:8000")
    assert Client().get(newest).status_code == 200
    Membership.objects.filter(user=cast.manager).delete()
    assert Client().get(newest).status_code == 404


def test_nobody_ends_the_link_of_another_member(harbor, link, cast, sign_in):
    row = CalendarLink.objects.of(harbor).get()
    assert sign_in(cast.viewer).post(f"/porting/calendar/{row.pk}/end/").status_code == 404
    assert Client().get(link).status_code == 200


def test_a_link_is_read_sixty_times_an_hour(harbor, link):
    browser = Client()
    assert [browser.get(link).status_code for _ in range(62)] == [200] * 60 + [429] * 2
    clock.advance(3601)
    assert browser.get(link).status_code == 200
