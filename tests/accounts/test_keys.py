"""Reconnecting an account: one call of the hour, the secret erased, and only the very account's own
key taken.
"""

from datetime import timedelta

import pytest

from apps.accounts import members, profiles, reconnect
from apps.accounts.arriving import sweeps
from apps.accounts.models import Account, KeyExchange, Membership, Profile
from apps.audit.models import Event
from apps.voicetel import clock
from apps.voicetel.hour import budget, line
from apps.voicetel.hour.rules import ACCOUNT, CLASSES
from apps.voicetel.models import Spent, Wish
from tests.accounts.states import live
from tests.hours import fill_the_hour, pass_time

S = KeyExchange.State


def wish_of(account: Account) -> KeyExchange:
    return KeyExchange.objects.of(account).get()


def test_the_voicetel_password_brings_a_key_that_works(cast, dead, sandbox):
    reconnect.ask(dead, cast.owner, "password", sandbox.password)
    assert sandbox.requests() == []  # asking calls nobody
    line.serve()
    account = Account.objects.get(pk=dead.pk)
    assert (account.key_state, account.key()) == ("live", sandbox.key("1000000001"))
    assert (wish_of(dead).state, wish_of(dead).sealed) == (S.DONE, None)
    assert [event.action for event in Event.objects.of(dead)] == ["key_connected", "key_asked"]
    assert sandbox.count("accountApiKey") == 1


def test_the_call_is_counted_for_owners(cast, dead, sandbox):
    reconnect.ask(dead, cast.owner, "password", sandbox.password)
    line.serve()
    assert list(Spent.objects.values_list("operation", "call_class", "account")) == [
        ("accountApiKey", "owners", "1000000001")
    ]


def test_a_wrong_password_is_told_and_erased_and_not_tried_again(cast, dead, sandbox):
    reconnect.ask(dead, cast.owner, "password", "wrong1")
    line.serve()
    line.serve()
    wish = wish_of(dead)
    assert (wish.state, wish.sealed, wish.reason) == (
        S.REFUSED,
        None,
        "VoiceTel says that this password is not right.",
    )
    assert sandbox.count("accountApiKey") == 1
    assert not live(dead)


def test_a_pasted_key_is_taken_once_it_answered_for_this_account(cast, dead, sandbox):
    reconnect.ask(dead, cast.owner, "key", sandbox.key("1000000001"))
    assert not live(dead)
    line.serve()
    assert live(dead)
    assert sandbox.count("accountGet") == 1
    # the answer is not wasted
    assert Profile.objects.get(account=dead).balance == int(
        sandbox.balance("1000000001") * 1_000_000
    )


def test_a_key_of_another_account_opens_nothing(cast, dead, sandbox):
    reconnect.ask(dead, cast.owner, "key", sandbox.key("1000000002"))
    line.serve()
    assert not live(dead)
    assert wish_of(dead).reason == "This API key is not this account's."
    assert not Profile.objects.filter(account=dead).exists()


def test_a_key_that_nobody_has_is_refused(cast, dead, sandbox):
    reconnect.ask(dead, cast.owner, "key", "0" * 32)
    line.serve()
    assert wish_of(dead).reason == "VoiceTel says that this API key is not right."


def test_with_the_hour_full_it_waits_its_turn(cast, dead, sandbox):
    fill_the_hour()
    reconnect.ask(dead, cast.owner, "password", sandbox.password)
    line.serve()
    assert wish_of(dead).state == S.WAITING
    assert sandbox.count("accountApiKey") == 0
    pass_time(sandbox, minutes=61)
    line.serve()
    assert live(dead)


def test_it_is_first_in_line_before_profiles(cast, dead, sandbox):
    for _ in range(5):
        budget.settle(budget.reserve(ACCOUNT, CLASSES["looking"], "accountGet"))
    reconnect.ask(dead, cast.owner, "password", sandbox.password)
    profiles.want(Account.objects.get(pk=cast.northwind.pk))
    line.serve()
    assert live(dead)
    assert sandbox.count("accountGet") == 0


@pytest.mark.parametrize("sweep", [reconnect.expire, line.serve])  # whichever comes first
def test_after_a_day_the_secret_is_erased_untried(cast, dead, sandbox, sweep):
    fill_the_hour()
    reconnect.ask(dead, cast.owner, "password", sandbox.password)
    first = wish_of(dead).asked_at
    pass_time(sandbox, hours=24, minutes=1)
    sweep()
    wish = wish_of(dead)
    assert (wish.state, wish.sealed) == (S.EXPIRED, None)
    assert sandbox.count("accountApiKey") == 0
    # and the place in line is kept
    assert reconnect.ask(dead, cast.owner, "password", sandbox.password).asked_at == first


@pytest.mark.parametrize(("days", "kept"), [(7, True), (8, False)])
def test_the_place_of_one_that_waited_in_vain_is_kept_for_a_week(cast, dead, sandbox, days, kept):
    first = reconnect.ask(dead, cast.owner, "password", sandbox.password).asked_at
    pass_time(sandbox, days=1, seconds=1)
    reconnect.expire()
    pass_time(sandbox, days=days, seconds=-60)
    assert (reconnect.ask(dead, cast.owner, "password", sandbox.password).asked_at == first) is kept


def test_one_that_cannot_be_ended_as_it_should_stops_no_other_and_is_erased_too(
    cast, dead, sandbox, monkeypatch
):
    reconnect.ask(dead, cast.owner, "password", "first")
    reconnect.ask(cast.northwind, cast.stranger, "password", "second")
    pass_time(sandbox, days=1, seconds=1)
    real = reconnect.tell

    def poisoned(person, *told, **named):
        if person == cast.owner:
            raise RuntimeError("broken here")
        real(person, *told, **named)

    monkeypatch.setattr(reconnect, "tell", poisoned)
    reconnect.expire()
    assert set(KeyExchange.objects.across_accounts().values_list("state", "sealed")) == {
        (S.EXPIRED, None)
    }
    line.serve()
    assert sandbox.requests() == []
    assert not Wish.objects.exists()


def test_so_many_expire_at_once_and_the_others_in_the_next_sweep(cast, dead, sandbox, monkeypatch):
    monkeypatch.setattr(reconnect, "BATCH", 1)
    reconnect.ask(dead, cast.owner, "password", "first")
    reconnect.ask(cast.northwind, cast.stranger, "password", "second")
    pass_time(sandbox, days=1, seconds=1)
    for left in (1, 0):
        reconnect.expire()
        assert KeyExchange.objects.across_accounts().filter(state=S.WAITING).count() == left


def test_what_was_settled_a_month_ago_is_forgotten_and_what_waits_is_not(cast, dead, sandbox):
    reconnect.ask(dead, cast.owner, "password", "wrong")
    line.serve()
    pass_time(sandbox, days=31)
    reconnect.ask(cast.northwind, cast.stranger, "password", "x")
    sweeps.forget_arrivals()
    assert [wish.account for wish in KeyExchange.objects.across_accounts()] == [cast.northwind]


def test_withdrawing_erases_the_secret(cast, dead, sandbox):
    reconnect.ask(dead, cast.owner, "password", sandbox.password)
    assert reconnect.cancel(dead, cast.owner)
    assert (wish_of(dead).state, wish_of(dead).sealed) == (S.CANCELLED, None)
    line.serve()
    assert sandbox.requests() == []
    assert not Wish.objects.exists()
    assert not reconnect.cancel(dead, cast.owner)


def test_typing_it_anew_takes_the_place_of_what_waits(cast, dead, sandbox):
    reconnect.ask(dead, cast.owner, "password", "wrong1")
    first = wish_of(dead).asked_at
    reconnect.ask(dead, cast.owner, "password", sandbox.password)
    assert wish_of(dead).asked_at == first
    line.serve()
    assert live(dead)
    assert sandbox.count("accountApiKey") == 1


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "html", "garbage", "cut_body"])
def test_a_lost_answer_is_asked_for_again_later(cast, dead, sandbox, kind):
    sandbox.fault("accountApiKey", kind)
    reconnect.ask(dead, cast.owner, "password", sandbox.password)
    line.serve()
    assert (wish_of(dead).state, wish_of(dead).tries) == (S.WAITING, 1)
    line.serve()  # not at once: each try costs a call of everybody's hour
    assert wish_of(dead).tries == 1
    pass_time(sandbox, minutes=3)
    line.serve()
    assert live(dead)


def test_a_provider_that_keeps_talking_nonsense_is_given_up(cast, dead, sandbox):
    sandbox.fault("accountApiKey", "garbage", times=None)
    reconnect.ask(dead, cast.owner, "password", sandbox.password)
    for _ in range(reconnect.LAST_TRY):
        pass_time(sandbox, minutes=61)
        line.serve()
    assert (wish_of(dead).state, wish_of(dead).sealed) == (S.REFUSED, None)


def test_a_429_is_obeyed(cast, dead, sandbox):
    sandbox.fault("accountApiKey", "rate_limit", seconds=600)
    reconnect.ask(dead, cast.owner, "password", sandbox.password)
    line.serve()
    pass_time(sandbox, minutes=1)
    line.serve()
    assert sandbox.count("accountApiKey") == 1
    pass_time(sandbox, minutes=61)
    line.serve()
    assert live(dead)


def test_the_providers_own_refusal_is_quoted(cast, dead, sandbox):
    sandbox.refuse("accountApiKey", 403, message="Account suspended")
    reconnect.ask(dead, cast.owner, "password", sandbox.password)
    line.serve()
    assert wish_of(dead).reason == "VoiceTel refused it: “Account suspended”"


def test_a_wish_that_breaks_us_stops_nobody_else(cast, dead, sandbox, monkeypatch):
    Account.objects.filter(pk=cast.northwind.pk).update(key_state="dead")
    reconnect.ask(dead, cast.owner, "password", sandbox.password)
    reconnect.ask(cast.northwind, cast.stranger, "password", sandbox.password)
    real = reconnect.attempt

    def poisoned(wish):
        if wish.account_id == dead.pk:
            raise RuntimeError("broken here")
        return real(wish)

    monkeypatch.setattr(reconnect, "attempt", poisoned)
    line.serve()
    assert live(cast.northwind)
    assert wish_of(dead).state == S.WAITING
    assert Wish.objects.get().tries == 1


@pytest.mark.parametrize("how", ["remove", "lower"])
def test_what_a_removed_or_lowered_owner_asked_for_is_withdrawn_and_erased(
    cast, dead, sandbox, how
):
    theirs = Membership.objects.get(user=cast.manager)
    Membership.objects.filter(pk=theirs.pk).update(role="owner")
    reconnect.ask(dead, cast.manager, "password", sandbox.password)
    if how == "remove":
        members.remove(theirs, cast.owner)
    else:
        members.change_role(theirs, "viewer", cast.owner)
    assert (wish_of(dead).state, wish_of(dead).sealed) == (S.CANCELLED, None)
    line.serve()
    assert not live(dead)
    assert sandbox.requests() == []
    assert "key_cancelled" in [event.action for event in Event.objects.of(dead)]


def test_what_another_owner_asked_for_goes_on(cast, dead, sandbox):
    reconnect.ask(dead, cast.owner, "password", sandbox.password)
    members.remove(Membership.objects.get(user=cast.manager), cast.owner)
    line.serve()
    assert live(dead)


def test_a_secret_that_cannot_be_opened_is_asked_for_again(cast, dead, sandbox):
    reconnect.ask(dead, cast.owner, "password", sandbox.password)
    KeyExchange.objects.of(dead).update(sealed=cast.northwind.sealed_key)
    line.serve()
    assert wish_of(dead).reason == "What you typed can no longer be opened here. Type it once more."


def test_withdrawn_while_it_is_asked_connects_nothing(cast, dead, sandbox):
    wish = reconnect.ask(dead, cast.owner, "password", sandbox.password)
    reconnect.cancel(dead, cast.owner)
    assert not reconnect.settle(wish, S.DONE, "", key=sandbox.key("1000000001"))
    assert not live(dead)


def test_the_line_says_place_and_time(cast, dead, sandbox):
    Account.objects.filter(pk=cast.northwind.pk).update(key_state="dead")
    one = reconnect.ask(dead, cast.owner, "password", "x")
    two = reconnect.ask(cast.northwind, cast.stranger, "password", "y")
    assert reconnect.line_of(one) == reconnect.KeyPosition(1, None)
    assert reconnect.line_of(two) == reconnect.KeyPosition(2, None)
    fill_the_hour()
    line = reconnect.line_of(two)
    assert line.place == 2
    assert timedelta(minutes=59) < line.about - clock.now() <= timedelta(minutes=61)


def test_nothing_secret_stands_in_rows_events_or_logs(cast, dead, sandbox, caplog):
    caplog.set_level("DEBUG")
    reconnect.ask(dead, cast.owner, "password", "Planted9X")
    stored = str(KeyExchange.objects.across_accounts().values()) + str(
        Event.objects.across_accounts().values()
    )
    line.serve()
    stored += str(KeyExchange.objects.across_accounts().values()) + str(
        Event.objects.across_accounts().values()
    )
    assert "Planted9X" not in stored
    assert "Planted9X" not in caplog.text
    assert KeyExchange.objects.of(dead).get().state != S.WAITING
