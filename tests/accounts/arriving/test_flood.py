"""Strangers press /connect/, hour after hour, and nobody looks (TRUST section 6): owners still get
in at once, newcomers still in turn, people who are known work on and sign in, and nothing grows
without end."""

import math
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from apps.accounts.arriving import connect
from apps.accounts.models import Attempt, Connection, ConnectLink, Letter, Session, User
from apps.sandbox import control
from apps.voicetel.hour import turns
from apps.voicetel.models import Party, Spent, Wish
from tests.accounts.arriving.flood import DAY, HOUR, MINUTE, Flood, arrivals, in_any_hour, tries

pytestmark = pytest.mark.slow  # the short ones half a minute, the day twenty

OWNERS_WITHIN = 20 * MINUTE
GROWTH = 64  # MB
TRIES = connect.NETWORK.most  # of passwords, and so many of keys


def rows() -> dict[str, int]:
    tables: tuple[Any, ...] = (Wish, Party, Connection, Attempt, ConnectLink, Letter, Session, User)
    return {table.__name__: table.objects.count() for table in tables}


def percentile(waited: list[timedelta], share: float) -> timedelta:
    """Of what is sorted."""
    return waited[math.ceil(share * len(waited)) - 1]


@pytest.mark.parametrize(
    ("hours", "strangers", "networks"),
    [(3, 150, 15), (24, 10_000, 1_000)],
)
def test_strangers_at_the_door_keep_out_nobody_who_is_known(
    db, sandbox, hours, strangers, networks
):
    with Flood(hours=hours, strangers=strangers, networks=networks).clocks() as flood:
        flood.run()
        waited, kept = flood.owners_waited(), rows()
        classes = Counter(Spent.objects.values_list("call_class", flat=True))
        print(
            f"owners: p95 {percentile(waited, 0.95)}, worst {waited[-1]}; calls {dict(classes)} in"
            f" {hours} h"
        )
        print(
            f"first step {dict(flood.first)}, second {dict(flood.second)}, known"
            f" {dict(flood.known)}, mails {flood.mails}"
        )
        print(f"rows {kept}; MB {flood.memory}; tries {tries()}")

        # Owners and newcomers
        assert len(waited) == 2 * hours
        assert waited[-1] <= OWNERS_WITHIN
        newcomers = sorted(
            Spent.objects.filter(call_class=connect.CALL_CLASS).values_list("at", flat=True)
        )
        assert in_any_hour([at.timestamp() for at in newcomers]) == 2
        assert len(newcomers) >= 1.75 * hours - 1
        assert (
            max(late - early for early, late in pairwise(newcomers)) <= HOUR + turns.PACE + MINUTE
        )
        # The provider
        assert in_any_hour(arrivals()) == 6
        assert {row.status for row in control.requests()} == {200, 401}
        assert sum(classes.values()) >= 6 * hours * 0.995
        # People who are known
        assert set(flood.known) == {("page", 200), ("sign-in", 302)}
        # Strangers: everybody gets the link that they ask for, and so many tries
        assert set(flood.first) == {303}
        assert set(flood.second) <= {200, 302, 429}
        assert flood.second[302] <= 2 * TRIES * networks * math.ceil(hours / 24)
        assert flood.second[302] >= 2 * hours  # else nobody would have stood in line
        found = tries()
        assert max(found["password of one network"], found["key of one network"]) == TRIES
        assert found["password for one name"] <= connect.NAME.most
        # What is kept
        assert kept["Wish"] <= flood.second[302] + len(flood.accounts)
        assert kept["Party"] <= networks + len(flood.accounts)
        assert kept["Connection"] == flood.second[302]
        # mails of a day, links of an hour, tries
        assert kept["Attempt"] <= strangers + 2 * strangers / hours + 3 * flood.second[302]
        # those of two hours, up to one more until swept, and chance
        assert kept["ConnectLink"] <= strangers * 4 / hours
        assert kept["Letter"] == 0
        assert flood.memory[-1] - flood.memory[1] <= GROWTH

        flood.afterwards(25 * HOUR, every=HOUR)  # all who waited are mailed to come back
        assert Connection.objects.filter(state="waiting").count() == 0
        assert Wish.objects.count() <= len(flood.accounts)
        flood.afterwards(8 * DAY, every=DAY / 4)
        assert (rows()["Attempt"], rows()["ConnectLink"]) == (0, 0)
        flood.afterwards(62 * DAY, every=DAY)
        left = rows()
        # one that was just asked is wanted anew a minute later
        assert left.pop("Wish") <= len(flood.accounts)
        assert left.pop("Party") == left.pop("User") == len(flood.accounts)
        assert set(left.values()) == {0}


def test_control_newcomers_who_count_as_owners_keep_owners_waiting(db, sandbox, monkeypatch):
    monkeypatch.setattr(connect, "CALL_CLASS", "owners")
    with Flood(hours=3, strangers=150, networks=15).clocks() as flood:
        waited = flood.run().owners_waited()
    assert percentile(waited, 0.95) > 2 * OWNERS_WITHIN


def test_control_without_counted_tries_the_line_grows_with_whoever_presses(
    db, sandbox, monkeypatch
):
    monkeypatch.setattr(connect, "_count", lambda *_: [])
    with Flood(hours=2, strangers=150, networks=5).clocks() as flood:
        flood.run()
    assert flood.second[302] > 2 * TRIES * flood.networks
