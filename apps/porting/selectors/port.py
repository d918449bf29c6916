"""One port: the row of steps, what to do next, the history by day, what was sent."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from apps.accounts.models import Account
from apps.changes.models import Entry
from apps.numbers.selectors.one import list_route_names, route_words
from apps.porting.models import Port, PortEvent, with_numbers
from apps.porting.rules.reasons import find_reason
from apps.porting.rules.stages import PLACE, TONES, Stage, Step
from apps.porting.selectors import links
from apps.porting.selectors.desk import capital, carrier_of, day_words
from apps.porting.thing import PORT
from apps.ui.format import clock as clock_of
from apps.ui.format import count, day, hour, moment, money, phone
from apps.ui.format import zone as zone_of
from apps.voicetel import clock

KEPT = "Keep your service there until every number works here."
Kind = PortEvent.Kind


class NoSuchPort(LookupError):
    """The account has no port with that id, whoever else may."""


def get_port(account: Account, pid: str) -> Port:
    """The account's port. VoiceTel is never asked about an id that we do not hold.

    Raises NoSuchPort.
    """
    found = (
        Port.objects.of(account)
        .filter(pid=pid)
        .select_related("entry")
        .prefetch_related(with_numbers(account))
        .first()
    )
    if found is None:
        raise NoSuchPort
    found.account = account
    return found


@dataclass(frozen=True, slots=True)
class Moment:
    """An event of the history. quote: VoiceTel's words; seen: when we saw it, when not yet."""

    title: str
    tone: str
    quote: str
    said: str
    seen: str
    exact: str
    who: str


@dataclass(frozen=True, slots=True)
class Turn:
    """Who has to act, and what. tag: Your turn, or whom it waits for."""

    tag: str
    title: str
    text: str
    quote: str = ""
    yours: bool = False


def page(account: Account, port: Port) -> dict[str, Any]:
    """Context of porting/port.html."""
    numbers = sorted(port.numbers.all(), key=lambda each: each.number)
    declined = port.stage == Stage.REJECTED
    entry, args = port.entry, port.entry.args if port.entry else {}
    events = list(port.own_events().order_by("at", "pk"))
    return {
        "port": port,
        "title": title(port, len(numbers)),
        "carrier": carrier_of(port),
        "stage": "No longer listed" if port.missed_at else Stage(port.stage).label,
        "tone": "neutral" if port.missed_at else TONES[port.stage],
        "steps": steps(port, events, account.zone),
        "turn": turn(port, len(numbers)),
        "days": history(events, account.zone),
        "numbers": [(phone(each.number), each.number, each.arrived_at) for each in numbers],
        "reading": port.read_at is None and not numbers,
        "letter": links.letter_of(port) if port.stage in {Stage.SENT, Stage.LETTER} else None,
        "order": links.order_of(port),
        "ticket": links.ticket_of(port),
        "reason": find_reason(port.message or port.status) if declined else None,
        "correct": declined and port.corrected_at is None and ticket_of(port) is not None,
        "correction": newest_correction(account, port) if declined else None,
        "sent": what_was_sent(args.get("bill") or {}, list_route_names(account) if args else {}),
        "by": entry.by_name if entry else "",
        "charged": money(entry.charged) if entry and entry.charged is not None else "",
    }


def ticket_of(port: Port) -> tuple[int, bool] | None:
    """The port's ticket, and whether the order's answer told it; else it is the last digits of the
    link that the list tells. None where nothing does.
    """
    if port.ticket:
        return port.ticket, True
    found = re.search(r"/(\d{1,9})/?$", port.support_url) if links.ticket_of(port) else None
    return (int(found[1]), False) if found and int(found[1]) else None


def newest_correction(account: Account, port: Port) -> Entry | None:
    rows = Entry.objects.of(account).filter(thing=PORT.name, subject=port.pid)
    return rows.order_by("-pk").first()


def title(port: Port, many: int) -> str:
    numbers = count(many, "number") if many else "Numbers"
    return f"{numbers} from {carrier_of(port)}" if port.carrier else f"{numbers} on order"


def steps(port: Port, events: Iterable[PortEvent], zone: str) -> list[Step]:
    """The four steps, with the day on which each was seen."""
    reached: dict[str, datetime] = {Stage.SENT: port.created_at}
    for event in events:
        if event.stage:
            reached[event.stage] = event.at
    year = clock.about_now().year

    def on(*stages: str) -> str:
        at = next((reached[stage] for stage in stages if stage in reached), None)
        return day_words(at.astimezone(zone_of(zone)).date(), year) if at else ""

    place = PLACE[port.stage]
    names = ["Order sent", "Letter and bill", f"Date set by {carrier_of(port)}", "Numbers move"]
    whens = [on(Stage.SENT), on(Stage.RECEIVED, Stage.FILED), on(Stage.DATE), ""]
    if port.stage == Stage.REJECTED:
        names[2], whens[2] = f"Declined by {carrier_of(port)}", on(Stage.REJECTED)
    if port.stage == Stage.LETTER:
        whens[1] = "Uploaded, you said" if port.uploaded_at else "Waiting for you"
    if port.foc_on:
        whens[3] = day_words(port.foc_on, year)
    elif port.wished_on:
        whens[3] = f"You asked for {day_words(port.wished_on, year)}"
    return [
        Step(name, _state(port, index, place), when)
        for index, (name, when) in enumerate(zip(names, whens, strict=True))
    ]


def _state(port: Port, index: int, place: int) -> str:
    if index < place:
        return "done"
    if index > place:
        return "next"
    return "bad" if port.stage == Stage.REJECTED else "now"


def turn(port: Port, many: int) -> Turn:
    """What happens next, and who does it."""
    carrier = carrier_of(port)
    name, numbers = capital(carrier), "all numbers" if many != 1 else "the number"
    keep = f"Keep your service with {carrier} on until {numbers} work here."
    if port.missed_at:
        return Turn(
            "VoiceTel",
            "VoiceTel no longer lists this order.",
            "Ask VoiceTel's support what became of it. What we knew of it stays here.",
        )
    match port.stage:
        case Stage.SENT:
            return Turn("VoiceTel", "VoiceTel is checking the order.", keep)
        case Stage.LETTER if port.uploaded_at is None:
            text = f"VoiceTel then files the order with {carrier}. {keep}"
            said = f"Sign the letter and upload it with your latest bill from {carrier}."
            return Turn("Your turn", said, text, yours=True)
        case Stage.LETTER | Stage.RECEIVED:
            return Turn("VoiceTel", "VoiceTel is checking the letter and the bill.", keep)
        case Stage.FILED:
            return Turn(name, f"{name} is reviewing the order.", keep)
        case Stage.REJECTED if port.corrected_at:
            return Turn(
                "VoiceTel",
                "Your correction is with VoiceTel.",
                f"VoiceTel files the order with {carrier} again, at no charge. {keep}",
                port.message or port.status,
            )
        case Stage.REJECTED:
            return Turn(
                "Your turn",
                f"{name} declined the order.",
                f"Your numbers still work at {carrier}. Correct what it names, and the same order"
                " goes back at no charge.",
                port.message or port.status,
                yours=True,
            )
        case Stage.DATE:
            on = day_words(port.foc_on, clock.about_now().year) if port.foc_on else "the date"
            return Turn(name, f"Your numbers move on {on}.", keep)
        case Stage.ARRIVED:
            return Turn(
                "Your turn",
                "Your numbers are here. Call each of them to check it.",
                f"Texts may go to {carrier} for some days yet. End your service there after that.",
                yours=True,
            )
    return Turn("Done", "The port is complete.", f"You can end your service with {carrier} now.")


TITLES: dict[str, str] = {
    Kind.ORDERED: "Order sent",
    Kind.SEEN: "First seen here",
    Kind.MESSAGE: "New message from VoiceTel",
    Kind.NUMBERS: "Numbers changed",
    Kind.ARRIVED: "Numbers arrived",
    Kind.GONE: "No longer listed at VoiceTel",
    Kind.BACK: "Listed at VoiceTel again",
}


def history(events: Iterable[PortEvent], zone: str) -> list[tuple[str, list[Moment]]]:
    """Events by day, the newest first."""
    newest = sorted(events, key=lambda event: (event.at, event.pk), reverse=True)
    return [
        (on, [moment_of(event, zone) for event in each])
        for on, each in groupby(newest, key=lambda event: day(event.at, zone))
    ]


def moment_of(event: PortEvent, zone: str) -> Moment:
    quote = event.now if event.kind in {Kind.STATUS, Kind.SEEN, Kind.MESSAGE, Kind.ORDERED} else ""
    said, tone = "", TONES.get(event.stage, "") if event.stage else ""
    match event.kind:
        case Kind.STATUS:
            name = Stage(event.stage).label if event.stage else "New status at VoiceTel"
        case Kind.DATE:
            name, said = "Date", _dates(event)
            tone = tone or "warn"
        case Kind.NOTED:
            name, tone, said = event.now, "good", event.was
        case _:
            name = TITLES[event.kind]
    if event.kind == Kind.ARRIVED:
        said = ", ".join(phone(number) for number in event.now.split(", "))
    return Moment(name, tone, quote, said, _seen(event, zone), moment(event.at, zone), event.by)


def _dates(event: PortEvent) -> str:
    was, now = (
        day_words(date.fromisoformat(each), event.at.year) if each else "No date"
        for each in (event.was, event.now)
    )
    return f"{was} → {now}" if event.was else f"{now}, set by the old carrier"


def _seen(event: PortEvent, zone: str) -> str:
    """Seen 2:02 PM, not yet at 12:05 PM."""
    at = hour(event.at.astimezone(zone_of(zone)))
    if event.by or event.kind == Kind.ORDERED:
        return at
    if event.before_at is None:
        return f"Seen {at}"
    return f"Seen {at}, not yet at {clock_of(event.before_at, zone, since=event.at)}"


def what_was_sent(bill: dict[str, str], routes: Mapping[int, str]) -> list[tuple[str, str]]:
    """What the order said of the bill. The PIN was sent and is not kept."""
    if not bill:
        return []
    place = ", ".join(filter(None, (bill.get("street"), bill.get("unit"), bill.get("city"))))
    rows = [
        ("Name on bill", bill.get("name", "")),
        ("Signer", bill.get("authorized_by", "")),
        ("Service address", f"{place}, {bill.get('state', '')} {bill.get('zip', '')}"),
        ("Account", bill.get("account_number", "")),
        ("Billing number", phone(bill.get("billing_number", ""))),
        ("Calls go to", route_words(routes, int(bill["route"])) if bill.get("route") else ""),
        ("Caller name", bill.get("caller_name", "")),
    ]
    return [row for row in rows if row[1]]
