"""The line's rows: who is served and when, what happens to a place, and what people are
told of it.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.apps import apps
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from apps.voicetel import clock
from apps.voicetel.hour import line, turns
from apps.voicetel.hour.rules import HOUR
from apps.voicetel.models import Party, Wish
from tests.voicetel.hour.desk import MINUTE, OPERATION, Desk, fill, pass_time, want, wish

pytestmark = pytest.mark.django_db


# Wanting


def test_wanting_twice_is_wanting_once(desk):
    want("looking", "a")
    first = wish("a").since
    want("looking", "a")
    assert wish("a").since == first
    line.serve()
    assert desk.served == ["a"]
    assert not Wish.objects.exists()


def test_a_better_class_takes_a_wish_up_at_its_end_and_a_worse_one_changes_nothing(desk):
    fill(6)
    want("behind", "old", account="1", due_at=clock.now() - HOUR)
    want("looking", "first")
    pass_time(MINUTE)
    want("looking", "old", account="1")
    want("behind", "old", account="1")
    assert wish("old").call_class == "looking"
    assert [line.place(OPERATION, "test", name).ahead for name in ("first", "old")] == [0, 1]


def test_what_the_release_before_wrote_is_served_too_and_wanted_once(desk):
    now = clock.now()
    old = {
        "operation": OPERATION,
        "call_class": "looking",
        "ref": "test:a",
        "since": now,
        "due_at": now,
    }
    Wish.objects.create(**old)
    want("looking", "a")
    assert Wish.objects.count() == 1
    line.serve()
    assert desk.served == ["a"]


def test_the_migration_parts_what_waits(db):
    now = clock.now()
    for ref in ("profile:12", "connection:12"):
        Wish.objects.create(
            operation=OPERATION, call_class="looking", ref=ref, since=now, due_at=now
        )
    import_module("apps.voicetel.migrations.0002_wish_kind_about").part(
        apps, connection.schema_editor()
    )
    parted = Wish.objects.order_by("pk").values_list("kind", "about")
    assert list(parted) == [("profile", "12"), ("connection", "12")]


def test_what_is_not_due_yet_is_not_in_line(desk):
    want("behind", "later", account="1", due_at=clock.now() + HOUR)
    line.serve()
    assert line.outlook().due == {}
    pass_time(HOUR)
    line.serve()
    assert desk.served == ["later"]


def test_what_is_dropped_is_not_served(desk):
    want("owners", "a")
    line.drop(OPERATION, "test", "a")
    line.serve()
    assert desk.served == []
    assert line.place(OPERATION, "test", "a") is None


def test_a_place_can_be_taken_over(desk):
    want("owners", "first")
    want("owners", "back again", since=clock.now() - HOUR)
    line.serve()
    assert desk.served == ["back again", "first"]


# Order


def test_owners_then_lookers_then_newcomers_then_what_runs_behind(desk):
    for call_class in reversed(turns.ORDER):
        want(call_class, call_class, account="1", network="192.0.2.0/24")
    for _ in range(6):
        line.serve()
        pass_time(turns.PACE)
    assert desk.served == list(turns.ORDER)


def test_newcomers_go_in_turn_by_network(desk):
    for n in range(5):
        want("newcomers", f"crowd {n}", network="198.51.100.0/24")
    want("newcomers", "alone", network="203.0.113.0/24")
    place = line.place(OPERATION, "test", "alone")
    assert place.ahead == 1
    for _ in range(2):
        line.serve()
        pass_time(turns.PACE)
    assert desk.served == ["crowd 0", "alone"]
    want("newcomers", "alone again", network="203.0.113.0/24")
    assert line.place(OPERATION, "test", "alone again").ahead == 1
    assert line.place(OPERATION, "test", "crowd 4").ahead == 4


def test_no_account_has_a_second_turn_behind_before_all_had_one(desk):
    for n in range(4):
        for what in ("calls", "charges", "balance"):
            want("behind", f"{n} {what}", account=str(n))
    for _ in range(12):
        line.serve()
        pass_time(timedelta(minutes=10))
    served = [name.split()[0] for name in desk.served]
    assert len(served) == 12
    for start in (0, 4, 8):
        assert sorted(served[start : start + 4]) == ["0", "1", "2", "3"]


def test_a_turn_is_remembered_when_the_wish_is_gone(desk):
    want("behind", "a", account="1")
    line.serve()
    want("behind", "a", account="1")
    want("behind", "b", account="2")
    pass_time(turns.PACE)
    line.serve()
    assert desk.served == ["a", "b"]


def test_as_many_are_served_as_there_is_room_for(desk):
    for n in range(9):
        want("looking", str(n))
    line.serve()
    assert desk.served == [str(n) for n in range(6)]
    line.serve()
    assert len(desk.served) == 6
    pass_time(HOUR)
    line.serve()
    assert len(desk.served) == 9


# Looking at it


def test_a_full_hour_costs_a_sweep_one_query(desk):
    fill(6)
    want("owners", "a")
    with CaptureQueriesContext(
        connection,
    ) as found:
        line.serve()
    assert len(found) == 1


@pytest.mark.parametrize("call_class", ["owners", "looking", "newcomers", "behind"])
def test_the_time_that_was_named_is_the_time_it_takes(desk, call_class):
    """Ten of each class wait on a used hour; nobody comes after.

    Swept every ten seconds at the most, here every minute.
    """
    fill(4)
    for n in range(6):
        for of in turns.ORDER:
            want(of, f"{of} {n}", account=str(n), network=f"192.0.{n}.0/24")
    last = f"{call_class} 5"
    began = clock.now()
    promised = line.place(OPERATION, "test", last).about_at - began
    while last not in desk.served:
        pass_time(MINUTE)
        line.serve()
        assert clock.now() - began < timedelta(hours=12)
    assert (clock.now() - began) / promised == pytest.approx(1, abs=0.1)


def test_while_its_call_is_on_its_way_no_later_time_is_named(desk):
    """It is the second of the two that newcomers have: a third would be an hour off."""
    fill(1, "newcomers")
    want("newcomers", "a", network="192.0.2.0/24", account="1000000004")
    found = []
    desk.before = lambda wish: found.append(line.place(OPERATION, "test", "a"))
    line.serve(everything=True)
    assert found[0].about_at - clock.now() < MINUTE
    assert found[0].latest_at - clock.now() < MINUTE


def test_newcomers_alone_are_told_a_latest_time(desk):
    for of in turns.ORDER:
        want(of, of, account="1", network="192.0.2.0/24")
    named = {of: line.place(OPERATION, "test", of).latest_at is not None for of in turns.ORDER}
    assert [of for of, told in named.items() if told] == ["newcomers"]


def test_the_outlook_names_who_is_served_when(desk):
    for call_class in turns.ORDER:
        for n in range(3):
            want(call_class, f"{call_class} {n}", account=str(n), network=f"192.0.{n}.0/24")
    seen = line.outlook()
    assert seen.due == dict.fromkeys(turns.ORDER, 3)
    assert [one.about_at for one in seen.first] == sorted(one.about_at for one in seen.first)
    order = [one.wish.about for one in seen.first]
    for _ in range(60 * 4):
        line.serve()
        pass_time(MINUTE)
    assert desk.served == order


def test_four_pools_have_a_line_each(desk, settings):
    settings.VOICETEL_POOLS = "four"
    other = Desk()
    line.serves("accountCdr", "test")(other)
    fill(6)
    want("owners", "a")
    line.want("accountCdr", "owners", "test", "b")
    line.serve()
    assert (desk.served, other.served) == ([], ["b"])
    assert line.place(OPERATION, "test", "a").about_at > clock.now() + timedelta(minutes=59)
    assert [one.wish.about for one in line.outlook().first] == ["a"]


def test_turns_of_whom_nobody_has_heard_for_a_month_are_forgotten(desk):
    want("newcomers", "a", network="192.0.2.0/24")
    want("behind", "b", account="1", due_at=clock.now() + timedelta(days=40))
    line.serve()
    pass_time(timedelta(days=29))
    line.forget_parties()
    assert Party.objects.count() == 2
    pass_time(timedelta(days=2))
    line.forget_parties()
    assert list(Party.objects.values_list("name", flat=True)) == ["behind:1"]


def forgotten_meanwhile(get_in_line: Callable[[Callable[[], None]], None]) -> int:
    """How many stand in line, when a party of long ago is forgotten at the very moment in which one
    of it gets in line.
    """
    Party.objects.create(name="newcomers:192.0.2.0/24")
    met = Barrier(2)

    def meet() -> None:
        with suppress(BrokenBarrierError):
            met.wait(timeout=5)

    def forget() -> None:
        meet()
        line.forget_parties()
        connection.close()

    forgetting = Thread(target=forget)
    forgetting.start()
    get_in_line(lambda: (meet(), forgetting.join(timeout=0.6)))
    forgetting.join()
    return Wish.objects.filter(party__isnull=False).count()


def test_a_party_of_whom_somebody_just_gets_in_line_is_not_forgotten(
    transactional_db, desk, monkeypatch
):
    real = line._party

    def get_in_line(meet: Callable[[], None]) -> None:
        monkeypatch.setattr(line, "_party", lambda *whose: (real(*whose), meet())[0])
        want("newcomers", "a", network="192.0.2.0/24")

    assert forgotten_meanwhile(get_in_line) == 1


def test_control_without_the_lock_it_is(transactional_db, desk):
    def get_in_line(meet: Callable[[], None]) -> None:
        party = Party.objects.get(name="newcomers:192.0.2.0/24")
        meet()
        now = clock.now()
        with pytest.raises(IntegrityError):
            Wish.objects.create(
                operation=OPERATION,
                call_class="newcomers",
                kind="test",
                about="a",
                ref="test:a",
                party=party,
                since=now,
                due_at=now,
            )

    assert forgotten_meanwhile(get_in_line) == 0
