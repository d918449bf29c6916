"""Beat and a worker as processes: every sweep runs at once, and one at a time however many ask."""

import time

from apps.running.leases import LEASE
from portal.schedule import SWEEPS
from tests.faults.stand import Stand, until


def test_two_schedulers_get_every_sweep_run_within_seconds(webbed: Stand) -> None:
    """Two at once do no harm: a lease lets one message of each sweep through at a time. A worker
    that was killed at a sweep by an earlier test left its lease behind, and only then is there
    anything to wait for."""
    began = time.time()
    for name in ("beat", "beat again"):
        webbed.start(
            name,
            "-m",
            "celery",
            "-A",
            "portal",
            "beat",
            "--pidfile=",
            "-s",
            str(webbed.home / name.replace(" ", "-")),
        )
    try:

        def all_ran() -> bool:
            finished = webbed.ask("sweeps")
            return all(finished.get(sweep.name, 0) > began for sweep in SWEEPS)

        until(all_ran, LEASE.total_seconds() + 30, "each sweep finished")
    finally:
        webbed.end("beat")
        webbed.end("beat again")
    status, _, body = webbed.get("/readyz")
    assert (status, '"ready": true' in body) == (200, True), body
