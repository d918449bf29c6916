"""One number: its settings as the copy has them, and what may be chosen."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from apps import phones
from apps.accounts.models import Account
from apps.copies.models import Copy
from apps.numbers import pace
from apps.numbers.facets import Facets
from apps.numbers.international import dear
from apps.numbers.models import NUMBERS, Gateway, Number
from apps.numbers.models import route_shown as shown_by_address
from apps.ui.format import phone, rate
from apps.voicetel import clock

POLLS = 8  # a page looks so often for a newer answer, two seconds apart


@dataclass(frozen=True, slots=True)
class DetailAge:
    """The age line of one number.

    `mark`: a print of what is shown, so that a page knows when it shows something else.
    """

    read_at: datetime | None
    old: str
    wanted: bool
    stale: bool
    poll: bool
    tries: int
    mark: str


class NoSuchNumber(LookupError):
    """The account does not hold it, whoever else may."""


def get_number(account: Account, number: str) -> Number:
    """The account's number, ten digits, with `route_name`: the customer's own name for its route.
    Raises NoSuchNumber.
    """
    named = Gateway.objects.of(account).filter(gateway=OuterRef("route")).values("name")
    rows = Number.objects.of(account).annotate(route_name=Subquery(named[:1]))
    found = rows.filter(number=number).first()
    if found is None:
        raise NoSuchNumber(number)
    found.account = account
    return found


def ten_digits(typed: str) -> str:
    """The ten digits of a number typed in any form; "" for what is none."""
    try:
        return phones.ten_digits(typed)
    except phones.Unread:
        return ""


def route_shown(row: Number) -> str:
    """The route as a page says it; "" without one."""
    if row.route is None:
        return ""
    return getattr(row, "route_name", "") or shown_by_address(row.gateway, str(row.route))


def translated_shown(row: Number) -> str:
    """What the gateway gets as the called number; "" where that is the number itself."""
    return phone(row.translated) if row.translated and row.translated != row.number else ""


def shown(row: Number) -> dict[str, Any]:
    """What the head of the row's page says: {"phone", "label", "flags", "costs", "accepted"}.

    costs: where its calls go, if they cost more there; accepted: an owner has said that they may.
    """
    flags = ((row.sms, "SMS"), (row.fax, "Fax"), (row.cnam, "Caller name"))
    costs = dear(row.forward_to) if row.forward_to else None
    return {
        "phone": phone(row.number),
        "label": row.label,
        "flags": [word for on, word in flags if on],
        "costs": costs,
        "accepted": row.cost_seen == row.forward_to,
    }


@dataclass(frozen=True, slots=True)
class Step:
    """A station on the way of a call to a number. kind: caller, lookup, forward, route. skipped:
    calls pass it by.
    """

    kind: str
    icon: str
    name: str
    about: str = ""
    skipped: bool = False
    warns: bool = False


def path_of(row: Number) -> list[Step]:
    """What happens when someone calls the number, in order; the last that isn't skipped answers."""
    profile = getattr(row.account, "profile", None)
    price = profile.rates.get("cnam") if profile else None
    lookup = "Off" if not row.cnam else f"On, {rate(price)} a call" if price else "On"
    costs = dear(row.forward_to) if row.forward_to else None
    steps = [
        Step("caller", "user", "Caller", "Any phone"),
        Step("lookup", "identification", "Caller ID name lookup", lookup, skipped=not row.cnam),
    ]
    if row.forward_to:
        about = f"{costs.flag}: costs more" if costs else "All calls"
        name = f"Forwards to {phone(row.forward_to)}"
        steps.append(Step("forward", "phone-arrow-up-right", name, about, warns=costs is not None))
    routed = row.route is not None
    name = route_shown(row) or "No route"
    sent = translated_shown(row)
    about = f"As {sent}" if sent else "Your route" if routed else "Calls don't reach anyone"
    if row.forward_to:
        about = "Not used while forwarding is on"
    steps.append(
        Step(
            "route",
            "server-stack",
            name,
            about,
            skipped=bool(row.forward_to),
            warns=not routed and not row.forward_to,
        )
    )
    return steps


def detail_age(account: Account, row: Number, *, tries: int = 0) -> DetailAge:
    """How old what we know of this number is: by the list, by a look at it alone, or by a change of
    ours.
    """
    now = clock.about_now()
    listed = Copy.objects.of(account).filter(name=NUMBERS).values_list("read_at", flat=True).first()
    known = [at for at in (listed, row.detail_at, row.touched_at) if at]
    read_at = max(known, default=None)
    stale = read_at is None or now - read_at > pace.DETAIL
    poll = (
        (stale or targets_wanted(row)) and tries < POLLS and account.key_state == Account.Key.LIVE
    )
    old = "no newer answer from VoiceTel yet" if stale and not poll else ""
    seen = (row.route, row.gateway, row.forward_to, row.translated, row.sms, row.fax, row.cnam)
    targets = (row.label, row.fax_to, row.sms_type, row.sms_to)
    mark = f"{zlib.crc32(repr((*seen, *targets)).encode()):x}"
    wanted = poll and tries == 0
    return DetailAge(read_at, old, wanted=wanted, stale=stale, poll=poll, tries=tries, mark=mark)


def values_of(account: Account, numbers: Sequence[str], column: str) -> dict[str, Any]:
    """One value of our rows, by number; nothing for a number that we do not hold."""
    found = Number.objects.of(account).filter(number__in=numbers)
    return dict(found.values_list("number", column))


SMS_KINDS = {"email": "Email", "webhook": "Webhook", "sip": "SIP"}


def sms_words(kind: str, to: str) -> str:
    """Where inbound messages go, in words: "email to desk@example.com"."""
    found = {"email": "email to", "webhook": "the webhook", "sip": "SIP address"}.get(kind, "")
    return f"{found} {to}".strip()


def sms_shown(row: Number) -> str:
    """Where inbound messages go, as a page says it; "" where they go nowhere."""
    if not row.sms:
        return ""
    words = sms_words(row.sms_type, row.sms_to)
    return f"{words[:1].upper()}{words[1:]}" if row.sms_to else "On"


def fax_shown(row: Number) -> str:
    """Where faxes go, as a page says it; "" where they go nowhere."""
    return (row.fax_to or "On") if row.fax else ""


def fax_targets(account: Account, numbers: Sequence[str]) -> dict[str, str | None]:
    """Where the faxes of our rows go: an address, "" for nowhere, None where it isn't known."""
    found = Number.objects.of(account).filter(number__in=numbers)
    return {
        number: (to or None) if on else ""
        for number, on, to in found.values_list("number", "fax", "fax_to")
    }


def sms_targets(account: Account, numbers: Sequence[str]) -> dict[str, dict[str, str] | None]:
    """Where the inbound messages of our rows go: {"type", "to"}; {} for nowhere, None where it
    isn't known.
    """
    found = Number.objects.of(account).filter(number__in=numbers)
    return {
        number: ({"type": kind, "to": to} if to else None) if on else {}
        for number, on, kind, to in found.values_list("number", "sms", "sms_type", "sms_to")
    }


def targets_wanted(row: Number) -> bool:
    """Whether to read where faxes or messages go: not known, or a day old."""
    if row.fax or row.sms:
        return row.targets_at is None or clock.about_now() - row.targets_at > pace.TARGETS
    return False


def list_routes(account: Account) -> list[Gateway]:
    """Where calls may be routed to: system routes first, then the account's own gateways."""
    return list(Gateway.objects.of(account).order_by("-system", "address", "gateway"))


def list_route_names(account: Account) -> dict[int, str]:
    """What each of the account's routes is called, by the provider's id."""
    return {each.gateway: str(each) for each in Gateway.objects.of(account)}


@dataclass(frozen=True, slots=True)
class Route:
    """A route as the page of routes shows it. held: how many numbers are routed to it."""

    gateway: int
    shown: str
    about: str
    system: bool
    named: str
    held: int


def list_routes_held(account: Account) -> list[Route]:
    """The account's own gateways, then system routes, each with its numbers. Two queries."""
    copy = Copy.objects.of(account).filter(name=NUMBERS).first()
    counts = Facets.load(copy.facts).counts(())["route"] if copy else {}
    found = [
        Route(
            each.gateway,
            str(each),
            each.about,
            each.system,
            each.name,
            counts.get(str(each.gateway), 0),
        )
        for each in Gateway.objects.of(account)
    ]
    return sorted(found, key=lambda each: (each.system, each.shown.lower()))


def route_words(names: Mapping[int, str], route: int | None) -> str:
    """What a route is called; its id in words where our copy doesn't know it."""
    return "no route" if route is None else names.get(route) or f"gateway {route}"


def find_address(account: Account, route: int | None) -> str:
    """The address of a route, or the provider's name for it; its id in words where our copy doesn't
    know it.
    """
    if route is None:
        return "no route"
    found = Gateway.objects.of(account).filter(gateway=route)
    return found.values_list("address", flat=True).first() or f"gateway {route}"


def find_route_by_address(account: Account, address: str) -> str:
    """What the route with that address is called now."""
    found = Gateway.objects.of(account).filter(address=address).first()
    return str(found) if found else address


def find_route_name(account: Account, route: int | None) -> str:
    """route_words() of one route."""
    found = None if route is None else Gateway.objects.of(account).filter(gateway=route).first()
    return route_words({found.gateway: str(found)} if found else {}, route)
