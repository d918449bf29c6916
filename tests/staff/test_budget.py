"""/admin/budget/: who got the calls of the hour, what is left of it, and who waits."""

import calendar
import re
from datetime import timedelta

import pytest

from apps.accounts import access
from apps.ui import format  # noqa: A004  the module, by the name it has everywhere
from apps.voicetel import clock
from apps.voicetel.hour import line
from apps.voicetel.models import Spent, Wish
from tests.pages import flat

BUDGET = "/admin/budget/"


@pytest.fixture
def admin(cast, sign_in):
    return sign_in(cast.admin)


def read(admin):
    response = admin.get(BUDGET)
    assert response.status_code == 200
    return response.context["budget"], flat(response)


def spend(
    ago: timedelta,
    *,
    account: str = "1000000001",
    call_class: str = "behind",
    answered: bool = True,
) -> None:
    at = clock.now() - ago
    Spent.objects.create(
        pool="account",
        operation="accountGet",
        call_class=call_class,
        account=account,
        asked_at=at,
        answered_at=at if answered else None,
        at=at,
    )


def blocks(page: str) -> list[str]:
    return re.findall(r'class="hour-call hour-(\w+)"', page)


def test_a_call_of_the_hour_stands_in_the_strip_and_in_the_table(cast, sandbox, admin):
    access.client_for(cast.harbor, call_class="looking").account.get()
    budget, page = read(admin)
    cells = [cell for part in budget.parts for cell in part.cells]
    assert len(cells) == 144
    assert [len(cell.calls) for cell in cells if cell.calls] == [1]
    assert len(cells[-1].calls) == 1
    assert blocks(page) == ["looking"]
    (call,) = budget.calls
    assert (call.operation, call.call_class, call.account, call.answered) == (
        "accountGet",
        "Someone looking",
        "1000000001",
        "Answered",
    )
    assert "UTC" in call.when
    assert f">{call.when}<" in page
    assert '?q=1000000001">1000000001</a>' in page
    assert (budget.left[0].left, budget.left[0].next_at) == (5, None)
    assert "5 of 6" in page
    assert "The next call can go now" in page


def test_a_full_hour_says_when_the_next_call_may_go(cast, sandbox, admin):
    client = access.client_for(cast.harbor, call_class="looking")
    for _ in range(6):
        client.account.get()
    budget, page = read(admin)
    oldest = min(Spent.objects.values_list("at", flat=True))
    assert budget.left[0].left == 0
    assert budget.left[0].next_at == oldest + timedelta(hours=1)
    assert "0 of 6" in page
    assert "in 59 min" in page


def test_the_strip_and_the_table_have_the_same_calls_of_a_day_and_none_older(db, admin):
    for hours in (1, 5, 11, 22, 23):
        spend(timedelta(hours=hours, minutes=13))
    spend(timedelta(hours=24, minutes=1))
    budget, page = read(admin)
    assert len(budget.calls) == len(blocks(page)) == 5
    assert [call.at for call in budget.calls] == sorted(
        (call.at for call in budget.calls), reverse=True
    )
    for part in budget.parts:
        for cell in part.cells:
            assert all(
                cell.begins <= call.at < cell.begins + timedelta(minutes=10) for call in cell.calls
            )


def test_a_call_without_an_answer_is_on_its_way_and_then_not_answered(db, admin):
    spend(timedelta(seconds=-20), answered=False)
    spend(timedelta(minutes=20), answered=False, account="")
    budget, page = read(admin)
    assert [call.answered for call in budget.calls] == ["On its way", "Not answered"]
    assert sorted(blocks(page)) == ["behind", "lost"]
    assert "nobody&#x27;s" in page or "nobody's" in page


def test_the_strip_says_in_words_how_many_calls_of_which_kind_each_part_has(db, admin):
    first = clock.now().replace(minute=5, second=0, microsecond=0) - timedelta(hours=12)
    for kind in ({"call_class": "looking"}, {"call_class": "looking"}, {"answered": False}):
        spend(clock.now() - first, **kind)
    budget, page = read(admin)
    (part,) = [part for part in budget.parts if any(cell.calls for cell in part.cells)]
    assert part.words.endswith(": 3 calls: 2 someone looking, 1 not answered")
    assert f'role="img" aria-label="{part.words}"' in page
    assert page.count('role="img"') == len(budget.parts)
    assert page.count(': no call"') == len(budget.parts) - 1


def test_a_call_that_counts_says_when_its_place_is_free_again_and_older_ones_stand_apart(db, admin):
    spend(timedelta(minutes=20))
    spend(timedelta(minutes=61), account="1000000002")
    budget, page = read(admin)
    (counting,), (earlier,) = budget.counting, budget.earlier
    assert counting.free_at == counting.at + timedelta(hours=1)
    assert (earlier.account, earlier.free_at) == ("1000000002", None)
    now_table, _, earlier_table = page.partition('<details class="hour-earlier">')
    assert f"{format.hour(counting.free_at)} UTC" in now_table
    assert "Earlier, 1 call<" in earlier_table
    assert ">1000000002<" in earlier_table
    assert ">1000000002<" not in now_table


def test_each_part_of_the_strip_is_named_by_its_hour_and_the_day_where_a_new_one_begins(db, admin):
    budget, _ = read(admin)
    names = [part.begins for part in budget.parts]
    assert all(name.endswith(" UTC") for name in names)
    days = [part.cells[0].begins.date() for part in budget.parts]
    dated = [number == 0 or days[number] != days[number - 1] for number in range(len(days))]
    today = clock.now().date()
    assert [name.startswith(tuple(calendar.day_abbr)) for name in names] == [
        new and day != today for new, day in zip(dated, days, strict=True)
    ]


def test_a_wish_stands_in_the_line_with_its_place_and_about_when(db, admin):
    line.want("accountRecurringCharges", "behind", "charges", 1, account="1000000002")
    line.want("accountGet", "looking", "profile", 1, account="1000000001")
    line.want("accountApiKey", "newcomers", "arrival", 1, network="198.51.100.0/24")
    budget, page = read(admin)
    assert [(one.place, one.who, one.call_class) for one in budget.waiting] == [
        (1, "1000000001", "Someone looking"),
        (2, "198.51.100.0/24", "New customer"),
        (3, "1000000002", "In the background"),
    ]
    assert [one.about_at for one in budget.waiting] == sorted(
        one.about_at for one in budget.waiting
    )
    assert budget.due == [("Someone looking", 1), ("New customer", 1), ("In the background", 1)]
    assert "Balance and profile" in page
    assert "profile", 1 in page


def test_what_was_tried_too_often_is_set_aside_and_said(db, admin):
    line.want("accountGet", "behind", "profile", 1, account="1000000001")
    Wish.objects.update(tries=line.PARKED_AFTER, due_at=clock.now() + timedelta(hours=20))
    budget, page = read(admin)
    assert budget.waiting == []
    assert [(one.who, one.tries) for one in budget.parked] == [("1000000001", 10)]
    assert "Paused after repeated failures" in page
    assert "Nothing is waiting" in page


def test_the_page_costs_the_same_however_many_call_and_wait(
    db, admin, django_assert_max_num_queries
):
    spend(timedelta(minutes=1))
    line.want("accountGet", "behind", "profile", 1, account="1000000001")
    read(admin)  # the first of a session writes it down
    with django_assert_max_num_queries(13) as few:
        read(admin)
    for each in range(60):
        spend(timedelta(minutes=20 * each), account=f"{2000000000 + each}")
        line.want("accountGet", "behind", "profile", each + 2, account=f"{2000000000 + each}")
    with django_assert_max_num_queries(13) as many:
        read(admin)
    assert len(few) == len(many)


def test_a_page_of_a_longer_line_says_how_many_are_not_shown(db, admin):
    for each in range(60):
        line.want("accountGet", "behind", "profile", each, account=f"{2000000000 + each}")
    budget, page = read(admin)
    assert (budget.held, len(budget.waiting)) == (60, 20)
    assert "the first 20 are shown" in page


def test_with_a_pool_for_each_operation_each_has_its_own_six(settings, cast, sandbox, admin):
    settings.VOICETEL_POOLS = "four"
    access.client_for(cast.harbor, call_class="looking").account.get()
    budget, page = read(admin)
    assert {one.of: one.left for one in budget.left} == {
        "Balance and profile": 5,
        "Key exchange": 6,
        "Call records": 6,
        "Recurring charges": 6,
    }
    assert "Key exchange: " in page


def test_nothing_in_the_page_needs_a_style_of_its_own(db, admin):
    spend(timedelta(minutes=1))
    _, page = read(admin)
    assert "style=" not in page
    assert "<style" not in page
    assert "<script>" not in page
    assert "<main" in page


def test_a_day_without_a_call_and_without_anybody_waiting_says_so(db, admin):
    _, page = read(admin)
    assert "No calls in the last 24 hours" in page
    assert "Nothing is waiting" in page
