"""The states of a change as data, and how people read them. A move that is not in the table
raises.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings


class State(StrEnum):
    """Where one change is. The names are the code's and the tables'; people read SHOWN's words."""

    READY = "ready"
    SENDING = "sending"
    NOT_SENT = "not_sent"
    DONE = "done"
    PARTLY = "partly"
    REFUSED = "refused"
    DOUBT = "doubt"
    ABSENT = "absent"
    ASK = "ask"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Shown:
    """A state as people read it. name: in addresses; tone: of its badge; strip: the kind of its
    strip (cotton/strip.html).
    """

    name: str
    word: str
    tone: str
    strip: str


CANCELED: Final = Shown("closed", "Canceled", "neutral", "waiting")  # it was never sent
UNCONFIRMED: Final = Shown("unconfirmed", "Not confirmed", "warn", "asks")  # closed after sending
QUEUED: Final = Shown("ready", "Queued", "neutral", "waiting")
# The one vocabulary: every page, email and export takes its words from here.
SHOWN: Final[dict[State, Shown]] = {
    State.READY: QUEUED,
    State.NOT_SENT: QUEUED,
    State.SENDING: Shown("sending", "Sending", "info", "checked"),
    State.DOUBT: Shown("doubt", "Confirming", "info", "checked"),
    State.DONE: Shown("done", "Done", "good", "done"),
    State.PARTLY: Shown("partly", "Partly done", "warn", "asks"),
    State.ASK: Shown("ask", "Needs your answer", "warn", "asks"),
    State.REFUSED: Shown("refused", "Declined", "bad", "refused"),
    State.ABSENT: Shown("absent", "Failed", "bad", "refused"),
    State.CLOSED: CANCELED,
}
WORDS: Final = (*dict.fromkeys(SHOWN.values()), UNCONFIRMED)  # each once, as a filter offers them


def shown(state: str, *, sent: bool = False) -> Shown:
    """How a state is read. sent: whether the change left us, for one that is closed."""
    return UNCONFIRMED if state == State.CLOSED and sent else SHOWN[State(state)]


# it moves by itself; it holds its lane
OPEN: Final = frozenset({State.READY, State.SENDING, State.NOT_SENT, State.DOUBT})
# may be true at the provider: nothing else of the lane goes
HELD_BY_SENDER: Final = frozenset({State.SENDING, State.DOUBT})
# what may still turn out to be true there, and is looked for
LOOKED_AT: Final = frozenset({State.DOUBT, State.ABSENT, State.CLOSED, State.ASK})
FINAL: Final = frozenset({State.DONE, State.PARTLY})  # it is true there, all of it or some
MOVES: Final[dict[State, frozenset[State]]] = {
    State.READY: frozenset({State.SENDING, State.ASK, State.CLOSED}),
    State.SENDING: frozenset(
        {State.NOT_SENT, State.DONE, State.PARTLY, State.REFUSED, State.DOUBT}
    ),
    State.NOT_SENT: frozenset({State.READY, State.ASK, State.CLOSED}),
    State.DOUBT: frozenset({State.DONE, State.PARTLY, State.REFUSED, State.ABSENT, State.ASK}),
    State.ABSENT: frozenset({State.DONE, State.PARTLY, State.CLOSED}),
    State.ASK: frozenset({State.READY, State.DONE, State.PARTLY, State.CLOSED}),
    State.CLOSED: frozenset({State.DONE, State.PARTLY}),
}


class NoSuchMove(RuntimeError):
    """A move that the table does not have: a mistake in our code, never a person's."""


def check(was: str, to: str) -> None:
    """Raise NoSuchMove unless MOVES has the pair."""
    if State(to) not in MOVES.get(State(was), frozenset()):
        raise NoSuchMove(f"{was} to {to}")


def scaled(**parts: float) -> timedelta:
    speed: float = settings.CHANGES_SPEED
    span: timedelta = timedelta(**parts) / speed
    return span


# Times, in one place. CHANGES_SPEED divides them all (fault tests run at 10 and more; production is
# always 1).
# claimed longer ago than this: a paused process, which must not send any more
LATE: Final = scaled(seconds=5)
# the transport's own total: after it no send of ours is under way
DEADLINE: Final = scaled(seconds=30)
HELD: Final = scaled(seconds=45)  # how long a claim holds; more than LATE + DEADLINE together
TURN: Final = scaled(minutes=15)  # first in its lane and still not sent: the person is asked
OWN_FIRST: Final = scaled(seconds=5)  # a fresh row is its own process's; then the sweep may take it
FIRST_PAUSE: Final = scaled(seconds=15)  # first pause before trying or looking again; doubles
TWIN: Final = scaled(seconds=30)  # the provider says the same key is in flight
LONGEST_PAUSE: Final = scaled(hours=1)
# an Idempotency-Key is not used later than this after its first send
KEY_LIVES: Final = scaled(hours=23)
# what costs is sent again by itself only this long after the press
PRESSED: Final = scaled(minutes=15)
GIVE_UP: Final = scaled(hours=24)  # in doubt longer than this: the person is asked
ASKED: Final = scaled(minutes=5)  # after a person was asked: the first look whether that is moot
LOOKS: Final = 3  # whole looks that must find nothing before a change that costs counts as absent
SAME: Final = timedelta(minutes=1)  # after it was done, the same press again is meant
PARK: Final = 10  # looks that may break in our own code before a person is asked
PUT_OFFS: Final = 10  # put off so often, a change ends as not sent
PUT_OFF: Final = (
    f"Not sent: VoiceTel asked us to wait {PUT_OFFS} times in a row. Nothing changed, and you"
    " weren't charged. Try again later."
)
TOO_LATE: Final = "It could not be sent within 15 minutes, so it was not sent."


def pause(count: int) -> timedelta:
    """How long to wait before the next try: 15 s, doubling, an hour at most."""
    return min(FIRST_PAUSE * (1 << min(max(count, 0), 12)), LONGEST_PAUSE)
