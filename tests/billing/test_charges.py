"""/billing/: the monthly charges are read when the account's turn of the shared hour comes, and
carry their age.
"""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import DataError, OperationalError

from apps.accounts.models import Account
from apps.billing import selectors, services
from apps.billing.models import Charges
from apps.voicetel import clock
from apps.voicetel.hour import line
from apps.voicetel.models import Spent, Wish
from tests.hours import pass_time
from tests.pages import flat, words

PAGE = "/billing/"
OPERATION = "accountRecurringCharges"
PART = {"HX-Request": "true", "HX-Target": "billing-charges"}


@pytest.fixture
def owner(cast, sandbox, sign_in):
    return sign_in(cast.owner)


def shown(client) -> str:
    return flat(client.get(PAGE))


def test_the_first_look_puts_them_in_line_and_asks_nobody(owner, sandbox):
    page = shown(owner)
    assert "Loading your monthly charges" in page
    assert "six such questions an hour" in page
    assert sandbox.count(OPERATION) == 0
    assert Wish.objects.get(operation=OPERATION).call_class == "looking"


def test_they_are_shown_with_their_age_once_they_were_read(owner, sandbox):
    shown(owner)
    line.serve(everything=True)
    assert sandbox.count(OPERATION) == 1
    page = shown(owner)
    assert "Telephone numbers" in page
    assert "just now" in page
    copy = Charges.objects.across_accounts().get()
    assert copy.total == sum(amount for _, amount in copy.rows) > 0
    assert f"${copy.total / 1_000_000:.2f}" in page
    assert "The total is VoiceTel" not in page


def test_looking_again_within_the_day_costs_no_call(owner, sandbox):
    for _ in range(3):
        shown(owner)
        line.serve(everything=True)
    assert sandbox.count(OPERATION) == 1
    pass_time(sandbox, hours=25)
    shown(owner)
    line.serve(everything=True)
    assert sandbox.count(OPERATION) == 2


def test_the_part_that_waits_looks_again_until_it_was_read(owner, cast):
    page = shown(owner)
    assert 'hx-trigger="every' in page
    assert owner.get(PAGE, headers=PART).status_code == 200
    line.serve(everything=True)
    last = owner.get(PAGE, headers=PART)
    assert last.status_code == 286
    assert "Telephone numbers" in last.content.decode()
    assert "<html" not in last.content.decode()


def test_a_page_left_open_wants_nothing_by_itself(owner, cast, sandbox):
    sandbox.fault(OPERATION, "html", times=None)
    shown(owner)
    line.serve(everything=True)
    before = sandbox.count("accountGet"), Charges.objects.of(cast.harbor).get().wanted_at
    for _ in range(18):
        pass_time(sandbox, minutes=10)
        assert owner.get(PAGE, headers=PART).status_code == 200
        line.serve()
    assert (sandbox.count("accountGet"), Charges.objects.of(cast.harbor).get().wanted_at) == before
    shown(owner)
    line.serve()
    assert sandbox.count("accountGet") == before[0] + 1


@pytest.mark.parametrize(
    ("error", "calls"), [(DataError("odd"), 1), (OperationalError("the database was away"), 6)]
)
def test_what_a_mistake_of_ours_cannot_write_is_not_asked_for_again_today(
    error, calls, owner, sandbox, monkeypatch
):
    def breaks(account: Account, answer: object) -> bool:
        raise error

    monkeypatch.setattr(services, "write", breaks)
    shown(owner)
    for _ in range(46):
        line.serve()
        pass_time(sandbox, minutes=2)
    assert sandbox.count(OPERATION) == calls
    monkeypatch.undo()
    pass_time(sandbox, hours=24)
    line.serve()
    assert sandbox.count(OPERATION) == calls + 1
    assert not Wish.objects.filter(operation=OPERATION).exists()


def test_a_key_that_cannot_be_opened_here_costs_no_call_and_is_asked_for_later(
    owner, cast, sandbox, settings
):
    shown(owner)
    right, settings.FIELD_KEYS = settings.FIELD_KEYS, [Fernet.generate_key().decode()]
    line.serve()
    cast.harbor.refresh_from_db()
    assert (cast.harbor.key_state, sandbox.requests()) == ("live", [])
    assert not Spent.objects.exists()
    settings.FIELD_KEYS = right
    pass_time(sandbox, minutes=5)
    line.serve()
    assert sandbox.count(OPERATION) == 1


def test_when_nobody_looks_they_are_read_once_a_month_and_only_where_somebody_ever_looked(
    owner, cast, sandbox
):
    shown(owner)
    line.serve(everything=True)
    services.want_all()
    assert not Wish.objects.filter(operation=OPERATION).exists()
    pass_time(sandbox, days=31)
    services.want_all()
    services.want_all()
    wish = Wish.objects.get(operation=OPERATION)
    assert (wish.call_class, wish.account) == ("behind", cast.harbor.number)


def test_a_dead_key_is_asked_nothing_and_the_last_figures_stay(owner, cast, sandbox):
    shown(owner)
    line.serve(everything=True)
    Account.objects.filter(pk=cast.harbor.pk).update(key_state="dead")
    pass_time(sandbox, hours=2)
    page = shown(owner)
    assert "Telephone numbers" in page
    assert "Not updated until the account is reconnected" in page
    assert not Wish.objects.filter(operation=OPERATION).exists()


def test_a_wish_of_an_account_that_died_meanwhile_costs_no_call(owner, cast, sandbox):
    shown(owner)
    Account.objects.filter(pk=cast.harbor.pk).update(key_state="dead")
    line.serve(everything=True)
    assert sandbox.count(OPERATION) == 0
    assert not Spent.objects.filter(
        at__gt=clock.now() - timedelta(minutes=1), call_class="looking"
    ).exists()
    assert Charges.objects.of(cast.harbor).get().wanted_at is None


@pytest.mark.parametrize("kind", ["status", "html", "garbage", "drop_before", "cut_body"])
def test_a_lost_answer_keeps_what_is_known_and_is_asked_again_later(kind, owner, cast, sandbox):
    shown(owner)
    line.serve(everything=True)
    pass_time(sandbox, hours=25)
    sandbox.fault(OPERATION, kind)
    shown(owner)
    line.serve(everything=True)
    assert "Telephone numbers" in shown(owner)
    assert Wish.objects.get(operation=OPERATION).tries == 1


def test_a_refused_key_is_confirmed_before_it_is_called_dead(owner, cast, sandbox):
    shown(owner)
    sandbox.fault(OPERATION, "status", status=401)
    line.serve(everything=True)
    cast.harbor.refresh_from_db()
    assert cast.harbor.key_state == "live"  # the second question was answered
    assert Wish.objects.filter(operation=OPERATION).exists()


def test_nothing_of_another_account_is_there(owner, cast, sandbox, sign_in):
    shown(owner)
    line.serve(everything=True)
    Charges.objects.of(cast.harbor).update(rows=[["Planted words of Harbor", 1]])
    assert "Planted words" not in shown(sign_in(cast.stranger))
    assert "Planted words" in shown(owner)


def test_what_the_provider_says_is_escaped_and_a_sum_of_its_own_is_named(owner, cast):
    shown(owner)
    Charges.objects.of(cast.harbor).update(
        rows=[["<script>alert(1)</script>", 1_000_000]], total=2_000_000, read_at=clock.now()
    )
    page = shown(owner)
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "The total is VoiceTel" in page


def test_an_account_without_charges_is_told_so(cast, owner):
    shown(owner)
    Charges.objects.of(cast.harbor).update(rows=[], total=0, read_at=clock.now())
    assert "No monthly charges" in shown(owner)


def test_the_page_costs_the_same_for_one_charge_and_for_many(
    owner, cast, sandbox, django_assert_num_queries
):
    shown(owner)
    line.serve(everything=True)
    for many in (1, 60):
        Charges.objects.of(cast.harbor).update(rows=[["Number", 1]] * many)
        # session, person, charges, place in line, balance, readings, latest changes
        with django_assert_num_queries(10):
            shown(owner)


@pytest.mark.parametrize(
    ("said", "amount", "quantity", "price"),
    [
        ("Telephone numbers (24 at 0.5)", 12_000_000, 24, 500_000),
        ("Telephone numbers (24 at $0.50)", 12_000_000, 24, 500_000),
        ("Fax to email (2 x 0.03)", 60_000, 2, 30_000),
        ("Telephone numbers (24 at 0.5)", 11_000_000, None, None),  # it doesn't add up
        ("Telephone numbers", 12_000_000, None, None),
        ("Suite 4 (at 0.5)", 500_000, None, None),
    ],
)
def test_quantity_and_price_are_shown_only_where_they_make_up_the_amount(
    said, amount, quantity, price
):
    found = selectors.charge_of(said, amount)
    assert (found.amount, found.quantity, found.price) == (amount, quantity, price)
    assert found.what == (said if quantity is None else said.partition(" (")[0])


def test_a_charge_leads_to_the_numbers_that_it_is_for(owner, cast):
    shown(owner)
    line.serve(everything=True)
    page = owner.get(PAGE)
    assert "Telephone numbers 24 × $0.50 $12.00" in words(page)
    assert '<a href="/numbers/">Telephone numbers</a>' in flat(page)
    figures = words(page).partition("Monthly charges")[2]
    assert figures.startswith(" $12.")
