"""A look at the numbers: the copy becomes what the provider says, by its difference, and never
worse than it was.
"""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import OperationalError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts import access
from apps.accounts.models import Account
from apps.changes.models import Entry
from apps.changes.states import State
from apps.copies import claims, sweeps
from apps.copies.models import Copy
from apps.copies.pace import HELD, SECOND_LOOK
from apps.copies.services import Outcome, look, take_in
from apps.numbers import pace, sources
from apps.numbers.facets import Facets
from apps.numbers.models import Number
from apps.numbers.services import refresh
from apps.numbers.services.refresh import count_facets, refresh_one
from apps.numbers.services.rows import label_number, write, write_detail
from apps.numbers.services.shape import Row, shape_all
from apps.voicetel import clock
from tests.numbers.looking import FIRST, FORWARDED, Record, copy_of, take


def held(account):
    """Our copy as tuples."""
    fields = Row._fields
    return {row[0]: Row(*row) for row in Number.objects.of(account).values_list(*fields)}


def rows(account):
    return Number.objects.of(account)


def test_the_first_look_fills_the_copy_and_counts_it(cast, sandbox):
    assert look(cast.harbor, sources.numbers) == Outcome.TAKEN
    assert set(held(cast.harbor)) == set(sandbox.numbers_of("1000000001"))
    copy = copy_of(cast.harbor)
    assert Facets.load(copy.facts).total == 24
    assert copy.read_at is not None
    assert copy.next_at - copy.read_at >= pace.EVERY


def test_every_field_is_kept_as_told(harbor, sandbox):
    sandbox.set_number(
        FIRST,
        forward_to="9175550188",
        cnam=True,
        fax="a@harbor.test",
        translated="2015550111",
        carrier=7,
    )
    look(harbor, sources.numbers)
    row = rows(harbor).get(number=FIRST)
    told = sandbox.number_of("1000000001", FIRST)
    assert (row.forward_to, row.cnam, row.fax, row.translated, row.carrier, row.route) == (
        "9175550188",
        True,
        True,
        "2015550111",
        7,
        told.route,
    )
    assert row.reversed == FIRST[::-1]


def test_a_look_that_changes_nothing_writes_no_number(harbor, django_assert_max_num_queries):
    with connection.execute_wrapper(
        lambda run, sql, *rest: (
            pytest.fail(sql)
            if "numbers_number" in sql and not sql.startswith("SELECT")
            else run(sql, *rest)
        )
    ):
        assert look(harbor, sources.numbers) == Outcome.TAKEN


def test_labels_survive_whatever_the_provider_says(harbor, sandbox):
    label_number(harbor, FIRST, "Front desk")
    sandbox.set_number(FIRST, route=5)
    clock.advance(1)
    assert look(harbor, sources.numbers) == Outcome.TAKEN
    row = rows(harbor).get(number=FIRST)
    assert (row.label, row.route) == ("Front desk", 5)
    assert count_facets(harbor, {}).cells == Facets.load(copy_of(harbor).facts).cells


NUMBERS = st.integers(0, 30).map(lambda i: f"20155501{i:02}")
RECORDS = st.builds(
    Record,
    number=NUMBERS,
    route=st.sampled_from([None, 4, 1001]),
    gateway=st.sampled_from([None, "DID", "203.0.113.1:5060"]),
    forward=st.booleans(),
    forward_to=st.sampled_from([None, "9175550188"]),
    translated=st.sampled_from([None, "2015550100"]),
    cnam=st.booleans(),
    sms_enabled=st.booleans(),
    fax_enabled=st.booleans(),
    carrier=st.sampled_from([None, 0, 3]),
)
LISTS = st.lists(RECORDS, max_size=25, unique_by=lambda record: record.number)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=LISTS, second=LISTS, labeled=st.sets(NUMBERS, max_size=5))
def test_any_list_after_any_list_leaves_exactly_the_second_with_our_labels(
    cast, first, second, labeled
):
    """Against the simplest model: forget everything, keep the second list, and the labels of what
    both hold.
    """
    account = cast.harbor
    rows(account).delete()
    Copy.objects.of(account).delete()
    assert take(account, first) == Outcome.TAKEN
    for number in labeled:
        label_number(account, number, f"label {number}")
    clock.advance(1)
    outcome = take(account, second)
    if outcome == Outcome.DOUBTED:
        assert set(held(account)) == {record.number for record in first}
        clock.advance(60)
        outcome = take(account, second)
    assert outcome == Outcome.TAKEN
    assert held(account) == shape_all(second)[0]
    both = {record.number for record in first} & {record.number for record in second}
    assert {row.number: row.label for row in rows(account) if row.label} == {
        number: f"label {number}" for number in labeled & both
    }
    assert Facets.load(copy_of(account).facts).cells == count_facets(account, {}).cells


def test_one_bad_look_never_empties_the_copy(harbor, sandbox):
    for number in sandbox.numbers_of("1000000001"):
        sandbox.take_number(number)
    assert look(harbor, sources.numbers) == Outcome.DOUBTED
    assert rows(harbor).count() == 24
    assert copy_of(harbor).doubted_count == 24
    assert copy_of(harbor).next_at <= clock.now() + SECOND_LOOK
    assert look(harbor, sources.numbers) == Outcome.DOUBTED, (
        "a second look within the minute proves nothing"
    )
    clock.advance(61)
    assert look(harbor, sources.numbers) == Outcome.TAKEN
    assert rows(harbor).count() == 0
    assert Facets.load(copy_of(harbor).facts).total == 0


def test_a_second_look_that_says_otherwise_clears_the_doubt(harbor, sandbox):
    kept = sandbox.number_of("1000000001", FIRST)
    sandbox.take_number(FIRST)
    sandbox.take_number(FORWARDED)
    assert look(harbor, sources.numbers) == Outcome.DOUBTED
    sandbox.give_number("1000000001", FIRST, route=kept.route)
    clock.advance(61)
    assert look(harbor, sources.numbers) == Outcome.TAKEN, "one of 24 is no more than one in twenty"
    assert set(held(harbor)) == set(sandbox.numbers_of("1000000001"))
    assert copy_of(harbor).doubted_at is None


def test_two_bad_looks_that_differ_remove_nothing(harbor, sandbox):
    sandbox.take_number(FIRST)
    sandbox.take_number(FORWARDED)
    assert look(harbor, sources.numbers) == Outcome.DOUBTED
    clock.advance(61)
    sandbox.take_number("2015550111")
    assert look(harbor, sources.numbers) == Outcome.DOUBTED
    assert rows(harbor).count() == 24


def test_few_numbers_gone_are_believed_at_once(harbor, sandbox):
    sandbox.take_number(FIRST)
    assert look(harbor, sources.numbers) == Outcome.TAKEN
    assert not rows(harbor).filter(number=FIRST).exists()


def test_a_row_that_a_change_wrote_after_the_list_was_asked_for_is_left_alone(harbor):
    asked = clock.now()
    token = claims.claim(harbor, sources.numbers.name, asked)
    told = shape_all(access.client_for(harbor).numbers.list())[0]
    write(harbor, FIRST, forward_to="9175550188")
    assert take_in(harbor, sources.numbers, token, asked, told) == Outcome.TAKEN
    assert rows(harbor).get(number=FIRST).forward_to == "9175550188"
    assert count_facets(harbor, {}).cells == Facets.load(copy_of(harbor).facts).cells
    clock.advance(1)
    look(harbor, sources.numbers)
    assert rows(harbor).get(number=FIRST).forward_to == "", (
        "the next list was asked for later: it decides"
    )


def test_a_row_whose_change_is_on_its_way_is_left_alone(harbor, sandbox):
    """Begun after the list was asked for, in doubt since: the list may be older than
    what it did.
    """
    asked = clock.now()
    token = claims.claim(harbor, sources.numbers.name, asked)
    sandbox.set_number(FIRST, forward_to="9175550188")
    told = shape_all(access.client_for(harbor).numbers.list())[0]
    Entry.objects.of(harbor).create(
        account=harbor,
        kind="SetForward",
        subject=FIRST,
        lane=FIRST,
        what="forward it",
        print="x",
        token="t",
        state=State.DOUBT,
        tried_at=clock.now(),
    )
    assert take_in(harbor, sources.numbers, token, asked, told) == Outcome.TAKEN
    assert rows(harbor).get(number=FIRST).forward_to == ""


def test_an_older_answer_about_one_number_does_not_undo_a_newer_change(harbor):
    asked = clock.now()
    told = access.client_for(harbor).numbers.get(FIRST)
    write(harbor, FIRST, forward_to="9175550188")
    assert write_detail(harbor, told, asked) is False
    assert rows(harbor).get(number=FIRST).forward_to == "9175550188"


def test_one_number_alone_can_be_read_anew(harbor, sandbox):
    sandbox.set_number(FIRST, forward_to="9175550188")
    assert refresh_one(harbor, FIRST) is True
    row = rows(harbor).get(number=FIRST)
    assert row.forward_to == "9175550188"
    assert row.detail_at is not None
    assert count_facets(harbor, {}).cells == Facets.load(copy_of(harbor).facts).cells


def test_a_number_that_is_gone_there_is_left_to_the_list(harbor, sandbox):
    sandbox.take_number(FIRST)
    assert refresh_one(harbor, FIRST) is False
    assert rows(harbor).filter(number=FIRST).exists()
    assert copy_of(harbor).next_at <= clock.now()


@pytest.mark.parametrize(
    "kind", ["down", "html", "garbage", "status", "cut_body", "drop_before", "redirect", "bad_gzip"]
)
def test_whatever_the_provider_answers_the_copy_stays_and_says_why(harbor, sandbox, kind):
    before = held(harbor)
    if kind == "down":
        sandbox.down("numbersList")
    else:
        sandbox.fault("numbersList", kind, times=None, location="http://elsewhere.test/")
    assert look(harbor, sources.numbers) == Outcome.FAILED
    assert held(harbor) == before
    copy = copy_of(harbor)
    assert copy.failed
    assert copy.claim == ""
    assert copy.failures == 1
    assert clock.now() < copy.next_at <= clock.now() + timedelta(minutes=2)
    look(harbor, sources.numbers)
    assert copy_of(harbor).next_at > clock.now() + timedelta(minutes=1, seconds=30), (
        "each failure in a row waits longer"
    )
    sandbox.clear_faults()
    assert look(harbor, sources.numbers) == Outcome.TAKEN
    assert copy_of(harbor).failed == ""


@pytest.mark.parametrize("where", ["shape_all", "add_in_parts", "written_since", "count_facets"])
def test_an_error_of_ours_waits_longer_each_time_and_is_said(harbor, sandbox, monkeypatch, where):
    def breaks(*given):
        raise OperationalError("canceling statement due to statement timeout")

    # so that all lists counted are Harbor's
    Account.objects.exclude(pk=harbor.pk).update(key_state=Account.Key.DEAD)
    sandbox.set_number(FIRST, forward_to="9175550188")
    monkeypatch.setattr(refresh, where, breaks)
    asked = sandbox.count("numbersList")
    for _ in range(60):
        sweeps.refresh_due()
        clock.advance(60)
    assert sandbox.count("numbersList") - asked <= 6
    assert "on our end" in copy_of(harbor).failed
    assert copy_of(harbor).claim == ""
    assert rows(harbor).get(number=FIRST).forward_to == ""


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no limit on a statement")
@pytest.mark.django_db(transaction=True)
def test_statements_over_the_whole_copy_may_take_longer_than_a_page_s(cast, sandbox):
    limits = {}

    def limited(run, statement, *rest):
        if "numbers_number" in statement:
            with connection.cursor() as cursor:
                cursor.execute("SHOW statement_timeout")
                limits[statement] = cursor.fetchone()[0]
        return run(statement, *rest)

    with connection.execute_wrapper(limited):
        assert look(cast.harbor, sources.numbers) == Outcome.TAKEN
        count_facets(cast.harbor, {})
    assert len(limits) >= 4
    assert set(limits.values()) == {"1min"}


def test_after_a_429_the_list_is_not_asked_for_before_the_time_said(harbor, sandbox):
    sandbox.fault("numbersList", "rate_limit", seconds=600)
    assert look(harbor, sources.numbers) == Outcome.FAILED
    assert copy_of(harbor).next_at > clock.now() + timedelta(minutes=9)
    assert "wait" in copy_of(harbor).failed


def test_a_refused_key_is_confirmed_and_said(harbor, sandbox):
    sandbox.rotate_key("1000000001")
    assert look(harbor, sources.numbers) == Outcome.FAILED
    harbor.refresh_from_db()
    assert harbor.key_state == "dead"
    assert "no longer accepts" in copy_of(harbor).failed
    assert rows(harbor).count() == 24


def test_one_look_at_a_time(harbor, sandbox):
    asked = clock.now()
    token = claims.claim(harbor, sources.numbers.name, asked)
    assert look(harbor, sources.numbers) == Outcome.BUSY
    clock.advance(HELD.total_seconds() + 1)
    assert look(harbor, sources.numbers) == Outcome.TAKEN, "a claim whose process died runs out"
    assert take_in(harbor, sources.numbers, token, asked, {}) == Outcome.BUSY, (
        "and its late waker writes nothing"
    )
    assert rows(harbor).count() == 24


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_read_the_list_once(cast, sandbox):
    look(cast.harbor, sources.numbers)
    before = sandbox.count("numbersList")
    sandbox.slow("numbersList", 0.3, times=None)
    start, outcomes = Barrier(12), []

    def refresh():
        start.wait()
        try:
            outcomes.append(look(cast.harbor, sources.numbers))
        finally:
            connection.close()

    threads = [Thread(target=refresh) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == [Outcome.BUSY] * 11 + [Outcome.TAKEN]
    assert sandbox.count("numbersList") == before + 1


def test_a_long_first_fill_is_written_in_parts_and_counted_at_the_end(cast, monkeypatch):
    monkeypatch.setattr("apps.numbers.services.sql.PART", 10)
    records = [Record(number=f"2015551{i:03}", route=4, gateway="DID") for i in range(35)]
    assert take(cast.harbor, records) == Outcome.TAKEN
    assert rows(cast.harbor).count() == 35
    assert Facets.load(copy_of(cast.harbor).facts).total == 35


def test_text_that_no_database_keeps_is_cleaned_and_cut(cast):
    odd = Record(
        number="2015550100",
        gateway="a\x00b" + "x" * 400,
        forward=True,
        forward_to="\ud800" + "9" * 99,
        route=2**80,
    )
    assert (
        take(cast.harbor, [odd, Record(number="not a number"), Record(number="12015550100")])
        == Outcome.TAKEN
    )
    row = rows(cast.harbor).get()
    assert (len(row.gateway), row.gateway[:2], len(row.forward_to), row.route) == (
        255,
        "ab",
        32,
        None,
    )
