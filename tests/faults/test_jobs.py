"""A job whose worker is killed again and again: each change is made, none twice, and one undo
restores what was there.
"""

import pytest

from tests.faults.stand import Stand, until

LONG = 120.0  # seconds for a job whose worker starts anew after each few changes


def sent(stand: Stand) -> int:
    """How many forwards the provider got, by its log."""
    return len(stand.provider.requests("numbersForwardSet"))


def ended(stand: Stand, pk: int) -> bool:
    """Whether the job ended, and what was in doubt is known."""
    job = stand.ask("job", pk=pk)
    return job["state"] == "done" and not {"sending", "doubt"} & set(job["changes"].values())


@pytest.mark.parametrize("point", ["before_send", "after_send", "before_settle"])
def test_a_job_survives_its_worker(stand: Stand, point: str) -> None:
    numbers = stand.take(10)
    before = stand.forwards()
    since, kills = sent(stand), stand.kills()
    stand.worker(kill_at=point)
    stand.ask("sweep", on=True)
    pk = stand.ask("start_job", numbers=numbers, to="9175550142")
    until(lambda: ended(stand, pk), LONG, f"the job ends, and each of its changes ({point})")
    assert stand.kills() - kills >= 2, "four threads at most die at once"
    assert set(stand.ask("job", pk=pk)["changes"].values()) == {"done"}
    there, ours = stand.forwards(), stand.ask("copies")
    assert {there[number] for number in numbers} == {"9175550142"}
    assert {ours[number] for number in numbers} == {"9175550142"}
    assert sent(stand) - since == len(numbers), "none twice"

    stand.worker()
    undo = stand.ask("start_job", numbers=[], to="", undoes=pk)
    until(lambda: stand.ask("job", pk=undo)["state"] == "done", LONG, "the undo ends")
    assert {number: stand.forwards()[number] for number in numbers} == {
        number: before[number] for number in numbers
    }
    stand.end("worker")
