"""The copy of balance, services and rates: read through the hour, behind the page."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from apps.accounts import profiles
from apps.accounts.models import Account, Profile
from apps.voicetel import clock
from apps.voicetel.client.answers import decode
from apps.voicetel.client.records.account import Account as Answer
from apps.voicetel.hour import budget, line, turns
from apps.voicetel.hour.rules import ACCOUNT, CLASSES
from apps.voicetel.models import Spent, Wish
from tests.cast import connected
from tests.hours import pass_time


def profile(account: Account) -> Profile:
    return Profile.objects.get(account=account)


def known(account: Account, **values: object) -> None:
    Profile.objects.create(account=account, **values)


def want(account: Account) -> None:
    profiles.want(Account.objects.select_related("profile").get(pk=account.pk))


def read(*, everything: bool = True) -> None:
    """What the schedule does, in its order. everything: as `tick --all`, so that no
    pace is kept.
    """
    profiles.want_all()
    line.serve(everything=everything)


def fill(calls: int) -> None:
    for _ in range(calls):
        budget.settle(budget.reserve(ACCOUNT, CLASSES["owners"], "accountApiKey"))


def test_what_the_provider_says_is_kept_with_its_age(cast, sandbox):
    sandbox.set_account("1000000001", zone="America/Denver")
    before = clock.now()
    read()
    found = profile(cast.harbor)
    assert found.balance == int(sandbox.balance("1000000001") * 1_000_000)
    assert found.rates["did"] == 500_000
    assert found.services["sms"] is True
    assert found.services["bypassMedia"] is False
    assert before <= found.read_at <= clock.now()
    assert Account.objects.get(pk=cast.harbor.pk).zone == "America/Denver"


def test_everything_about_the_account_is_kept(cast, sandbox):
    sandbox.set_account(
        "1000000001",
        email="owner@harbor.test",
        caller_id="2015550142",
        notify=False,
        notify_threshold=25,
        ccs=46,
        auth_type=2,
        enabled=True,
        created=1_716_033_600,
    )
    read()
    found = profile(cast.harbor)
    assert (found.email, found.caller_id) == ("owner@harbor.test", "2015550142")
    assert (found.notify, found.threshold) == (False, 25_000_000)
    assert (found.ccs, found.auth_type, found.enabled) == (46, 2, True)
    assert found.created == datetime(2024, 5, 18, 12, tzinfo=UTC)


def test_profile_of_the_release_before_has_no_answer_yet_for_what_it_did_not_keep(cast):
    known(cast.harbor, balance=7)
    found = profile(cast.harbor)
    assert (found.balance, found.email, found.caller_id) == (7, "", "")
    assert (found.notify, found.threshold, found.ccs) == (None, None, None)
    assert (found.auth_type, found.enabled, found.created) == (None, None, None)


EARLIEST = "0001-01-01T00:00:00+14:00"  # before the year 1 in UTC


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"email": "a\x07b\r\n<c>" * 100}, {"email": ("a b <c>" * 100)[:253].rstrip() + "…"}),
        ({"callerId": None}, {"caller_id": ""}),
        ({"callerId": "2" * 5000}, {"caller_id": "2" * 19 + "…"}),
        ({"ccs": 2**70}, {"ccs": None}),
        ({"ccs": -1}, {"ccs": -1}),
        ({"authType": -(2**31)}, {"auth_type": None}),
        ({"authType": None}, {"auth_type": None}),
        ({"created": None}, {"created": None}),
        ({"created": EARLIEST}, {"created": None}),
        ({"notifyThreshold": 0.1234565}, {"threshold": 123_456}),
        ({"notifyThreshold": "999999999999.999999"}, {"threshold": 999_999_999_999_999_999}),
        ({"cash": -999999999999.5}, {"balance": -999_999_999_999_500_000}),
    ],
    ids=lambda value: f"{next(iter(value.items()))!r:.40}",
)
def test_odd_values_are_cut_or_left_out_and_break_no_write(cast, told, kept):
    body = {"username": "1000000001", "cash": 1, **told}
    answer = decode(msgspec.json.encode({"status": "success", "data": body}), Answer)
    assert answer is not None
    assert profiles.write(cast.harbor, answer)
    found = profile(cast.harbor)
    assert {name: getattr(found, name) for name in kept} == kept


def test_it_is_read_again_after_an_hour_and_not_before(cast, sandbox):
    Account.objects.filter(pk=cast.northwind.pk).update(key_state="none")
    read(everything=False)
    pass_time(sandbox, minutes=50)
    read(everything=False)
    assert sandbox.count("accountGet") == 1
    pass_time(sandbox, minutes=11)
    read(everything=False)
    assert sandbox.count("accountGet") == 2


def test_under_a_full_hour_nothing_is_sent_and_nobody_loses_a_turn(cast, sandbox):
    fill(6)
    read()
    assert sandbox.requests() == []
    assert not Profile.objects.exclude(read_at=None).exists()
    pass_time(sandbox, minutes=61)
    read()
    assert Profile.objects.exclude(read_at=None).count() == 2


def test_what_nobody_looks_at_is_read_one_by_one_over_the_hour(cast, sandbox):
    for n in range(5, 9):
        connected(f"100000000{n}", f"Another {n}")
    for turn in range(1, 7):
        for _ in range(2):
            read(everything=False)
        assert sandbox.count("accountGet") == turn
        pass_time(sandbox, seconds=turns.PACE.total_seconds())


def test_who_looks_comes_first_and_may_spend_what_is_left(cast, sandbox):
    fill(3)
    known(cast.harbor, read_at=clock.now() - timedelta(days=9))
    known(cast.northwind, read_at=clock.now() - timedelta(hours=1))
    profiles.want_all()
    want(cast.northwind)
    line.serve()
    assert [seen.account for seen in sandbox.requests("accountGet")] == ["1000000002"]
    assert profile(cast.northwind).wanted_at is None
    assert Spent.objects.latest("pk").call_class == "looking"


def test_the_oldest_comes_first_among_those_that_nobody_looks_at(cast, sandbox):
    fill(5)  # and neither had a turn behind the page yet
    known(cast.harbor, read_at=clock.now() - timedelta(hours=2))
    known(cast.northwind, read_at=clock.now() - timedelta(days=2))
    read()
    assert [seen.account for seen in sandbox.requests("accountGet")] == ["1000000002"]


def test_looking_at_a_young_figure_wants_no_new_one(cast, sandbox):
    read()
    want(cast.harbor)
    assert profile(cast.harbor).wanted_at is None
    pass_time(sandbox, minutes=11)
    want(cast.harbor)
    assert profile(cast.harbor).wanted_at is not None


def test_looking_often_does_not_move_the_try_of_one_that_failed(cast, sandbox):
    sandbox.fault("accountGet", "html", times=None)
    want(cast.harbor)
    line.serve()
    calls = sandbox.count("accountGet")
    want(cast.harbor)
    line.serve()
    assert sandbox.count("accountGet") == calls


@pytest.mark.parametrize(
    "kind", ["drop_before", "drop_after", "html", "garbage", "cut_body", "status"]
)
def test_a_broken_answer_leaves_the_copy_and_stops_no_other(cast, sandbox, kind):
    known(cast.harbor, balance=7, read_at=clock.now() - timedelta(days=1))
    known(cast.northwind, read_at=clock.now() - timedelta(hours=1))
    sandbox.fault("accountGet", kind)
    read()
    assert profile(cast.harbor).balance == 7
    assert Wish.objects.get(kind="profile", about=cast.harbor.pk).due_at > clock.now()
    assert profile(cast.northwind).balance is not None


def test_a_dead_key_is_confirmed_and_left_alone(cast, sandbox):
    sandbox.rotate_key("1000000001")
    read()
    assert Account.objects.get(pk=cast.harbor.pk).key_state == "dead"
    assert profile(cast.northwind).read_at is not None
    pass_time(sandbox, minutes=61)
    read()
    assert sum(seen.status == 401 for seen in sandbox.requests("accountGet")) == 1


def test_an_answer_about_another_account_is_not_kept(cast, sandbox):
    cast.harbor.set_key(sandbox.key("1000000002"))
    cast.harbor.save()
    read()
    assert not Profile.objects.filter(account=cast.harbor).exists()
    assert Account.objects.get(pk=cast.harbor.pk).name == "Harbor Dental"


def test_a_zone_that_does_not_exist_changes_nothing(cast, sandbox):
    sandbox.set_account("1000000001", zone="Mars/Olympus")
    read()
    assert Account.objects.get(pk=cast.harbor.pk).zone == "America/New_York"


def test_money_is_exact_to_the_micro_dollar(cast, sandbox):
    sandbox.set_account("1000000001", cash=123_456_789)
    read()
    assert profile(cast.harbor).balance == int(sandbox.balance("1000000001") * 1_000_000)


def test_everything_reads_what_is_not_due_yet_within_the_hour(cast, sandbox):
    for _ in range(5):
        read()
    assert sandbox.count("accountGet") == ACCOUNT.size


def test_a_look_at_a_dead_account_is_forgotten_with_its_wish(cast, sandbox):
    want(cast.harbor)
    Account.objects.filter(pk=cast.harbor.pk).update(key_state="dead")
    line.serve()
    assert sandbox.requests() == []
    assert profile(cast.harbor).wanted_at is None
    assert not Wish.objects.exists()


def test_a_look_at_a_dead_account_stands_before_nobody(cast, sandbox):
    fill(6)
    Account.objects.filter(pk=cast.harbor.pk).update(key_state="dead")
    want(cast.harbor)
    want(cast.northwind)
    assert line.place("accountGet", "profile", cast.northwind.pk).ahead == 0
    assert not Profile.objects.filter(account=cast.harbor).exists()


def test_a_want_whose_wish_was_settled_as_it_was_made_is_said_again_an_hour_later(cast, sandbox):
    known(cast.harbor, wanted_at=clock.now())
    want(cast.harbor)
    assert not Wish.objects.exists()
    pass_time(sandbox, minutes=61)
    want(cast.harbor)
    assert Wish.objects.get().call_class == "looking"
    assert clock.now() - profile(cast.harbor).wanted_at < timedelta(minutes=1)
