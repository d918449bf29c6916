"""The line's rows: what a crash, a doubled sweep, a 429 or a flood of strangers does to a place."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest

from apps.voicetel import clock
from apps.voicetel.client import BudgetSpent, NotSent, RateLimited
from apps.voicetel.hour import budget, line
from apps.voicetel.hour.meter import Meter
from apps.voicetel.hour.rules import ACCOUNT, HOUR
from apps.voicetel.models import Limit, Party, Spent, Wish
from tests.voicetel.hour.desk import MINUTE, OPERATION, fill, pass_time, want, wish

pytestmark = pytest.mark.django_db


def test_a_wish_that_breaks_us_stops_nobody_and_is_parked(desk):
    def broken(wish: Wish) -> None:
        if wish.about == "poison":
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
    assert [parked.about for parked in line.outlook().parked] == ["poison"]


def test_a_wish_that_nobody_serves_is_pushed_on(desk):
    line.want("accountCdr", "owners", "nobody", 1)
    want("owners", "good")
    line.serve()
    assert desk.served == ["good"]
    assert Wish.objects.get(kind="nobody", about="1").tries == 1


def test_a_lost_answer_is_asked_again_less_and_less_often(desk):
    desk.before = lambda wish: False
    want("owners", "a")
    waits = []
    for _ in range(4):
        line.serve()
        waits.append(round((wish("a").due_at - clock.now()) / MINUTE))
        pass_time(wish("a").due_at - clock.now() + timedelta(seconds=1))
    assert waits == [2, 4, 8, 16]


def test_a_list_that_joined_the_pool_and_asks_every_minute_lets_no_owner_wait(desk):
    Limit.objects.create(
        operation="numbersList", account="*", at=clock.now(), proven=True, hourly=True
    )
    meter = Meter("behind")
    for minute in range(4 * 60):
        if minute % 20 == 0:
            want("owners", str(minute))
        pass_time(MINUTE)
        with suppress(BudgetSpent):
            meter.settle(meter.reserve(None, "numbersList"))
        line.serve()
        assert not Wish.objects.exists()
    assert Spent.objects.filter(operation="numbersList").count() == 2 * 4


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
        place = line.place(OPERATION, "test", name)
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
    # as it was a moment ago
    monkeypatch.setattr(line, "_hour", lambda pool_of: ([], clock.now(), None))
    fill(6)
    line.serve()
    assert desk.served == []
    assert list(Wish.objects.order_by("pk").values("due_at", "tries", "since")) == before
    assert not Party.objects.exclude(had_at=None).exists()


def test_a_wish_that_needs_no_call_any_more_costs_its_party_no_turn(desk):
    def serve(wish: Wish) -> bool:
        if wish.about == "withdrawn":
            raise line.Moot
        return desk(wish)

    line.serves(OPERATION, "test")(serve)
    want("newcomers", "withdrawn", network="192.0.2.0/24")
    want("newcomers", "same network", network="192.0.2.0/24")
    want("newcomers", "other network", network="198.51.100.0/24")
    line.serve(everything=True)
    assert desk.served == ["same network", "other network"]
    assert not Wish.objects.exists()


def test_what_is_dropped_untried_is_told_from_what_cost_a_call(desk):
    want("owners", "untried")
    assert line.drop(OPERATION, "test", "untried")
    assert not line.drop(OPERATION, "test", "untried")
    said: list[bool] = []
    desk.before = lambda wish: said.append(line.drop(OPERATION, "test", wish.about))
    want("owners", "under way")
    line.serve(everything=True)
    desk.before = lambda wish: False
    want("owners", "lost")
    line.serve(everything=True)
    assert [*said, line.drop(OPERATION, "test", "lost")] == [False, False]


def test_what_never_left_us_keeps_its_place_and_lets_others_try(desk):
    def unsent(wish: Wish) -> None:
        if wish.about == "first":
            raise NotSent("no way there")

    desk.before = unsent
    for name in ("first", "second"):
        want("owners", name)
    line.serve()
    assert desk.served == ["first"]
    line.serve()
    assert desk.served == ["first", "second"]
    assert line.place(OPERATION, "test", "first").ahead == 0
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
    assert line.place(OPERATION, "test", "first").ahead == 0
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


# The flood


@pytest.mark.slow
def test_a_flood_of_strangers_over_the_real_rows(desk):
    """Six hours, 1,000 strangers of 100 networks, two owners an hour, 20 accounts due
    all the time.
    """
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
