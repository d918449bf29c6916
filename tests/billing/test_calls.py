"""/billing/calls/: the calls are read when the account's turn comes, kept here, and shown with the
hours that they cover.
"""

import csv
import io
from datetime import UTC, datetime

import pytest

from apps.billing.calls import shape
from apps.billing.models import Books, Call, Pull
from apps.numbers.models import Gone, Number
from apps.voicetel import clock
from apps.voicetel.hour import line
from apps.voicetel.models import Wish
from tests.billing.books import ours, read, ring, theirs
from tests.hours import pass_time
from tests.pages import flat, words

PAGE = "/billing/calls/"
OPERATION = "accountCdr"
PART = {"HX-Request": "true", "HX-Target": "billing-calls"}
AGE = {"HX-Request": "true", "HX-Target": "calls-age"}


@pytest.fixture
def owner(cast, sandbox, sign_in):
    return sign_in(cast.owner)


@pytest.fixture
def numbers(cast):
    for number in ("2015550110", "2015550111", "2015550112"):
        Number.objects.of(cast.harbor).create(
            account=cast.harbor, number=number, reversed=number[::-1], label=f"Desk {number[-1]}"
        )


def now() -> int:
    return int(clock.now().timestamp())


@pytest.fixture
def calls(cast, sandbox, numbers):
    """Four calls of the last hours, read."""
    at = now()
    ring(sandbox, at - 3600, dur=102, cost=17_000)
    ring(sandbox, at - 7200, cid="2015550111", dst="8765550117", dur=740, cost=532_800, cn="")
    ring(sandbox, at - 9000, cid="2015550111", dst="2015550112", dur=131, cost=0, cn="")
    ring(sandbox, at - 10_800, cid="anonymous", dur=6, cost=1_000, cn="")
    read(cast.harbor, sandbox, minutes=0)


def test_the_first_look_puts_the_calls_in_line_and_asks_nobody(owner, sandbox):
    page = words(owner.get(PAGE))
    assert "Loading your calls" in page
    assert "six such questions an hour" in page
    assert sandbox.count(OPERATION) == 0
    assert Wish.objects.get(operation=OPERATION).call_class == "looking"


def test_the_calls_of_a_day_are_kept_as_voicetel_told_them(cast, calls):
    at = now()
    assert ours(cast.harbor) == theirs(since=at - 86_400)
    (first,) = Call.objects.of(cast.harbor).filter(cost=17_000)
    assert (first.own, first.far, first.direction) == (
        "2015550110",
        "2125550147",
        Call.Direction.IN,
    )
    assert (first.seconds, first.rate, first.area, first.name) == (102, 10_000, "212", "RIVER CAFE")
    pull = Pull.objects.of(cast.harbor).get()
    assert (pull.rows, pull.new, pull.changed) == (len(ours(cast.harbor)),) * 2 + (0,)
    assert pull.answered_at


def test_they_are_shown_with_label_direction_party_length_and_cost(calls, owner):
    page = words(owner.get(PAGE))
    assert "(201) 555-0110 Desk 0 In (212) 555-0147 RIVER CAFE 1:42 $0.01 $0.017" in page
    assert "(201) 555-0111 Desk 1 Out (876) 555-0117 Jamaica 12:20 $0.01 $0.5328" in page
    assert "Within (201) 555-0112 Desk 2 2:11" in page
    assert "In Withheld 0:06" in page
    assert "Loaded until" in page


def test_the_sums_are_exact_and_follow_the_filters(calls, cast, owner):
    found = owner.get(PAGE).context["totals"]
    kept = ours(cast.harbor)
    assert found.cost == sum(cost for *_, cost in kept)
    assert (found.calls, found.seconds) == (len(kept), sum(seconds for _, _, seconds, _ in kept))
    out = owner.get(f"{PAGE}?area=international").context["totals"]
    assert (out.calls, out.cost, out.longest) == (1, 532_800, 740)


@pytest.mark.parametrize(
    ("asked", "costs"),
    [
        ("direction=in", [17_000, 1_000]),
        ("direction=within", [0]),
        ("direction=out&cost=some", [532_800]),
        ("own=2015550111", [532_800, 0]),
        ("far=2125550147", [17_000]),
        ("far=withheld", [1_000]),
        ("area=876", [532_800]),
        ("length=10m", [532_800]),
        ("length=short", [1_000]),
        ("cost=none", [0]),
        ("q=0147", [17_000]),
        ("q=%28876%29+555", [532_800]),
        ("q=river+c", [17_000]),
        ("q=+1+212+555+0147", [17_000]),
        ("q=zzz", []),
        ("period=last-month", []),
    ],
)
def test_search_and_filters_narrow_the_list(calls, cast, owner, asked, costs):
    seeded = Call.objects.of(cast.harbor).exclude(ip="104.225.13.77")
    seeded.delete()
    page = owner.get(f"{PAGE}?{asked}", headers=PART)
    assert [row.call.cost for row in page.context["listing"].rows] == costs
    assert page.context["totals"].cost == sum(costs)


@pytest.mark.parametrize("asked", ["from=x&to=2026-13-40", "own=abc", "area=%3Cscript%3E", "far=a"])
def test_a_filter_that_means_nothing_counts_as_not_given(calls, cast, owner, asked):
    page = owner.get(f"{PAGE}?{asked}")
    assert page.context["totals"].calls == len(ours(cast.harbor))


def test_a_day_is_a_day_of_the_accounts_zone_also_when_the_clocks_change(
    cast, sandbox, owner, numbers
):
    type(cast.harbor).objects.filter(pk=cast.harbor.pk).update(zone="America/New_York")
    first, last = datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 11, 2, 5, tzinfo=UTC)
    moments = [int(first.timestamp()) - 1, int(first.timestamp()), int(last.timestamp()) - 1]
    for at in (*moments, int(last.timestamp())):
        Call.objects.of(cast.harbor).create(
            account=cast.harbor, at=at, record=at.to_bytes(16), own="2015550110", far="",
            direction=1, seconds=60, rate=0, cost=1,
        )  # fmt: skip
    page = owner.get(f"{PAGE}?from=2026-11-01&to=2026-11-01")
    assert [row.call.at for row in page.context["listing"].rows] == moments[:0:-1]
    assert moments[2] - moments[1] == 25 * 3600 - 1
    file = owner.get(f"{PAGE}export.csv?from=2026-11-01&to=2026-11-01")
    rows = list(csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig"))))
    assert [row["UTC offset"] for row in rows] == ["UTC-05:00", "UTC-04:00"]


def test_an_export_has_every_call_that_the_list_shows_with_all_digits(calls, cast, owner):
    file = owner.get(f"{PAGE}export.csv?direction=out&cost=some")
    (row,) = [
        row
        for row in csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig")))
        if row["Other party"] == "(876) 555-0117"
    ]
    assert (row["Cost"], row["Seconds"], row["Area"]) == ("0.5328", "740", "Jamaica (876)")
    assert len(row["Record"]) == 32


def test_one_call_shows_all_that_its_record_says(calls, cast, owner):
    row = owner.get(f"{PAGE}?far=2125550147").context["listing"].rows[0]
    page = words(owner.get(row.href))
    assert "(212) 555-0147 RIVER CAFE" in page
    assert "104.225.13.77, a VoiceTel server" in page
    assert "1:42 (102 s)" in page
    assert "$0.017" in page
    assert '<a href="/numbers/2015550110/">' in flat(owner.get(row.href))


def test_another_account_sees_none_of_them(calls, cast, owner, sign_in):
    row = owner.get(PAGE).context["listing"].rows[0]
    stranger = sign_in(cast.stranger)
    assert stranger.get(row.href).status_code == 404
    assert stranger.get(PAGE).context["totals"].calls == 0
    assert owner.get(row.href).status_code == 200


def test_looking_often_within_ten_minutes_costs_a_day_of_calls_and_the_days_before(owner, sandbox):
    for _ in range(4):
        owner.get(PAGE)
        line.serve(everything=True)
    assert sandbox.count(OPERATION) == 2
    pass_time(sandbox, minutes=11)
    owner.get(PAGE)
    line.serve(everything=True)
    assert sandbox.count(OPERATION) == 3


def test_the_part_that_waits_wants_nothing_and_ends_when_the_calls_are_there(owner, cast, sandbox):
    owner.get(PAGE)
    waiting = owner.get(f"{PAGE}?empty=1", headers=AGE)
    assert (waiting.status_code, waiting.headers.get("HX-Refresh")) == (200, None)
    line.serve(everything=True)
    wanted = Books.objects.of(cast.harbor).get().wanted_at
    done = owner.get(f"{PAGE}?empty=1", headers=AGE)
    assert (done.status_code, done.headers["HX-Refresh"]) == (286, "true")
    assert owner.get(PAGE, headers=AGE).headers["HX-Trigger"] == "calls-newer"
    assert Books.objects.of(cast.harbor).get().wanted_at == wanted


def test_the_page_costs_the_same_for_one_call_and_for_many(
    calls, cast, owner, sandbox, django_assert_num_queries
):
    read(cast.harbor, sandbox, minutes=0)
    owner.get(PAGE)  # the session's own writes
    for many in (1, 60):
        for at in range(many):
            Call.objects.of(cast.harbor).update_or_create(
                account=cast.harbor, at=now() - 60 * at, record=at.to_bytes(16),
                defaults={"own": "2015550110", "far": "2125550147", "direction": 1, "seconds": 6,
                          "rate": 0, "cost": 0},
            )  # fmt: skip
        # session, person, books, spans, count, rows, labels, sums, bars, place in line
        with django_assert_num_queries(10):
            owner.get(PAGE)


def test_a_number_that_the_account_gave_up_still_tells_the_direction(cast, sandbox):
    Gone.objects.of(cast.harbor).create(
        account=cast.harbor, number="2015550110", at=clock.now(), how=Gone.How.RELEASED
    )
    ring(sandbox, now() - 600)
    read(cast.harbor, sandbox, minutes=0)
    assert Call.objects.of(cast.harbor).get(far="2125550147").direction == Call.Direction.IN


def test_calls_get_their_direction_once_the_numbers_are_known(cast, sandbox):
    ring(sandbox, now() - 600)
    read(cast.harbor, sandbox, minutes=11)
    call = Call.objects.of(cast.harbor).get(own="2125550147")
    assert (call.far, call.direction) == ("2015550110", Call.Direction.UNKNOWN)
    Number.objects.of(cast.harbor).create(
        account=cast.harbor, number="2015550110", reversed="0110555102"
    )
    read(cast.harbor, sandbox)
    call.refresh_from_db()
    assert (call.own, call.far, call.area) == ("2015550110", "2125550147", "212")
    assert call.direction == Call.Direction.IN


def test_a_viewer_sees_calls_and_hours(calls, cast, sign_in):
    viewer = sign_in(cast.viewer)
    page = words(viewer.get(f"{PAGE}coverage/"))
    assert "Call records by hour" in page
    assert "of 24 hours" in page or "All 24 hours" in page
    assert viewer.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("told", "kept", "area"),
    [
        ("12015550110", "2015550110", "201"),
        ("+12015550110", "2015550110", "201"),
        ("2015550110", "2015550110", "201"),
        ("011442079460958", "+442079460958", "+44"),
        ("+442079460958", "+442079460958", "+44"),
        ("442079460958", "+442079460958", "+44"),
        ("8005550144", "8005550144", "toll-free"),
        ("911", "911", "short"),
        ("anonymous", "", ""),
        ("", "", ""),
    ],
)
def test_the_other_party_is_read_in_every_form(told, kept, area):
    found = shape.party(told)
    assert (found, shape.area_of(found)) == (kept, area)


def test_an_id_that_is_no_hex_has_a_record_of_its_own():
    assert shape.record_of("f2ce9c3091697619f27f7e4280bf2747").hex() == (
        "f2ce9c3091697619f27f7e4280bf2747"
    )
    odd = {shape.record_of(each) for each in ("x", "y", "g" * 32, "f" * 31)}
    assert {len(each) for each in odd} == {16}
    assert len(odd) == 4
