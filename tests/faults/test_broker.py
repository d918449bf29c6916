"""Redis gone, frozen, back empty: changes go on, and pages answer within 1.5 s."""

import signal
import time
from collections.abc import Iterator

import pytest

from tests.faults.pressing import open_form, post
from tests.faults.stand import SETTLED_WITHIN, Browser, Stand, until

AT_MOST = 1.5


@pytest.fixture
def broken(webbed: Stand) -> Iterator[Stand]:
    """The stand; afterwards it has a broker again, and everybody has noticed."""
    yield webbed
    webbed.end("broker")
    webbed.redis.unlink(missing_ok=True)
    webbed.broker()


def change(stand: Stand, browser: Browser, to: str) -> float:
    """Seconds of a POST; it is done at the provider afterwards."""
    number = stand.take(1)[0]
    form = open_form(browser, number) | {"to": to}
    entry, seconds = post(browser, number, form)
    until(lambda: stand.ask("states", pks=[entry]) == {str(entry): "done"}, 3, "the change is done")
    assert stand.forwards()[number] == to
    return seconds


def test_with_a_broker_the_worker_sends(webbed: Stand) -> None:
    assert change(webbed, Browser(webbed), "9175550150") < AT_MOST


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["gone", "frozen"])
def test_without_a_broker_the_web_process_sends(broken: Stand, how: signal.Signals) -> None:
    broken.ask("sweep", on=False)
    browser = Browser(broken)
    broken.signal("broker", how)
    seconds = [change(broken, browser, f"91755501{60 + times}") for times in range(4)]
    began = time.monotonic()
    assert browser.send("GET", "/numbers/")[0] == 200
    assert max(*seconds, time.monotonic() - began) < AT_MOST


def test_a_broker_that_comes_back_empty_is_used_again(broken: Stand) -> None:
    broken.ask("sweep", on=False)
    broken.signal("broker", signal.SIGKILL)
    broken.processes["broker"].wait()
    assert change(broken, Browser(broken), "9175550170") < AT_MOST
    broken.redis.unlink(missing_ok=True)
    broken.broker()

    def taken() -> bool:
        """By the worker alone: nobody waits for it here, and nothing sweeps."""
        pk = broken.ask("press", number=broken.take(1)[0], to="9175550171")
        time.sleep(1)
        return bool(broken.ask("states", pks=[pk]) == {str(pk): "done"})

    until(taken, 60, "the worker takes changes again")


def test_nobody_at_work_is_no_reason_to_wait(broken: Stand) -> None:
    """A broker but no worker: a row that nobody took after 0.3 s is sent by the web process."""
    broken.ask("sweep", on=False)
    broken.end("worker")
    seconds = change(broken, Browser(broken), "9175550180")
    broken.worker()
    assert seconds < AT_MOST


def test_a_slow_provider_does_not_hold_the_page(webbed: Stand) -> None:
    webbed.ask("sweep", on=True)
    browser, number = Browser(webbed), webbed.take(1)[0]
    form = open_form(browser, number) | {"to": "9175550190"}
    webbed.provider.fault("numbersForwardSet", "delay", seconds=3)
    entry, seconds = post(browser, number, form)
    assert 0.8 < seconds < AT_MOST
    assert webbed.ask("states", pks=[entry]) == {str(entry): "sending"}
    until(
        lambda: webbed.ask("states", pks=[entry]) == {str(entry): "done"},
        SETTLED_WITHIN,
        "it is done",
    )
