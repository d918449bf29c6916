"""Our copy of VoiceTel's ports: a row each, and an event for everything that a look shows."""

import html
import random
from datetime import date, datetime, timedelta

import pytest

from apps.copies.models import Copy
from apps.copies.services import Outcome, look
from apps.porting import sources
from apps.porting.models import Group, Port, PortEvent
from apps.porting.rules.stages import Stage, stage_of
from apps.porting.selectors import pacing
from apps.porting.services import reading
from apps.sandbox.models import Port as Theirs
from tests.pages import words
from tests.porting.ready import BILL

DAY = 86_400


def kinds(port):
    return list(port.own_events().order_by("pk").values_list("kind", flat=True))


def test_the_list_and_the_numbers_of_each_port_are_kept(harbor, sandbox):
    (port,) = Port.objects.of(harbor)
    theirs = Theirs.objects.get(account="1000000001")
    assert (port.pid, port.row, port.status) == (theirs.pid, theirs.pk, "Complete")
    assert [each.number for each in port.own_numbers().order_by("number")] == theirs.numbers
    assert sandbox.count("portGet") == 1
    assert port.stage == Stage.COMPLETE
    assert port.closed_at


def test_a_port_is_read_again_only_when_the_list_shows_a_change(harbor, sandbox, both):
    both(3600)
    look(harbor, sources.ports)
    assert reading.read_due() == 0
    assert sandbox.count("portGet") == 1


def test_what_moves_at_voicetel_is_an_event_with_both_looks(draft, order, harbor, both, changes):
    order(draft)
    (port,) = Port.objects.of(harbor).filter(closed_at=None)
    look(harbor, sources.ports)
    both(1.5 * DAY)
    assert look(harbor, sources.ports) == Outcome.TAKEN
    port.refresh_from_db()
    assert port.stage == Stage.LETTER
    event = port.own_events().filter(kind="status").latest("pk")
    assert (event.was, event.now, event.stage) == ("Submitted", "Waiting for LOA", "letter")
    assert event.before_at < event.at


def test_a_port_goes_from_order_to_arrival(draft, order, harbor, both, changes):
    order(draft)
    port = Port.objects.of(harbor).get(closed_at=None)
    seen = []
    for _ in range(12):
        both(DAY)
        look(harbor, sources.ports)
        port.refresh_from_db()
        if port.stage not in seen:
            seen.append(port.stage)
    assert seen == ["letter", "filed", "date", "complete"]
    assert isinstance(port.foc_on, date)
    assert port.closed_at
    assert "date" in kinds(port)


def test_numbers_on_our_copy_have_arrived_whatever_the_words_say(draft, order, harbor, both):
    from apps.numbers import sources as of_numbers

    order(draft)
    port = Port.objects.of(harbor).get(closed_at=None)
    both(12 * DAY)
    look(harbor, of_numbers.numbers)
    assert reading.arrive() == 1
    port.refresh_from_db()
    assert port.stage == Stage.ARRIVED
    assert not port.own_numbers().filter(arrived_at=None).exists()
    assert kinds(port)[-1] == "arrived"
    assert reading.arrive() == 0


def test_a_port_that_is_no_longer_listed_stays_and_says_so(harbor, sandbox, both, cast, sign_in):
    pid = Port.objects.of(harbor).get().pid
    Theirs.objects.filter(account="1000000001").delete()
    assert look(harbor, sources.ports) == Outcome.DOUBTED
    both(120)
    assert look(harbor, sources.ports) == Outcome.TAKEN
    port = Port.objects.of(harbor).get(pid=pid)
    assert port.missed_at
    assert kinds(port)[-1] == "gone"
    assert "No longer listed" in words(sign_in(cast.viewer).get(f"/porting/{pid}/"))


def test_looks_that_show_nothing_new_write_no_event(harbor, both):
    before = PortEvent.objects.of(harbor).count()
    for _ in range(3):
        both(7200)
        look(harbor, sources.ports)
    assert (before, PortEvent.objects.of(harbor).count()) == (1, 1)


def test_looks_are_often_while_something_is_about_to_happen(harbor):
    """By VoiceTel's hours, in Central time."""
    at = lambda text: datetime.fromisoformat(text).replace(tzinfo=pacing.CENTRAL)  # noqa: E731
    port = Port.objects.of(harbor).get()
    port.created_at, port.stage, port.foc_on = at("2026-11-02T09:00"), "filed", None
    wait = lambda text: pacing.wait_of(port, at(text))  # noqa: E731
    assert wait("2026-12-01T12:00") == timedelta(hours=2)
    assert wait("2026-12-01T23:00") == timedelta(hours=6)
    assert wait("2026-12-05T12:00") == timedelta(hours=6), "a Saturday"
    assert wait("2026-11-02T10:30") == timedelta(minutes=30), "just after the order"
    port.foc_on = date(2026, 12, 8)
    assert wait("2026-12-07T12:00") == timedelta(minutes=30)
    assert wait("2026-12-08T12:00") == timedelta(minutes=15)
    assert wait("2026-12-09T12:00") == timedelta(hours=1)


def test_an_account_without_an_open_port_is_looked_at_once_a_day(harbor):
    (copy,) = Copy.objects.of(harbor).filter(name="ports")
    span = (copy.next_at - copy.read_at).total_seconds() / 3600
    assert 21 < span < 27


def test_a_day_of_a_firm_date_stays_within_sixty_looks(draft, order, harbor):
    order(draft)
    port = Port.objects.of(harbor).get(closed_at=None)
    now = datetime(2026, 12, 8, tzinfo=pacing.CENTRAL)
    port.foc_on, port.stage, port.created_at = now.date(), "date", now - timedelta(days=9)
    looks, end = 0, now + timedelta(days=1)
    while now < end:
        now += pacing.wait_of(port, now) * 0.9
        looks += 1
    assert 40 < looks <= 60


def phrases():
    """Two hundred statuses that VoiceTel's people might type, none of them the table's own."""
    chance = random.Random(19)
    parts = ["LOA", "not", "rejected", "complete", "FOC", "pending", "CSR", "<b>filed</b>", "Ünal"]
    found = set()
    while len(found) < 200:
        found.add(" ".join(chance.choices(parts, k=chance.randint(2, 6))))
    return sorted(found)


def test_no_phrase_but_the_tables_own_moves_a_port_and_each_is_shown_word_for_word(
    draft, order, harbor, sandbox, cast, sign_in
):
    order(draft)
    port = Port.objects.of(harbor).get(closed_at=None)
    assert {stage_of(status) for status in phrases()} == {None}
    before, typed = port.stage, phrases()[::8]
    for status in typed:
        sandbox.set_port(port.pid, said={"status": status, "message": "", "foc": ""})
        assert look(harbor, sources.ports) == Outcome.TAKEN
    port.refresh_from_db()
    assert (before, port.stage) == (Stage.SENT, Stage.SENT)
    events = port.own_events().filter(kind="status", unknown=True)
    assert list(events.order_by("pk").values_list("now", flat=True)) == typed
    page = sign_in(cast.viewer).get(f"/porting/{port.pid}/").content.decode()
    assert all(html.escape(status) in page for status in typed)
    assert "<b>filed</b>" not in page


@pytest.mark.parametrize("status", ["Complete", "COMPLETE.", " complete ", "Complete!"])
def test_case_and_punctuation_of_a_known_phrase_do_not_matter(status):
    assert stage_of(status) == Stage.COMPLETE


@pytest.mark.parametrize("status", ["Not complete", "Complete soon", "Rejected? no", ""])
def test_a_part_of_a_phrase_means_nothing(status):
    assert stage_of(status) is None


def test_a_moved_date_of_the_sandbox_is_two_events(draft, order, harbor, both):
    Group.objects.of(harbor).filter(draft=draft).update(bill=BILL | {"account_number": "MOVE-1"})
    order(draft)
    port = Port.objects.of(harbor).get(closed_at=None)
    for _ in range(24):
        both(DAY / 2)
        look(harbor, sources.ports)
    dates = list(port.own_events().filter(kind="date").order_by("pk").values_list("was", "now"))
    assert len(dates) == 2
    first, moved = (date.fromisoformat(now) for _, now in dates)
    assert (moved - first).days == 2
