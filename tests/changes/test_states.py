"""The states of a change are a table, and the table is the law."""

from itertools import product

import pytest

from apps.changes.states import MOVES, WORDS, NoSuchMove, State, check, pause, shown

ALLOWED = {(was, to) for was, many in MOVES.items() for to in many}


def test_a_move_of_the_table_passes() -> None:
    for was, to in ALLOWED:
        check(was, to)


def test_a_move_that_is_not_there_raises() -> None:
    others = set(product(State, State)) - ALLOWED
    assert len(others) > 70
    for was, to in others:
        with pytest.raises(NoSuchMove):
            check(was, to)


def test_what_was_done_or_refused_never_moves_again() -> None:
    assert not {State.DONE, State.PARTLY, State.REFUSED} & set(MOVES)


def test_nothing_in_doubt_is_ever_simply_waiting_again() -> None:
    assert State.READY not in MOVES[State.DOUBT] | MOVES[State.SENDING] | MOVES[State.ABSENT]
    assert State.DONE in MOVES[State.DOUBT]


def test_pauses_double_up_to_an_hour() -> None:
    seconds = [pause(count).total_seconds() for count in range(20)]
    assert seconds[:4] == [15, 30, 60, 120]
    assert max(seconds) == seconds[-1] == 3600


@pytest.mark.parametrize(
    ("state", "sent", "word", "tone"),
    [
        (State.READY, False, "Queued", "neutral"),
        (State.NOT_SENT, True, "Queued", "neutral"),
        (State.SENDING, True, "Sending", "info"),
        (State.DOUBT, True, "Confirming", "info"),
        (State.DONE, True, "Done", "good"),
        (State.PARTLY, True, "Partly done", "warn"),
        (State.ASK, True, "Needs your answer", "warn"),
        (State.REFUSED, True, "Declined", "bad"),
        (State.ABSENT, True, "Failed", "bad"),
        (State.CLOSED, False, "Canceled", "neutral"),
        (State.CLOSED, True, "Not confirmed", "warn"),
    ],
)
def test_each_state_has_one_word_and_one_tone_for_people(
    state: State, sent: bool, word: str, tone: str
) -> None:
    found = shown(state, sent=sent)
    assert (found.word, found.tone) == (word, tone)
    assert found in WORDS
