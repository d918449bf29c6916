"""What the pages of a trunk show, from our own rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network

from apps.accounts.models import Account
from apps.copies.models import Copy
from apps.numbers.facets import Facets, route_key
from apps.numbers.models import NUMBERS, Gateway
from apps.numbers.traits import FORWARDED
from apps.trunking import ranges
from apps.trunking.guard import Device, Routed, Setup
from apps.trunking.models import AclEntry, GatewayReading, Trunk
from apps.trunking.services import address_of, host_of
from apps.trunking.types import Kind, kind_of, words_of
from apps.voicetel import clock

FOLLOWS = frozenset({"USER", "DID"})  # system routes that need the registration
OLD = timedelta(days=1)  # a registration older than this is asked for when its page is opened
DETAIL = timedelta(minutes=3)  # a gateway's page has it read alone when it's older than this
POLLS = 8  # a page looks so often for a newer answer, two seconds apart


@dataclass(frozen=True, slots=True)
class Counts:
    """How many numbers each route has, by VoiceTel's id; forwarded ones skip theirs."""

    by_route: dict[int | None, int]
    forwarded: int
    held: int


@dataclass(frozen=True)
class Standing:
    """All that is known of an account's trunk. Four queries, whatever it has."""

    trunk: Trunk | None
    entries: Sequence[AclEntry]
    gateways: Sequence[Gateway]
    counts: Counts

    @property
    def kind(self) -> Kind:
        return kind_of(self.words)

    @property
    def words(self) -> str:
        """VoiceTel's words for what is in force; those known for the number until it told them."""
        if self.trunk is None or self.trunk.auth_type is None:
            return ""
        return self.trunk.auth_words or words_of(self.trunk.auth_type)

    @property
    def own(self) -> list[Gateway]:
        return [each for each in self.gateways if not each.system]

    @property
    def listed(self) -> tuple[IPv4Network, ...]:
        return tuple(ranges.networks(each.cidr for each in self.entries))

    @property
    def registered(self) -> bool | None:
        """Whether a device was registered when it was last asked; None: never asked."""
        if self.trunk is None or self.trunk.registration_at is None:
            return None
        if self.trunk.registration_failed and not self.trunk.uri:
            return None
        return bool(self.trunk.uri)

    @property
    def differs(self) -> bool:
        """Whether VoiceTel's words are other than those of the type that was chosen here."""
        trunk = self.trunk
        return bool(
            trunk
            and trunk.chosen is not None
            and trunk.auth_words
            and (trunk.auth_type != trunk.chosen)
        )


def find_standing(account: Account) -> Standing:
    """An account's trunk as our rows have it."""
    return Standing(
        Trunk.objects.of(account).first(),
        list(AclEntry.objects.of(account).order_by("first", "last")),
        list(Gateway.objects.of(account).order_by("system", "address", "gateway")),
        count_routes(account),
    )


def count_routes(account: Account) -> Counts:
    """From the counts that the copy of numbers keeps. One query."""
    copy = Copy.objects.of(account).filter(name=NUMBERS).first()
    cells = Facets.load(copy.facts).cells if copy else {}
    by_route: dict[int | None, int] = {}
    forwarded = 0
    for (traits, key), many in cells.items():
        if traits & FORWARDED:
            forwarded += many
        else:
            route = int(key) if key != route_key(None) else None
            by_route[route] = by_route.get(route, 0) + many
    return Counts(by_route, forwarded, sum(cells.values()))


def setup_of(standing: Standing) -> Setup:
    """What the guard asks of a trunk."""
    trunk = standing.trunk
    devices: list[Device] = []
    host = host_of(trunk.uri) if trunk else ""
    if trunk and host:
        same = [each for each in standing.own if address_of(each.address) == address_of(host)]
        if not (same and address_of(host)):
            name = trunk.agent or "Registered device"
            devices.append(Device("device", name, host, address_of(host), registered=True))
    for each in standing.own:
        address = address_of(each.address)
        registered = address is not None and address == address_of(host)
        about = each.address if each.name else ""
        key = str(each.gateway)
        devices.append(Device(key, str(each), about, address, registered=registered))
    return Setup(
        kind=standing.kind,
        listed=standing.listed,
        registered=standing.registered,
        devices=tuple(devices),
        routes=tuple(routes_of(standing)),
        forwarded=standing.counts.forwarded,
    )


def routes_of(standing: Standing) -> list[Routed]:
    """The routes that numbers have, own gateways first."""
    counts = standing.counts.by_route
    known = {each.gateway for each in standing.gateways}
    found = [
        Routed(
            str(each),
            counts[each.gateway],
            each.gateway,
            follows=each.system and each.address in FOLLOWS,
            system=each.system,
        )
        for each in standing.gateways
        if counts.get(each.gateway)
    ]
    return found + [
        Routed(f"Gateway {route}", many, route)
        for route, many in counts.items()
        if route is not None and route not in known
    ]


def find_reading(account: Account, gateway: int) -> GatewayReading | None:
    """What VoiceTel said of that gateway when it was last read alone."""
    return GatewayReading.objects.of(account).filter(gateway=gateway).first()


def registration_is_old(trunk: Trunk | None) -> bool:
    """Whether the page of the trunk has it asked for again."""
    at = trunk.registration_at if trunk else None
    return at is None or clock.about_now() - at > OLD


def reading_is_old(reading: GatewayReading | None) -> bool:
    """Whether the page of a gateway has it read again."""
    return reading is None or clock.about_now() - reading.read_at > DETAIL
