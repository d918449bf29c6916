"""Sentences that judge a trunk: what is well, what fails, and what to know before a change."""

from dataclasses import dataclass

from apps.numbers.models import Gateway
from apps.trunking import ranges
from apps.trunking.guard import Routed
from apps.trunking.selectors.standing import Standing, routes_of
from apps.trunking.services import address_of
from apps.trunking.types import Kind
from apps.ui.format import count


@dataclass(frozen=True, slots=True)
class Judgment:
    """A sentence about a trunk. tone: good, warn, bad; strong: its first words."""

    tone: str
    strong: str
    text: str
    action: str = ""
    href: str = ""

    @property
    def icon(self) -> str:
        return "check-circle" if self.tone == "good" else "exclamation-triangle"


def judge(standing: Standing) -> list[Judgment]:
    """What is to be said, worst first."""
    if standing.kind is Kind.UNKNOWN and not standing.words:
        return []
    follow = sum(each.numbers for each in routes_of(standing) if each.follows)
    found = [
        *_type(standing),
        *_registration(standing, follow),
        *_gateways(standing),
        *_unlisted(standing),
    ]
    order = ("bad", "warn", "good")
    return sorted(found, key=lambda each: order.index(each.tone))


def headline(found: list[Judgment]) -> str:
    """The sentence above them."""
    bad = sum(each.tone == "bad" for each in found)
    warn = sum(each.tone == "warn" for each in found)
    if bad:
        return "Some calls can't get through."
    if warn:
        known = "One thing" if warn == 1 else f"{warn} things"
        return f"Calls work. {known} to know before you change anything."
    return "Calls work both ways." if found else ""


def _type(standing: Standing) -> list[Judgment]:
    if standing.differs:
        return [
            Judgment(
                "bad",
                f"VoiceTel says “{standing.words}”.",
                "That isn't the type that was chosen here.",
                "Review authentication",
                "/trunking/authentication/",
            )
        ]
    if standing.kind in {Kind.IP, Kind.STRICT} and not standing.entries:
        return [
            Judgment(
                "bad",
                "Your access list is empty.",
                "VoiceTel takes calls from listed addresses only, so nothing can call out.",
                "Add your addresses",
                "/trunking/acl/",
            )
        ]
    if standing.kind is Kind.UNKNOWN:
        return [
            Judgment(
                "warn",
                f"We don't know what “{standing.words}” lets in.",
                "The tables on these pages say “not known” for it.",
            )
        ]
    return []


def _registration(standing: Standing, follow: int) -> list[Judgment]:
    if standing.kind is Kind.IP:
        if not follow:
            return []
        return [
            Judgment(
                "bad",
                f"{count(follow, 'number')} can't ring.",
                "They follow a registration, and with IP alone there is none. Route them to a"
                " gateway.",
                "View routes",
                "/numbers/routes/",
            )
        ]
    if standing.registered is None:
        if not follow:
            return []
        text = f"{count(follow, 'number')} follow it, and ring only while it is."
        return [Judgment("warn", "We don't know whether your phone system is registered.", text)]
    if standing.registered:
        tail = f", so the {count(follow, 'number')} that follow it ring." if follow else "."
        return [Judgment("good", "Your phone system is registered", tail)]
    if follow:
        return [
            Judgment(
                "bad",
                "Nothing is registered.",
                f"{count(follow, 'number')} follow the registration and can't ring.",
                "Set up a phone system",
                "/trunking/guide/asterisk/",
            )
        ]
    if standing.kind is Kind.DIGEST and not standing.own:
        return [
            Judgment(
                "warn",
                "Nothing is registered.",
                "Your numbers don't follow the registration, so they still ring.",
            )
        ]
    return []


def _gateways(standing: Standing) -> list[Judgment]:
    counts = standing.counts
    lost = counts.by_route.get(None, 0)
    found: list[Judgment] = []
    if lost:
        found.append(
            Judgment(
                "bad",
                f"{count(lost, 'number')} {'has' if lost == 1 else 'have'} no route.",
                "Calls to them don't reach anyone.",
                "View numbers",
                "/numbers/?route=",
            )
        )
    empty = [each for each in standing.own if not counts.by_route.get(each.gateway)]
    used: list[Routed] = [each for each in routes_of(standing) if not each.system]
    if used and not empty and not lost:
        both = {1: "Your gateway has", 2: "Both gateways have"}.get(
            len(used), f"All {len(used)} gateways have"
        )
        found.append(
            Judgment("good", f"{both} numbers", ", and every number has somewhere to ring.")
        )
    return found


def _unlisted(standing: Standing) -> list[Judgment]:
    """Gateways that the access list doesn't cover."""
    found: list[Judgment] = []
    for each in standing.own:
        address = address_of(each.address)
        if address is None or ranges.covers(standing.listed, address):
            continue
        found.append(_not_listed(standing, each, str(address)))
    return found


def _not_listed(standing: Standing, gateway: Gateway, address: str) -> Judgment:
    needs = standing.kind in {Kind.IP, Kind.STRICT}
    text = (
        "It can't call out."
        if needs
        else "That's fine with a password. It couldn't call out if you switched to IP only."
    )
    return Judgment(
        "bad" if needs else "warn",
        f"{gateway} isn't on your access list.",
        text,
        f"Add {address}",
        f"/trunking/acl/?add={address}",
    )
