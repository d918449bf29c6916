"""The line's rows: who is served, what happens to a place, and what a crash, a doubled sweep or a 429 does to it."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.voicetel import budget, clock, line, turns
from apps.voicetel.client import NotSent, RateLimited
from apps.voicetel.hour import ACCOUNT, HOUR, LANES
from apps.voicetel.models import Party, Spent, Wish

pytestmark = pytest.mark.django_db
OPERATION = "accountGet"
MINUTE = timedelta(minutes=1)


class Desk:
    """Serves wishes whose ref begins with "test:": reserves a call of the hour, as every handler's client does."""

    def __init__(self) -> None:
        self.served: list[str] = []
        self.before: Callable[[Wish], bool | None] = lambda wish: None

    def __call__(self, wish: Wish) -> bool:
        ticket = budget.reserve(ACCOUNT, LANES[wish.lane], wish.operation, wish.account)
        self.served.append(wish.ref.partition(":")[2])
        said = self.before(wish)
        budget.settle(ticket)
        return True if said is None else said


@pytest.fixture
def desk() -> Iterator[Desk]:
    found = Desk()
    line.serves(OPERATION, "test")(found)
    yield found
    del line._handlers[OPERATION, "test"]


def want(lane: str, name: str, **named: object) -> None:
    line.want(OPERATION, lane, f"test:{name}", **named)


def wish(name: str) -> Wish:
    return Wish.objects.get(ref=f"test:{name}")


def fill(calls: int, lane: str = "owners") -> None:
    for _ in range(calls):
        budget.settle(budget.reserve(ACCOUNT, LANES[lane], OPERATION))


def pass_time(span: timedelta) -> None:
    clock.advance(span.total_seconds())


# Wanting


def test_wanting_twice_is_wanting_once(desk):
    want("looking", "a")
    first = wish("a").since
    want("looking", "a")
    assert wish("a").since == first
    line.serve()
    assert desk.served == ["a"]
    assert not Wish.objects.exists()


def test_a_better_lane_takes_a_wish_up_at_its_end_and_a_worse_one_changes_nothing(desk):
    fill(6)
    want("behind", "old", account="1", due_at=clock.now() - HOUR)
    want("looking", "first")
    pass_time(MINUTE)
    want("looking", "old", account="1")
    want("behind", "old", account="1")
    assert wish("old").lane == "looking"
    assert [line.place(OPERATION, f"test:{name}").ahead for name in ("first", "old")] == [0, 1]


def test_what_is_not_due_yet_is_not_in_line(desk):
    want("behind", "later", account="1", due_at=clock.now() + HOUR)
    line.serve()
    assert line.outlook().due == {}
    pass_time(HOUR)
    line.serve()
    assert desk.served == ["later"]


def test_what_is_dropped_is_not_served(desk):
    want("owners", "a")
    line.drop(OPERATION, "test:a")
    line.serve()
    assert desk.served == []
    assert line.place(OPERATION, "test:a") is None


def test_a_place_can_be_taken_over(desk):
    want("owners", "first")
    want("owners", "back again", since=clock.now() - HOUR)
    line.serve()
    assert desk.served == ["back again", "first"]


# Order


def test_owners_then_lookers_then_newcomers_then_what_runs_behind(desk):
    for lane in reversed(turns.ORDER):
        want(lane, lane, account="1", network="192.0.2.0/24")
    for _ in range(6):
        line.serve()
        pass_time(turns.PACE)
    assert desk.served == list(turns.ORDER)


def test_newcomers_go_in_turn_by_network(desk):
    for n in range(5):
        want("newcomers", f"crowd {n}", network="198.51.100.0/24")
    want("newcomers", "alone", network="203.0.113.0/24")
    place = line.place(OPERATION, "test:alone")
    assert place.ahead == 1
    for _ in range(2):
        line.serve()
        pass_time(turns.PACE)
    assert desk.served == ["crowd 0", "alone"]
    want("newcomers", "alone again", network="203.0.113.0/24")
    assert line.place(OPERATION, "test:alone again").ahead == 1
    assert line.place(OPERATION, "test:crowd 4").ahead == 4


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


# What goes wrong


def test_a_wish_that_breaks_us_stops_nobody_and_is_parked(desk):
    def broken(wish: Wish) -> None:
        if wish.ref == "test:poison":
            raise RuntimeError("broken here")

    desk.before = broken
    want("owners", "poison")
    want("owners", "good")
    line.serve()
    assert desk.served == ["poison", "good"]
    line.serve()
    assert desk.served == ["poison", "good"]  # it waits out its pause
    for _ in range(30):
        pass_time(timedelta(hours=1, minutes=1))
        line.serve()
    assert desk.served.count("poison") == line.PARKED_AFTER
    assert [parked.ref for parked in line.outlook().parked] == ["test:poison"]


def test_a_wish_that_nobody_serves_is_pushed_on(desk):
    line.want("accountCdr", "owners", "nobody:1")
    want("owners", "good")
    line.serve()
    assert desk.served == ["good"]
    assert Wish.objects.get(ref="nobody:1").tries == 1


def test_a_lost_answer_is_asked_again_less_and_less_often(desk):
    desk.before = lambda wish: False
    want("owners", "a")
    waits = []
    for _ in range(4):
        line.serve()
        waits.append(round((wish("a").due_at - clock.now()) / MINUTE))
        pass_time(wish("a").due_at - clock.now() + timedelta(seconds=1))
    assert waits == [2, 4, 8, 16]


def test_a_429_shuts_the_pool_and_nobody_loses_the_place(desk):
    def refused(wish: Wish) -> None:
        budget.shut(ACCOUNT, OPERATION, timedelta(minutes=20))
        raise RateLimited("not now", retry_at=clock.now() + timedelta(minutes=20))

    desk.before = refused
    for name in ("first", "second"):
        want("owners", name)
    line.serve()
    desk.before = lambda wish: None
    for name, ahead in (("first", 0), ("second", 1)):
        place = line.place(OPERATION, f"test:{name}")
        assert place.ahead == ahead
        assert timedelta(minutes=19) < place.about_at - clock.now() < timedelta(minutes=21)
    line.serve()
    assert desk.served == ["first"]
    pass_time(timedelta(minutes=21))
    line.serve()
    assert desk.served == ["first", "first", "second"]


def test_a_call_that_somebody_else_took_meanwhile_costs_no_place(desk, monkeypatch):
    for name in ("first", "second"):
        want("behind", name, account=name)
    before = list(Wish.objects.order_by("pk").values("due_at", "tries", "since"))
    monkeypatch.setattr(line, "_hour", lambda pool_of: ([], clock.now(), None))  # as it was a moment ago
    fill(6)
    line.serve()
    assert desk.served == []
    assert list(Wish.objects.order_by("pk").values("due_at", "tries", "since")) == before
    assert not Party.objects.exclude(had_at=None).exists()


def test_what_never_left_us_keeps_its_place_and_lets_others_try(desk):
    def unsent(wish: Wish) -> None:
        if wish.ref == "test:first":
            raise NotSent("no way there")

    desk.before = unsent
    for name in ("first", "second"):
        want("owners", name)
    line.serve()
    assert desk.served == ["first"]
    line.serve()
    assert desk.served == ["first", "second"]
    assert line.place(OPERATION, "test:first").ahead == 0
    assert wish("first").tries == 0


class Died(BaseException):
    """The process is gone."""


def test_a_crash_between_reserve_and_answer_costs_two_minutes_and_a_call(desk):
    def dies(wish: Wish) -> None:
        raise Died

    desk.before = dies
    want("owners", "first")
    want("owners", "second")
    with pytest.raises(Died):
        line.serve()
    desk.before = lambda wish: None
    line.serve()
    assert desk.served == ["first", "second"]
    assert line.place(OPERATION, "test:first").ahead == 0
    pass_time(2 * MINUTE)
    line.serve()
    assert desk.served == ["first", "second", "first"]
    assert Spent.objects.count() == 3
    assert not Wish.objects.exists()


def test_a_doubled_sweep_serves_each_wish_once(desk):
    desk.before = lambda wish: line.serve()  # another one, in the midst of this
    for n in range(4):
        want("owners", str(n))
    line.serve()
    assert Counter(desk.served) == Counter("0123")


def test_two_who_want_the_same_at_once_are_one(desk):
    want("behind", "a", account="1")
    taken = wish("a")
    desk.before = lambda wish: line._served(taken) and None  # whoever saw the same row a moment ago
    line.serve()
    assert desk.served == ["a"]


# Looking at it


def test_a_full_hour_costs_a_sweep_one_query(desk):
    fill(6)
    want("owners", "a")
    with CaptureQueriesContext(
        connection,
    ) as found:
        line.serve()
    assert len(found) == 1


@pytest.mark.parametrize("lane", ["owners", "looking", "newcomers", "behind"])
def test_the_time_that_was_named_is_the_time_it_takes(desk, lane):
    """Ten of each lane wait on a used hour; nobody comes after. Swept every ten seconds at the most, here every minute."""
    fill(4)
    for n in range(6):
        for of in turns.ORDER:
            want(of, f"{of} {n}", account=str(n), network=f"192.0.{n}.0/24")
    last = f"{lane} 5"
    began = clock.now()
    promised = line.place(OPERATION, f"test:{last}").about_at - began
    while last not in desk.served:
        pass_time(MINUTE)
        line.serve()
        assert clock.now() - began < timedelta(hours=12)
    assert (clock.now() - began) / promised == pytest.approx(1, abs=0.1)


def test_the_outlook_names_who_is_served_when(desk):
    for lane in turns.ORDER:
        for n in range(3):
            want(lane, f"{lane} {n}", account=str(n), network=f"192.0.{n}.0/24")
    seen = line.outlook()
    assert seen.due == dict.fromkeys(turns.ORDER, 3)
    assert [one.about_at for one in seen.first] == sorted(one.about_at for one in seen.first)
    order = [one.wish.ref.partition(":")[2] for one in seen.first]
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
    line.want("accountCdr", "owners", "test:b")
    line.serve()
    assert (desk.served, other.served) == ([], ["b"])
    assert line.place(OPERATION, "test:a").about_at > clock.now() + timedelta(minutes=59)
    assert [one.wish.ref for one in line.outlook().first] == ["test:a"]


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


# The flood


@pytest.mark.slow
def test_a_flood_of_strangers_over_the_real_rows(desk):
    """Six hours, 1,000 strangers of 100 networks, two owners an hour, 20 accounts due all the time."""
    for n in range(1000):
        want("newcomers", f"stranger {n}", network=f"198.18.{n % 100}.0/24")
    asked, waited, began = {}, {}, clock.now()
    for minute in range(6 * 60):
        now = clock.now()
        if minute % 30 == 7:
            want("owners", f"owner {minute}")
            asked[f"owner {minute}"] = now
        for n in range(20):
            want("behind", f"account {n}", account=str(n))
        known = len(desk.served)
        line.serve()
        for name in desk.served[known:]:
            if name in asked:
                waited[name] = clock.now() - asked[name]
        pass_time(MINUTE)
    kinds = Counter(name.split()[0] for name in desk.served)
    assert len(waited) == 12
    assert max(waited.values()) <= timedelta(minutes=20)
    assert kinds["stranger"] in {12, 13}
    assert kinds.total() >= 6 * 6
    networks = [int(name.split()[1]) % 100 for name in desk.served if name.startswith("stranger")]
    assert len(set(networks)) == len(networks)
    assert Party.objects.count() == 120
    assert Wish.objects.count() <= 1000 + 20
    assert clock.now() - began >= 6 * HOUR
