"""A worker killed before the send, after it, or before it settles: every change settles, as the
provider has it.
"""

import http.client
import time
from typing import Any

import pytest

from tests.faults.pressing import open_form, post
from tests.faults.stand import SETTLED_WITHIN, Browser, Stand, until

POINTS = ("before_send", "after_send", "before_settle")


def kill_at(stand: Stand, point: str, times: int) -> None:
    numbers = stand.take(times)
    wanted = {number: f"917555{4000 + place:04}" for place, number in enumerate(numbers)}
    stand.worker(kill_at=point)
    stand.ask("sweep", on=True)
    pressed: dict[int, str] = {}
    for number, to in wanted.items():
        before = stand.kills()
        pressed[stand.ask("press", number=number, to=to)] = number
        until(lambda before=before: stand.kills() > before, 20, f"the worker dies at {point}")
    began = time.monotonic()

    def settled() -> dict[str, str]:
        found: dict[str, str] = stand.ask("states", pks=list(pressed))
        return (
            found
            if set(found.values()) <= {"done", "partly", "refused", "absent", "ask", "closed"}
            else {}
        )

    found = until(settled, SETTLED_WITHIN, f"every change settles after kills at {point}")
    assert set(found.values()) == {"done"}, found
    assert time.monotonic() - began < SETTLED_WITHIN
    there, ours = stand.forwards(), stand.ask("copies")
    assert {number: there[number] for number in wanted} == wanted
    assert {number: ours[number] for number in wanted} == wanted
    stand.end("worker")


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_worker_loses_nothing(stand: Stand, point: str) -> None:
    kill_at(stand, point, 2)


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_25_times_loses_nothing(stand: Stand, point: str) -> None:
    before = stand.kills()
    kill_at(stand, point, 25)
    assert stand.kills() - before >= 25


@pytest.mark.parametrize("point", ["before_nudge", *POINTS])
def test_a_killed_web_process_loses_nothing(stand: Stand, point: str) -> None:
    """Between the commit and the message, and in its own sends where no worker is."""
    stand.end("worker")
    stand.ask("sweep", on=False)
    stand.web(kill_at=point)
    browser, number = Browser(stand), stand.take(1)[0]
    form = open_form(browser, number) | {"to": "9175550166"}
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        post(browser, number, form)
    assert len(stand.ask("entries_of", number=number)) == 1
    stand.end("web")
    stand.worker()
    stand.ask("sweep", on=True)
    until(
        lambda: [row[1] for row in stand.ask("entries_of", number=number)] == ["done"],
        SETTLED_WITHIN,
        f"it settles after {point}",
    )
    assert (stand.forwards()[number], stand.ask("copies")[number]) == ("9175550166", "9175550166")
    stand.end("worker")


@pytest.mark.parametrize("point", POINTS)
def test_a_change_that_waits_for_a_killed_one_is_sent_after_it(stand: Stand, point: str) -> None:
    first, second = stand.take(2)
    stand.worker(kill_at=point)
    before = stand.kills()
    pks = [stand.ask("press", number=first, to="9175550171")]
    pks.append(stand.ask("press", number=second, to="9175550172", after=pks[0]))
    until(lambda: stand.kills() > before, 20, f"the worker dies at {point}")
    stand.ask("sweep", on=True)
    until(
        lambda: set(stand.ask("states", pks=pks).values()) == {"done"},
        SETTLED_WITHIN,
        f"both settle after {point}",
    )
    there = stand.forwards()
    assert (there[first], there[second]) == ("9175550171", "9175550172")
    stand.end("worker")


def test_without_the_sweep_a_killed_change_stays_in_the_air(stand: Stand) -> None:
    """The control: it is the sweep that settles what a killed process left."""
    stand.ask("sweep", on=False)
    stand.worker(kill_at="before_send")
    before = stand.kills()
    pk = stand.ask("press", number=stand.take(1)[0], to="9175550000")
    until(lambda: stand.kills() > before, 20, "the worker dies")
    time.sleep(SETTLED_WITHIN / 3)
    left: Any = stand.ask("states", pks=[pk])
    stand.end("worker")
    assert left == {str(pk): "sending"}
    stand.worker()
    stand.ask("sweep", on=True)
    until(
        lambda: stand.ask("states", pks=[pk]) == {str(pk): "done"},
        SETTLED_WITHIN,
        "the sweep settles it",
    )
    stand.end("worker")
