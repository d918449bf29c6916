"""The states of a job as data, and how people read them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a job is. Outcomes are its rows' states, counted when they are shown."""

    DRAFT = "draft"  # a preview; forgotten after a day
    PREPARING = "preparing"  # started; its first rows are being written
    RUNNING = "running"
    WAITING = "waiting"  # goes on at due_at
    PAUSED = "paused"  # until a person resumes it
    STOPPED = "stopped"  # the rest is not tried
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Shown:
    word: str
    tone: str


SHOWN: Final[dict[State, Shown]] = {
    State.DRAFT: Shown("Not started", "neutral"),
    State.PREPARING: Shown("Preparing", "info"),
    State.RUNNING: Shown("Running", "info"),
    State.WAITING: Shown("Waiting", "info"),
    State.PAUSED: Shown("Paused", "warn"),
    State.STOPPED: Shown("Stopped", "neutral"),
    State.DONE: Shown("Done", "good"),
}
OPEN: Final = frozenset({State.PREPARING, State.RUNNING, State.WAITING})  # a runner takes it up
MOVES: Final[dict[State, frozenset[State]]] = {
    State.DRAFT: frozenset({State.PREPARING}),
    State.PREPARING: frozenset(
        {State.RUNNING, State.WAITING, State.PAUSED, State.STOPPED, State.DONE}
    ),
    State.RUNNING: frozenset({State.WAITING, State.PAUSED, State.STOPPED, State.DONE}),
    State.WAITING: frozenset({State.RUNNING, State.PAUSED, State.STOPPED, State.DONE}),
    State.PAUSED: frozenset({State.RUNNING, State.STOPPED}),
    State.STOPPED: frozenset(),
    State.DONE: frozenset(),
}
