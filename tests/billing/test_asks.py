"""What is asked of VoiceTel for calls, and what an answer proves: no call is lost, whatever is cut,
late or lost.
"""

import pytest

from apps.billing.calls import asks, spans
from apps.billing.calls.asks import DAY, HOUR, Anchor, Ask, Known, judge, next_ask
from tests.billing.carrier import START, all_settled, play

ONE, TWO, SEVEN = Anchor(100, b"1" * 16), Anchor(200, b"2" * 16), Anchor(700, b"7" * 16)


def found(*rows: Anchor, end: int = 100, anchor: Anchor | None = None, until: int = 1000):
    return judge(Ask(None, end, anchor), rows, until)


def test_an_answer_that_reaches_its_anchor_is_whole():
    told = found(SEVEN, TWO, ONE, anchor=ONE)
    assert (told.held, told.whole) == ([(101, 1000)], True)


def test_an_answer_that_does_not_reach_its_anchor_holds_what_lies_after_its_oldest_row():
    told = found(SEVEN, TWO, anchor=ONE)
    assert (told.held, told.whole) == ([(201, 1000)], False)


def test_without_an_anchor_nothing_says_that_rows_are_all():
    told = found(SEVEN, TWO)
    assert (told.held, told.whole) == ([(201, 1000)], False)


def test_no_rows_prove_that_there_are_none_unless_one_had_to_be_there():
    assert found().held == [(100, 1000)]
    told = found(anchor=ONE)
    assert (told.held, told.whole, told.short) == ([], False, True)


def test_rows_of_the_first_second_alone_go_on_a_second_before():
    told = judge(Ask(700, 100), [SEVEN], 701)
    assert told.held == [(700, 701)]
    assert judge(Ask(700, 100), [SEVEN, TWO], 701).held == [(201, 701)]


def test_an_answer_that_comes_oldest_first_holds_up_to_its_newest_row():
    told = found(ONE, TWO, SEVEN, anchor=ONE)
    assert (told.held, told.backward) == ([(100, 700)], True)
    missing = found(TWO, SEVEN, anchor=ONE)
    assert (missing.held, missing.short) == ([], True)


def test_a_row_beyond_the_end_that_was_asked_for_proves_all_above_it():
    assert found(SEVEN, TWO, Anchor(50, b"x" * 16)).held == [(100, 1000)]


def test_the_first_question_is_for_a_day():
    known = Known(now=10 * DAY, floor=0, held=[], settled=[])
    assert next_ask(known, lambda at: None, lambda since, until: 0) == Ask(None, 9 * DAY)


def test_the_next_one_leaves_the_newer_end_out_and_ends_at_the_anchor_of_what_is_not_settled():
    known = Known(now=10 * DAY, floor=0, held=[(0, 9 * DAY)], settled=[(0, 8 * DAY)])
    anchor = Anchor(8 * DAY - 5, b"a" * 16)
    asked = next_ask(known, lambda at: anchor if at > anchor.at else None, lambda *_: 3)
    assert asked == Ask(None, anchor.at, anchor)


def test_too_many_calls_are_asked_for_from_the_newest_one_alone():
    known = Known(now=10 * DAY, floor=0, held=[(0, 9 * DAY)], settled=[(0, 8 * DAY)], most=100)
    asked = next_ask(known, lambda at: Anchor(at - 1, b"a" * 16), lambda *_: 101)
    assert asked.end == 9 * DAY - 1


def test_a_gap_that_a_look_left_is_asked_for_next_and_older_calls_in_every_fourth_turn():
    known = Known(now=10 * DAY, floor=0, held=[(9 * DAY, 10 * DAY)], settled=[])
    starts = {
        turns: next_ask(
            Known(known.now, 0, known.held, [], turns=turns), lambda at: None, lambda *_: 0
        ).start
        for turns in range(8)
    }
    assert [turns for turns, start in starts.items() if start == 9 * DAY - 1] == [1, 5]
    cut = Known(known.now, 0, known.held, [], cut=True)
    assert next_ask(cut, lambda at: None, lambda *_: 0).start == 9 * DAY - 1


def test_an_answer_that_was_lost_is_asked_for_again_with_half_of_it():
    known = Known(now=10 * DAY, floor=0, held=[(9 * DAY, 10 * DAY)], settled=[], turns=1)
    after = asks.lost(known, next_ask(known, lambda at: None, lambda *_: 0))
    again = next_ask(after, lambda at: None, lambda *_: 0)
    assert again.start is not None
    assert again.start - again.end < 5 * DAY


def test_an_hour_is_settled_by_an_answer_26_hours_after_its_end():
    known = Known(now=START, floor=0, held=[], settled=[])
    ask = Ask(None, START - 3 * DAY)
    after = asks.learned(known, ask, judge(ask, [], START), 0)
    (settled,) = after.settled
    assert settled[1] % HOUR == 0
    assert START - 27 * HOUR < settled[1] <= START - 26 * HOUR
    assert after.held == [(START - 3 * DAY, START)]


def test_an_anchor_that_voicetel_no_longer_has_is_given_up_after_two_empty_answers():
    held = [(8 * DAY + 1, 10 * DAY)]
    known = Known(now=10 * DAY, floor=8 * DAY + 1, held=held, settled=[])
    gone = Anchor(8 * DAY, b"g" * 16)

    def before(at: int) -> Anchor | None:
        return gone if at > gone.at else None

    for _ in range(asks.BELIEVED):
        ask = next_ask(known, before, lambda *_: 0)
        assert ask.anchor == gone
        known = asks.learned(known, ask, judge(ask, [], 10 * DAY), 0)
    assert next_ask(known, before, lambda *_: 0).anchor is None


SEEDS = [*range(60), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(60, 500))]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_call_is_lost_and_every_hour_is_settled_in_the_end(seed):
    carrier, ours = play(seed, backward=False)
    assert all_settled(carrier, ours), ours.known
    assert set(ours.rows) == set(carrier.calls)
    assert ours.missed(carrier) == []


@pytest.mark.parametrize(
    "seed", [*range(20), *(pytest.param(s, marks=pytest.mark.slow) for s in range(20, 200))]
)
def test_of_answers_that_come_oldest_first_no_more_is_believed_than_they_prove(seed):
    carrier, ours = play(seed, backward=True)
    assert ours.missed(carrier) == []
    assert ours.known.held


def test_control_with_two_hours_instead_of_26_calls_are_lost(monkeypatch):
    monkeypatch.setattr(asks, "LATE", 2 * HOUR)
    assert _losses() > 5


def test_control_without_anchors_calls_are_lost(monkeypatch):
    real = asks.judge

    def believing(ask, rows, until, **given):
        told = real(ask, rows, until, **given)
        return asks.Found([(ask.end, until)], whole=True, backward=told.backward)

    monkeypatch.setattr(asks, "judge", believing)
    assert _losses() > 5


def _losses() -> int:
    lost = 0
    for seed in range(30):
        try:
            carrier, ours = play(seed)
        except AssertionError:
            lost += 1
        else:
            lost += bool(ours.missed(carrier))
    return lost


def test_spans_are_merged_cut_and_measured():
    assert spans.merged([(5, 9), (1, 3), (3, 5), (7, 7)]) == [(1, 9)]
    assert spans.without([(0, 10)], [(2, 3), (9, 20)]) == [(0, 2), (3, 9)]
    assert spans.within([(0, 4), (6, 9)], 3, 7) == [(3, 4), (6, 7)]
    assert spans.length([(0, 4), (2, 6)]) == 6
