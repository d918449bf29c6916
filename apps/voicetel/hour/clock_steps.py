"""Telling a clock that was set from time that passed.

The hour is counted in database time, and someone may set that clock. What cannot be set is the
seconds since this machine's boot, so a Window keeps, for each boot that has lately reserved, one
pair: database time, seconds since that boot. Until the next look both must have grown alike; a
difference of more than two seconds is a step.

- The seconds count from a boot and mean nothing on another: pairs are kept by the kernel's boot id,
and compared with
  a pair of the same boot only. (Containers of one machine share it. Where there is none, each
  process is its own boot.)
- The seconds include sleep (CLOCK_BOOTTIME): a suspended laptop is not a step. A kept pair is not
renewed at each look
  but after an hour, so that many steps of just under two seconds add up to one that is seen.
- A pair is good for two hours. Longer, quartz alone may differ by seconds, and every call that this
machine knew of
  is out of the hour anyway.
- Across a boot nothing can be compared, and the clock is believed, unless it stands before a time
already seen:
  counting everything from now after every boot would close the first hour of each morning. The
  price: a clock set forward while its machine was off frees calls too early, once, and the
  provider's 429 ends it.
"""

import time
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

TOLERATED = timedelta(seconds=2)
SHARP = 0.5  # seconds that reading both clocks may take for the pair to be kept
RENEWED = timedelta(hours=1)
GOOD_FOR = timedelta(hours=2)
KEPT = 8  # boots remembered for each window

Seen = dict[str, list[float]]  # {boot: [Unix seconds of the database, seconds since boot]}


class Tick(NamedTuple):
    """A reading of the clock that nobody can set.

    The database's was read within `took` seconds after.
    """

    boot: str
    seconds: float
    took: float = 0.0


@lru_cache(maxsize=1)
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return uuid4().hex


def tick() -> Tick:
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return Tick(_boot(), time.monotonic() if clock is None else time.clock_gettime(clock))


def expected(seen: Seen, here: Tick, moment: datetime) -> tuple[datetime, datetime] | None:
    """Between what times the database's clock, which showed `moment`, stood if nobody set it; None:
    nothing to compare with.
    """
    pair = seen.get(here.boot)
    if pair is None or not 0 <= here.seconds - pair[1] <= GOOD_FOR.total_seconds():
        return None
    least = datetime.fromtimestamp(pair[0] + here.seconds - pair[1], moment.tzinfo)
    return least, least + timedelta(seconds=here.took)


def stepped(seen: Seen, here: Tick, moment: datetime) -> datetime | None:
    """If the clock was set since the window was last seen: about what it would show, had nobody
    touched it.
    """
    if then := expected(seen, here, moment):
        least, most = then
        return None if least - TOLERATED <= moment <= most + TOLERATED else most
    last = max((pair[0] for pair in seen.values()), default=0.0)
    return (
        datetime.fromtimestamp(last, moment.tzinfo)
        if moment.timestamp() < last - TOLERATED.total_seconds()
        else None
    )


def renewed(seen: Seen, here: Tick, moment: datetime) -> Seen | None:
    """The pairs to keep from now on; None: those there are will do."""
    pair = seen.get(here.boot)
    fresh = pair is not None and 0 <= here.seconds - pair[1] <= RENEWED.total_seconds()
    if fresh or here.took > SHARP:
        return None
    others = sorted(
        ((boot, kept) for boot, kept in seen.items() if boot != here.boot),
        key=lambda item: item[1][0],
    )
    return dict([*others[1 - KEPT :], (here.boot, [moment.timestamp(), here.seconds])])
