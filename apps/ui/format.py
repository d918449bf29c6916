"""Words for figures: telephone numbers, money, moments and ages.

Selectors use these to format rows before a template sees them.
"""

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.money import MICRO

CENT = MICRO // 100
NOTHING = "—"
MINUTE, HOUR, DAY = 60, 3600, 86400
WEEK = 7  # days: within fewer, a weekday names one day


def now() -> datetime:
    """The moment that ages are counted from: the clock that settings name (UI_CLOCK), else this
    process's own.
    """
    named = getattr(settings, "UI_CLOCK", "")
    return import_string(named)() if named else timezone.now()


def phone(number: object) -> str:
    """Ten digits as (201) 555-1234; anything else as it came, nothing as a dash."""
    digits = str(number or "")
    if len(digits) == 10 and digits.isascii() and digits.isdigit():
        return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    return digits or NOTHING


def money(micro: int | None) -> str:
    """Micro-dollars to the cent, halves away from zero: 182400000 is $182.40; None is a dash."""
    if micro is None:
        return NOTHING
    cents = (abs(micro) + CENT // 2) // CENT
    sign = "−" if micro < 0 and cents else ""
    return f"{sign}${cents // 100:,}.{cents % 100:02}"


def rate(micro: int | None) -> str:
    """Micro-dollars with all the digits they carry, two at least: 8500 is $0.0085."""
    if micro is None:
        return NOTHING
    whole, part = divmod(abs(micro), MICRO)
    digits = f"{part:06}".rstrip("0").ljust(2, "0")
    return f"{'−' if micro < 0 else ''}${whole:,}.{digits}"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 number", "2,000 numbers"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name; UTC where the name is unknown, and every moment shown carries its
    zone's letters.
    """
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def day(on: date | datetime, zone_name: str = "UTC") -> str:
    """Nov 23, 2026."""
    local = on.astimezone(zone(zone_name)) if isinstance(on, datetime) else on
    return f"{local:%b} {local.day}, {local.year}"


def hour(local: datetime) -> str:
    """The time of day by the 12-hour clock: 7:38 PM."""
    return f"{local.hour % 12 or 12}:{local:%M} {'AM' if local.hour < 12 else 'PM'}"


def moment(at: datetime | None, zone_name: str = "UTC") -> str:
    """The exact moment: Nov 23, 2026, 2:02:05 PM EST."""
    if at is None:
        return NOTHING
    local = at.astimezone(zone(zone_name))
    to_second = hour(local).replace(" ", f":{local:%S} ")
    return f"{day(at, zone_name)}, {to_second} {local:%Z}"


def clock(at: datetime | None, zone_name: str = "UTC", *, since: datetime | None = None) -> str:
    """The moment, as short as it stays clear: "7:38 PM" today, "Tue 7:38 PM" less than a week away,
    "Nov 22, 7:38 PM" otherwise, and "Nov 22, 2025, 7:38 PM" in another year.
    """
    if at is None:
        return NOTHING
    where = zone(zone_name)
    local, today = at.astimezone(where), (since or now()).astimezone(where)
    if local.date() == today.date():
        return hour(local)
    if abs((local.date() - today.date()).days) < WEEK:
        return f"{local:%a} {hour(local)}"
    if local.year == today.year:
        return f"{local:%b} {local.day}, {hour(local)}"
    return f"{day(at, zone_name)}, {hour(local)}"


def age(at: datetime | None, since: datetime | None = None) -> str:
    """How long ago, or how soon: "just now", "2 min ago", "in 18 min", "3 h ago", "5 days ago";
    "never" for None.
    """
    if at is None:
        return "never"
    seconds = ((since or now()) - at).total_seconds()
    if abs(seconds) < MINUTE:
        return "just now" if seconds >= 0 else "in a moment"
    span = lasting(abs(seconds))
    return f"{span} ago" if seconds > 0 else f"in {span}"


def lasting(seconds: float) -> str:
    """A span in its largest unit: 45 s, 12 min, 3 h, 5 days."""
    whole = int(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min"
    if whole < 2 * DAY:
        return f"{whole // HOUR} h"
    return f"{whole // DAY} days"


def stamp(at: datetime) -> str:
    """For a time element: 2026-11-23T19:02:05Z."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
