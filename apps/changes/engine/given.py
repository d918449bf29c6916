"""One-time answers: a password or a key that the provider tells once and never again.

Sealed in the settling UPDATE. When the database is away just then, the write is tried for ten
seconds more; then the sealed answer goes into a file, which `manage.py take_in` reads.
"""

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from apps.accounts.sealed import seal, unseal
from apps.changes.change import Change, owner_of
from apps.changes.engine import rows
from apps.changes.models import Entry
from apps.changes.states import State, scaled

log = structlog.get_logger("changes")
TRIED_FOR = scaled(seconds=10)
EACH = 0.25  # seconds between two tries
OPEN_STILL = frozenset({State.SENDING, State.DOUBT, State.ASK, State.ABSENT, State.CLOSED})


def sealed_of(entry: Entry, change: Change, answer: Any) -> bytes | None:
    """The one-time part of an answer, sealed for the entry's account; None where there is none.

    A part that cannot be read is logged and lost: it would undo an outcome that is true.
    """
    try:
        told = change.gives(answer)
    except Exception:
        log.exception("a one-time answer could not be read", entry=entry.pk, kind=entry.kind)
        return None
    return seal(owner_of(entry.account), told) if told else None


def opened(entry: Entry) -> dict[str, Any]:
    """What the provider told once; empty where nothing is kept. Raises sealed.Unsealable."""
    if not entry.given:
        return {}
    found: dict[str, Any] = unseal(owner_of(entry.account), bytes(entry.given))
    return found


def keep(write: Callable[[], bool], entry: Entry, values: dict[str, Any]) -> bool:
    """Write for ten seconds more, then into a file with an alarm. False: only the file has it."""
    until = time.monotonic() + TRIED_FOR.total_seconds()
    while time.monotonic() < until:
        time.sleep(EACH)
        if not connection.in_atomic_block:
            connection.close()  # the next try opens one anew
        try:
            return write()
        except (OperationalError, InterfaceError):
            continue
    path = folder() / f"{entry.pk}.json"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = {
        "entry": entry.pk,
        "given": base64.b64encode(values["given"]).decode(),
        "answer": values.get("answer", {}),
        "bound": values.get("bound", ""),
    }
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(json.dumps(kept))
    part.replace(path)
    log.critical("a one-time answer waits in a file: run manage.py take_in", entry=entry.pk)
    return False


def folder() -> Path:
    """Where such files wait, readable by the portal alone."""
    return Path(settings.DATA_DIR) / "given"


def take_in(path: Path) -> bool:
    """Put one file's answer into its row, and settle the row where it is not settled yet.

    False: the row has such an answer already, or is gone; the file is left alone then.
    """
    kept = json.loads(path.read_text())
    entry = rows.find(kept["entry"])
    if entry is None or entry.given:
        return False
    sealed = base64.b64decode(kept["given"])
    unseal(owner_of(entry.account), sealed)  # raises for one that is not this account's
    if entry.state in OPEN_STILL:
        if entry.state == State.SENDING:
            rows.put(entry, State.DOUBT)
        values = {"answer": kept["answer"], "bound": kept["bound"], "copy_stale": True}
        taken = rows.put(entry, State.DONE, given=sealed, said="", **values)
    else:
        taken = rows.push(entry, given=sealed)
    if taken:
        path.unlink()
    return taken
