"""The dates of an account's ports as a calendar file (RFC 5545). No word of a bill and no id of
VoiceTel's is in it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Q

from apps.accounts.models import Account
from apps.porting import pace
from apps.porting.models import Port, PortEvent
from apps.porting.rules.stages import Stage
from apps.porting.selectors.desk import carrier_of
from apps.ui.format import count
from apps.voicetel import clock

WIDTH = 75  # octets of a line
MOST = 500  # ports


def file_of(account: Account) -> str:
    """The whole file. One query."""
    recent = Q(closed_at=None) | Q(closed_at__gt=clock.about_now() - pace.CALENDAR_KEPT)
    dated = Q(foc_on__isnull=False) | Q(wished_on__isnull=False)
    moved = Count("events", Q(events__kind=PortEvent.Kind.DATE), distinct=True)
    rows = (
        Port.objects.of(account)
        .filter(recent, dated)
        .annotate(moved=moved, many=Count("numbers", distinct=True))
        .order_by("sort_on", "pk")[:MOST]
    )
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//VoiceTel portal//Ports//EN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(f'Ports of {account}')}",
    ]
    for port in rows:
        lines += event_of(port, port.moved, port.many)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in folded(line))


def event_of(port: Port, moved: int, many: int) -> list[str]:
    """A port as an all-day event. moved: how often its date changed."""
    on = port.foc_on or port.wished_on
    assert on is not None
    numbers = count(many, "number") if many else "Numbers"
    status = "CONFIRMED" if port.foc_on else "TENTATIVE"
    if port.stage == Stage.REJECTED or port.missed_at:
        status = "CANCELLED"
    kind = "" if port.foc_on else " (requested)"
    host = urlsplit(settings.PORTAL_URL).hostname
    about = f"{settings.PORTAL_URL}/porting/ports/{port.pk}/"
    return [
        "BEGIN:VEVENT",
        f"UID:port-{port.pk}@{host}",
        f"DTSTAMP:{stamp(port.changed_at)}",
        f"SEQUENCE:{moved}",
        f"DTSTART;VALUE=DATE:{on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(f'{numbers} from {carrier_of(port)} move{kind}')}",
        f"STATUS:{status}",
        f"URL:{about}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A value of a text property."""
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


def folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 octets; a part after the first begins with a space."""
    part, width = "", 0
    for letter in line:
        octets = len(letter.encode())
        if width + octets > WIDTH:
            yield part
            part, width = " ", 1
        part, width = part + letter, width + octets
    yield part
