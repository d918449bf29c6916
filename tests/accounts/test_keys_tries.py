"""Reconnecting: how many tries an owner has, and what costs none."""

from contextlib import nullcontext, suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import IntegrityError

from apps.accounts import locks, reconnect
from apps.accounts.models import Account, Attempt, KeyExchange, Membership, User
from apps.accounts.signing_in import throttle
from apps.sandbox import control
from apps.voicetel.hour import line
from apps.voicetel.models import Wish
from tests.accounts.states import live
from tests.cast import person
from tests.hours import pass_time
from tests.threads import at_once


def asked(account: Account, user: User, *secrets: str) -> list[bool]:
    """Which of those passwords were let into the line, each served before the next."""
    let = []
    for secret in secrets:
        try:
            reconnect.ask(account, user, "password", secret)
            let.append(True)
        except throttle.Throttled:
            let.append(False)
        pass_time(control, minutes=15)
        line.serve(everything=True)
    return let


def test_right_ones_count_as_well_for_each_spends_a_call(cast, dead, sandbox):
    assert asked(dead, cast.owner, *[sandbox.password] * 6) == [True] * 4 + [False] * 2
    assert sandbox.count("accountApiKey") == reconnect.TRIES.most


def test_another_owner_and_another_account_have_no_more_and_no_less(cast, dead, sandbox):
    assert asked(dead, cast.owner, *["wrong"] * 4) == [True] * 4
    second = person("second@harbor.test")
    Membership.objects.create(user=second, account=dead, role="owner")
    assert asked(dead, second, "wrong") == [False]
    assert asked(cast.northwind, cast.stranger, "wrong") == [True]


def test_one_that_is_typed_anew_or_withdrawn_before_its_call_costs_no_try(cast, dead, sandbox):
    for n in range(6):
        reconnect.ask(dead, cast.owner, "password", f"slip{n}")
    for _ in range(6):
        reconnect.cancel(dead, cast.owner)
        reconnect.ask(dead, cast.owner, "password", sandbox.password)
    assert Attempt.objects.count() == 1
    line.serve()
    assert live(dead)


def test_one_that_is_replaced_while_its_call_is_on_its_way_counts(cast, dead, sandbox, monkeypatch):
    real, let = reconnect._ask_provider, []

    def meanwhile(wish):
        try:
            return real(wish)
        finally:
            with suppress(throttle.Throttled):
                reconnect.ask(dead, cast.owner, "password", "wrong again")
                let.append(True)

    monkeypatch.setattr(reconnect, "_ask_provider", meanwhile)
    reconnect.ask(dead, cast.owner, "password", "wrong")
    for _ in range(8):
        line.serve(everything=True)
        pass_time(sandbox, minutes=15)
    assert len(let) == reconnect.TRIES.most - 1
    assert sandbox.count("accountApiKey") == reconnect.TRIES.most


def test_who_is_held_off_keeps_what_waits(cast, dead, sandbox):
    for _ in range(4):
        reconnect.ask(dead, cast.owner, "password", "wrong")
        line.serve(everything=True)
    waits = reconnect.ask(dead, cast.owner, "key", sandbox.key("1000000001"))
    with pytest.raises(throttle.Throttled):
        reconnect.ask(dead, cast.owner, "password", sandbox.password)
    assert reconnect.last_wish(dead) == waits
    line.serve(everything=True)
    assert live(dead)


def presses_at_once(account: Account, user: User, monkeypatch) -> list[Exception]:
    """What two presses that meet in the middle of ask() run into."""
    together, real, broken = Barrier(2), throttle.take, []

    def slowly(*counted, **named) -> Attempt:
        with suppress(BrokenBarrierError):
            together.wait(timeout=0.6)  # with the lock the second never gets here meanwhile
        return real(*counted, **named)

    monkeypatch.setattr(throttle, "take", slowly)

    def press(n: int) -> None:
        try:
            reconnect.ask(account, user, "password", f"press{n}")
        except IntegrityError as error:
            broken.append(error)

    at_once(press, 2)
    return broken


def test_pressed_twice_at_once_one_waits_and_one_try_is_counted(
    transactional_db, cast, monkeypatch
):
    assert presses_at_once(cast.harbor, cast.owner, monkeypatch) == []
    assert (
        KeyExchange.objects.of(cast.harbor).count()
        == Wish.objects.count()
        == Attempt.objects.count()
        == 1
    )


def test_control_without_the_lock_the_second_press_breaks(transactional_db, cast, monkeypatch):
    monkeypatch.setattr(locks, "locked", lambda account: nullcontext(account))
    assert len(presses_at_once(cast.harbor, cast.owner, monkeypatch)) == 1
