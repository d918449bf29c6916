"""What is left and what moved it: the balance about now, the bridge between two readings, the
statement, the low-balance email.
"""

from datetime import UTC, datetime, timedelta

import pytest

from apps.accounts import profiles
from apps.accounts.models import Account, Profile
from apps.billing.calls.period import midnight
from apps.billing.changes import SetLowBalance
from apps.billing.models import Call, Charges, Credit, Payment, Reading
from apps.billing.money.bridge import bridge_of
from apps.changes.engine import tokens
from apps.changes.models import Entry
from apps.changes.states import State
from apps.money import MICRO
from apps.voicetel import clock
from apps.voicetel.hour import line
from tests.hours import pass_time
from tests.pages import words

PAGE = "/billing/"
PART = {"HX-Request": "true", "HX-Target": "billing-low-balance"}
CENT = MICRO // 100


@pytest.fixture
def harbor(cast):
    return cast.harbor


@pytest.fixture
def browser(cast, sandbox, sign_in):
    return sign_in(cast.billing)


def month(account):
    return clock.now().date().replace(day=1)


def reading(account: Account, balance: int, *, minutes_ago: float) -> Reading:
    at = clock.now() - timedelta(minutes=minutes_ago)
    return Reading.objects.of(account).create(
        account=account, asked_at=at, answered_at=at, balance=balance
    )


def call(account: Account, cost: int, *, minutes_ago: float, seconds: int = 60) -> Call:
    at = int((clock.now() - timedelta(minutes=minutes_ago)).timestamp())
    return Call.objects.of(account).create(
        account=account, at=at, record=at.to_bytes(8) + cost.to_bytes(8), own="2015550110",
        far="2125550147", direction=1, seconds=seconds, rate=0, cost=cost,
    )  # fmt: skip


# Readings


def test_every_balance_that_is_read_is_kept(harbor, sandbox):
    for _ in range(2):
        profiles.want(Account.objects.select_related("profile").get(pk=harbor.pk))
        line.serve(everything=True)
        pass_time(sandbox, minutes=61)
    kept = Reading.objects.of(harbor).order_by("pk")
    cash = int(sandbox.balance(harbor.number) * MICRO)
    assert [each.balance for each in kept] == [cash, cash]
    assert all(each.asked_at <= each.answered_at for each in kept)


def test_an_answer_about_another_account_leaves_no_reading(harbor, sandbox):
    Account.objects.filter(pk=harbor.pk).update(number="1000000009")
    profiles.want(Account.objects.get(pk=harbor.pk))
    line.serve(everything=True)
    assert sandbox.count("accountGet") == 1
    assert not Reading.objects.of(harbor).exists()


# The bridge


def test_calls_payments_and_fees_make_up_the_difference_to_the_cent(harbor, sandbox):
    reading(harbor, 100 * MICRO, minutes_ago=60)
    call(harbor, 17_500, minutes_ago=30)
    call(harbor, 2_500, minutes_ago=20)
    Payment.objects.of(harbor).create(
        account=harbor, at=clock.now() - timedelta(minutes=25), amount=50 * MICRO,
        status="Completed", transaction="T1",
    )  # fmt: skip
    reading(harbor, 150 * MICRO - 20_000, minutes_ago=1)
    bridge = bridge_of(harbor, month(harbor))
    assert {each.label: each.amount for each in bridge.lines} == {
        "Payments": 50 * MICRO,
        "Calls": -20_000,
    }
    assert bridge.unexplained == 0


def test_what_nothing_explains_is_a_line_of_its_own(harbor, browser):
    reading(harbor, 100 * MICRO, minutes_ago=60)
    reading(harbor, 100 * MICRO - 12_340_000, minutes_ago=1)
    assert bridge_of(harbor, month(harbor)).unexplained == -12_340_000
    page = words(browser.get(PAGE))
    assert "Not explained Taxes, registry fees, or use that we don't see −$12.34" in page


def test_a_call_counts_where_it_ended_and_once(harbor, sandbox):
    first = reading(harbor, 100 * MICRO, minutes_ago=60)
    call(harbor, 1_000, minutes_ago=70, seconds=60)  # over before the first
    call(harbor, 20_000, minutes_ago=61, seconds=600)  # went on after it
    call(harbor, 300_000, minutes_ago=2, seconds=3600)  # not over at the last one
    reading(harbor, first.balance - 20_000, minutes_ago=1)
    assert bridge_of(harbor, month(harbor)).unexplained == 0


def test_a_credit_that_is_a_payments_twin_is_not_counted_twice(harbor, sandbox):
    reading(harbor, 0, minutes_ago=60)
    at = clock.now() - timedelta(minutes=30)
    Payment.objects.of(harbor).create(account=harbor, at=at, amount=100 * MICRO, status="Completed")
    Payment.objects.of(harbor).create(account=harbor, at=at, amount=7 * MICRO, status="Pending")
    Credit.objects.of(harbor).create(account=harbor, at=at, amount=100 * MICRO, paid=True)
    Credit.objects.of(harbor).create(account=harbor, at=at, amount=5 * MICRO, paid=True)
    reading(harbor, 105 * MICRO, minutes_ago=1)
    bridge = bridge_of(harbor, month(harbor))
    assert {each.label: each.amount for each in bridge.lines} == {
        "Payments": 100 * MICRO,
        "Credits": 5 * MICRO,
    }
    assert bridge.unexplained == 0


def test_charges_of_changes_made_here_are_in_it(harbor, cast, sandbox):
    reading(harbor, 10 * MICRO, minutes_ago=60)
    for charged, state in ((2 * MICRO, State.DONE), (4 * MICRO, State.REFUSED)):
        Entry.objects.of(harbor).create(
            account=harbor, kind="Order", thing="number", subject="x", lane="x", what="order",
            print=str(charged), token=str(charged), state=state, by=cast.owner, price=charged,
            tried_at=clock.now() - timedelta(minutes=30),
        )  # fmt: skip
    reading(harbor, 8 * MICRO, minutes_ago=1)
    bridge = bridge_of(harbor, month(harbor))
    assert [(each.label, each.amount) for each in bridge.lines] == [("Number charges", -2 * MICRO)]
    assert bridge.unexplained == 0


def test_monthly_charges_are_taken_on_the_first(harbor, sandbox):
    Charges.objects.of(harbor).create(account=harbor, total=12 * MICRO, rows=[])
    this = month(harbor)
    begins = datetime.fromtimestamp(midnight(this, harbor.zone), UTC)
    for at, balance in ((begins - timedelta(hours=3), 20), (begins + timedelta(hours=3), 8)):
        Reading.objects.of(harbor).create(
            account=harbor, asked_at=at, answered_at=at, balance=balance * MICRO
        )
    bridge = bridge_of(harbor, this)
    assert [(each.label, each.amount) for each in bridge.lines] == [
        ("Monthly charges", -12 * MICRO)
    ]
    assert bridge.unexplained == 0


def test_one_reading_makes_no_bridge(harbor, browser):
    reading(harbor, MICRO, minutes_ago=5)
    assert bridge_of(harbor, month(harbor)) is None
    assert "No statement for this month" in words(browser.get(f"{PAGE}statement/"))


def test_the_statement_is_a_page_and_a_file_and_says_when_it_is_not_final(harbor, browser):
    reading(harbor, 100 * MICRO, minutes_ago=60)
    call(harbor, 20_000, minutes_ago=30)
    reading(harbor, 100 * MICRO - 20_000, minutes_ago=1)
    page = words(browser.get(f"{PAGE}statement/"))
    assert "so far" in page
    assert "Calls 1 call, 1 min −$0.02" in page
    key = f"{month(harbor):%Y-%m}"
    assert words(browser.get(f"{PAGE}statement/{key}/")).count("Balance after") == 1
    file = b"".join(browser.get(f"{PAGE}statement/{key}/export.csv").streaming_content).decode()
    assert file.splitlines()[-1] == "Balance after,,$99.98"


def test_another_accounts_money_is_not_in_it(harbor, cast, sign_in, sandbox):
    reading(harbor, 100 * MICRO, minutes_ago=60)
    reading(harbor, 90 * MICRO, minutes_ago=1)
    page = words(sign_in(cast.stranger).get(f"{PAGE}statement/"))
    assert "No statement for this month" in page


# The page


def test_the_balance_is_less_what_was_charged_here_since(harbor, cast, browser):
    Profile.objects.update_or_create(
        account=harbor,
        defaults={"balance": 20 * MICRO, "read_at": clock.now() - timedelta(minutes=5)},
    )
    Entry.objects.of(harbor).create(
        account=harbor, kind="Order", thing="number", subject="x", lane="x", what="order",
        print="p", token="t", state=State.DONE, by=cast.owner, price=2 * MICRO,
        tried_at=clock.now(), settled_at=clock.now(),
    )  # fmt: skip
    page = words(browser.get(PAGE))
    assert "Balance, about $18.00 $20.00 at" in page
    assert "less $2.00 charged here since" in page


def test_rates_and_services_are_shown_as_voicetel_told_them(harbor, browser):
    browser.get(PAGE)
    line.serve(everything=True)
    page = words(browser.get(PAGE))
    assert "Phone number $0.50 a month" in page
    assert "Services that are on" in page


def test_below_zero_the_page_says_what_voicetel_does(harbor, browser):
    Profile.objects.update_or_create(
        account=harbor, defaults={"balance": -5 * MICRO, "read_at": clock.now()}
    )
    assert "VoiceTel turns services off until you add funds" in words(browser.get(PAGE))


# The low-balance email


def press(browser, account, **fields):
    given = {"token": tokens.mint(), "account": account.number, **fields}
    return browser.post(f"{PAGE}low-balance/", given, headers=PART)


def test_a_billing_member_sets_the_low_balance_email_at_voicetel(changes, harbor, browser, sandbox):
    answer = press(browser, harbor, below="75")
    assert answer.status_code == 200
    theirs = sandbox.account(harbor.number)
    assert (theirs.notify, theirs.notify_threshold) == (True, 75)
    assert "Low-balance email: below $75" in words(answer)
    kept = Profile.objects.get(account=harbor)
    assert (kept.notify, kept.threshold) == (True, 75 * MICRO)


def test_it_is_turned_off_and_undone(changes, harbor, browser, sandbox):
    press(browser, harbor, below="75")
    assert press(browser, harbor, off="1", below="").status_code == 200
    assert sandbox.account(harbor.number).notify is False
    entry = Entry.objects.of(harbor).latest("pk")
    assert entry.lane == f"account:{harbor.number}"
    back = SetLowBalance(harbor, harbor.number, below=None).undo(entry.before)
    assert back == SetLowBalance(harbor, harbor.number, below=75)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter an amount in whole dollars."),
        ("x", "Enter whole dollars, like 50."),
        ("-1", "Enter 0 or more."),
        ("1000001", "Enter $1,000,000 or less."),
    ],
)
def test_what_is_no_amount_is_said_beside_the_field_and_nothing_is_sent(
    changes, harbor, browser, sandbox, typed, said
):
    answer = press(browser, harbor, below=typed)
    assert answer.status_code == 422
    assert said in words(answer)
    assert sandbox.count("accountPut") == 0


def test_a_lost_answer_is_sent_once_more_and_settles(changes, harbor, browser, sandbox):
    sandbox.lose_answer("accountPut")
    press(browser, harbor, below="75")
    entry = Entry.objects.of(harbor).latest("pk")
    assert entry.state in {State.DOUBT, State.DONE}
    assert sandbox.account(harbor.number).notify_threshold == 75


def test_a_viewer_sees_it_and_cannot_change_it(changes, harbor, cast, sign_in, sandbox):
    viewer = sign_in(cast.viewer)
    assert press(viewer, harbor, below="75").status_code == 403
    assert "Low-balance email" in words(viewer.get(PAGE))
    assert sandbox.count("accountPut") == 0
