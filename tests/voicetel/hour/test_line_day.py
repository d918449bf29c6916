"""A day of the line with real processes against the real sandbox: each time three new ones sweep at
once.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.voicetel.hour.course import OUTSIDE, ROOT, Course, course, key_of_harbor

pytestmark = pytest.mark.slow
HOURS, STEP = 24, 30 * 60
ACCOUNTS = """
from apps.accounts.models import Account
for n in range(50):
    account = Account.objects.create(number=f"20000000{n:02}", name=f"Account {n}")
    account.set_key("%s")
    account.save()
"""

# unpaced, and without the lease of the schedule
SERVE = "from apps.voicetel.hour import line; line.serve(everything=True)"


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Course]:
    with course(tmp_path / "day", "sqlite") as found:
        yield found


def manage(day: Course, *words: str) -> "subprocess.Popen[bytes]":
    env = {
        **OUTSIDE,
        "DEBUG": "1",
        "DATABASE_URL": day.database_url,
        "VOICETEL_URL": day.url,
        "VOICETEL_ADAPTER": "",
        "REDIS_URL": "",
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_fifty_accounts_over_a_day_and_many_restarts_meet_no_429(day: Course):
    """The keys are one account's, so each answer is refused and asked for again: more pressure than
    in life.
    """
    assert manage(day, "migrate").wait(120) == 0  # the racers have made their own tables only
    assert manage(day, "shell", "-c", ACCOUNTS % key_of_harbor()).wait(60) == 0
    for _ in range(HOURS * 3600 // STEP):
        ticks = [
            manage(day, "tick"),
            manage(day, "shell", "-c", SERVE),
            manage(day, "shell", "-c", SERVE),
        ]
        for tick in ticks:
            tick.wait(60)
        day.advance(STEP)
    rows = day.sandbox("GET", "requests?operation=accountGet")["requests"]
    assert len(rows) >= 5 * HOURS  # else nobody would have raced
    assert [row for row in rows if row["status"] == 429] == []
    assert day.most_in_an_hour() <= 6
