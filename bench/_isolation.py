"""The hand inside the stand of bench/isolation.py: tests/faults/driver.py, with two customers.

JSON lines in, JSON lines out.
"""

import threading
import time
from typing import Any

import django

django.setup()

from apps.accounts.models import Account, Membership  # noqa: E402 - after setup
from apps.changes import machine  # noqa: E402
from apps.changes.engine import rows, tokens  # noqa: E402
from apps.copies.services import look  # noqa: E402
from apps.numbers import sources  # noqa: E402
from apps.numbers.changes import SetForward  # noqa: E402
from apps.numbers.models import Number  # noqa: E402
from tests.faults import driver  # noqa: E402

busy = threading.Event()


def numbers_of(number: str) -> list[str]:
    """The account's numbers, read from the provider now."""
    account = Account.objects.get(number=number)
    look(account, sources.numbers)
    return sorted(Number.objects.of(account).values_list("number", flat=True))


def press_as(number: str, subject: str, to: str) -> dict[str, Any]:
    """One change of that account's, as its page presses it; waits a second for it at most."""
    account = Account.objects.get(number=number)
    owner = Membership.objects.filter(account=account, role="owner").select_related("user")[0].user
    change = SetForward(account, subject, to=to)
    began = time.monotonic()
    entry = machine.wait(machine.submit(change, by=owner, token=tokens.mint()))
    return {"pk": entry.pk, "seconds": time.monotonic() - began}


def ends(pks: list[int]) -> dict[str, list[Any]]:
    """(state, times that it was sent or tried, seconds from its press until it settled) of each."""
    found = rows.rows().filter(pk__in=pks)
    return {
        str(pk): [state, tries, (settled_at - created_at).total_seconds() if settled_at else None]
        for pk, state, tries, created_at, settled_at in found.values_list(
            "pk", "state", "tries", "created_at", "settled_at"
        )
    }


def trouble(number: str, on: bool) -> bool:
    """Let a customer read its list and press its changes all the time; on=False: no more."""
    if on:
        busy.set()
        threading.Thread(target=_press_on, args=[number], daemon=True).start()
    else:
        busy.clear()
    return on


def _press_on(number: str) -> None:
    account = Account.objects.get(number=number)
    subjects = list(Number.objects.of(account).values_list("number", flat=True))
    times = 0
    while busy.is_set():
        look(account, sources.numbers)
        subject = subjects[times % len(subjects)]
        press_as(number, subject, f"917555{times % 10_000:04}")
        times += 1
        time.sleep(0.2)
    driver.connection.close()


driver.COMMANDS |= {each.__name__: each for each in (numbers_of, press_as, ends, trouble)}

if __name__ == "__main__":
    driver.main()
