"""One stand for all fault tests: starting it costs seconds."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.pressing import open_form, post
from tests.faults.stand import Browser, Stand


@pytest.fixture(scope="package")
def stand() -> Iterator[Stand]:
    # short: a socket's path has 108 letters at most
    home = Path(tempfile.mkdtemp(prefix="faults-"))
    with Stand(home, numbers=1500) as ready:
        yield ready
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def own_stand(stand: Stand) -> Iterator[Stand]:
    """The stand, with a fresh driver afterwards: the test changes how the driver's
    process sends.
    """
    yield stand
    stand.end("driver")
    stand.begin_driver()


@pytest.fixture
def webbed(stand: Stand) -> Stand:
    """The stand with a web server and a worker that nobody kills."""
    if "worker" not in stand.processes:
        stand.worker()
    if "web" not in stand.processes:
        stand.web()
        browser, number = Browser(stand), stand.take(1)[0]
        # both processes have then loaded what they need: the figures are of a portal that runs
        for times in range(8):
            post(browser, number, open_form(browser, number) | {"to": f"91755500{10 + times}"})
    return stand
