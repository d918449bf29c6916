"""A change of a number that nobody can tell the outcome of: what is asked, and what answers it."""

from typing import Any

import pytest

from apps.changes import sweeps
from apps.changes.engine import tokens
from apps.changes.models import Entry
from apps.changes.states import State
from apps.copies.services import look
from apps.numbers import sources
from apps.numbers.changes import SetForward
from apps.voicetel import clock
from tests.changes.conftest import press  # noqa: F401  a fixture
from tests.changes.pressing import again
from tests.numbers.looking import FIRST
from tests.pages import words

ASKED, OTHER = "9175550142", "9175550199"


@pytest.fixture
def asking(changes: Any, cast: Any, sandbox: Any, press: Any) -> Entry:  # noqa: F811
    """A forward whose answer was lost, while another program forwarded the number elsewhere."""
    look(cast.harbor, sources.numbers)
    sandbox.lose_request("numbersForwardSet")
    entry = press(SetForward(cast.harbor, FIRST, to=ASKED))
    sandbox.set_number(FIRST, forward_to=OTHER)
    for _ in range(4):
        clock.advance(60)
        sandbox.advance(60)
        sweeps.settle_due()
    assert again(entry).state == State.ASK
    return again(entry)


def test_the_question_says_what_voicetel_shows_and_what_each_answer_does(
    asking: Entry, cast: Any, sign_in: Any
) -> None:
    page = words(sign_in(cast.manager).get(f"/changes/{asking.pk}/"))
    assert "We couldn't confirm this change." in page
    assert "VoiceTel shows: (917) 555-0199" in page
    assert "Did it go through?" in page
    assert "Yes, it did. Marks this change as done. Nothing is sent." in page
    assert "No, try again. Sends a new change; this one is closed." in page
    assert "Dismiss. Closes this change. Nothing is sent." in page


def test_a_look_that_did_not_come_through_is_not_quoted_as_what_voicetel_shows(
    asking: Entry, cast: Any, sandbox: Any, sign_in: Any
) -> None:
    sandbox.fault("numbersGet", "status", times=None, status=502)
    clock.advance(400)
    sandbox.advance(400)
    sweeps.settle_due()
    page = words(sign_in(cast.manager).get(f"/changes/{asking.pk}/"))
    assert "Did it go through?" in page
    assert "VoiceTel shows:" not in page, "the time beside it would be that of the failed look"


def test_a_list_that_shows_the_number_as_asked_settles_the_question(
    asking: Entry, cast: Any, sandbox: Any
) -> None:
    sandbox.set_number(FIRST, forward_to=ASKED)
    clock.advance(60)
    look(cast.harbor, sources.numbers)
    sweeps.settle_due()
    assert again(asking).state == State.DONE
    assert sandbox.count("numbersForwardSet") == 1, "nobody was asked to send it again"


def test_a_person_who_says_no_sends_it_once_more(
    asking: Entry, cast: Any, sandbox: Any, sign_in: Any
) -> None:
    answer = {"answer": "again", "token": tokens.mint(), "account": cast.harbor.number}
    sign_in(cast.manager).post(f"/changes/{asking.pk}/answer/", answer)
    assert again(asking).state == State.CLOSED
    assert sandbox.number_of("1000000001", FIRST).forward_to == ASKED
