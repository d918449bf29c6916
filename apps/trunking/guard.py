"""The lock-out guard: what works now, and what works after a change. No queries, no calls.

Authentication decides whether VoiceTel takes a call from a system. A number's route decides where
it rings, and only routes that follow the registration depend on authentication.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from apps.trunking.ranges import covers
from apps.trunking.types import Kind
from apps.ui.format import count

OUT, IN, LISTED = "Calling out", "Ringing", "Access list"


@dataclass(frozen=True, slots=True)
class Device:
    """A system that may call out. key: a gateway's id, or "device". address: None where its name
    isn't looked up here. registered: it is the device that was registered, so it has the password.
    """

    key: str
    name: str
    about: str
    address: IPv4Address | None
    registered: bool = False


@dataclass(frozen=True, slots=True)
class Routed:
    """A route with numbers, those that are forwarded not counted. follows: it needs the
    registration. route: VoiceTel's id.
    """

    name: str
    numbers: int
    route: int
    follows: bool = False
    system: bool = False


@dataclass(frozen=True, slots=True)
class Setup:
    """How an account's trunk stands. registered: None where it isn't known. turned: the password is
    new, and no device has it yet.
    """

    kind: Kind
    listed: tuple[IPv4Network, ...] = ()
    registered: bool | None = None
    devices: tuple[Device, ...] = ()
    routes: tuple[Routed, ...] = ()
    forwarded: int = 0
    turned: bool = False

    @property
    def device(self) -> Device | None:
        """The one that is registered."""
        return next((each for each in self.devices if each.registered), None)


@dataclass(frozen=True, slots=True)
class Works:
    """Whether something works, and how or why not. yes: None where that isn't known."""

    yes: bool | None
    says: str

    @property
    def tone(self) -> str:
        return {True: "good", False: "bad", None: "warn"}[self.yes]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: something that works now or not, and after. key: the device, route or
    range that it is about.
    """

    key: str
    group: str
    what: str
    about: str
    now: Works
    after: Works
    # what would mend it: "list" (an address to be listed), "route" (an id)
    mends: str = ""
    at: str = ""

    @property
    def stops(self) -> bool:
        return self.now.yes is True and self.after.yes is False

    @property
    def may_stop(self) -> bool:
        return self.now.yes is True and self.after.yes is None

    @property
    def starts(self) -> bool:
        return self.now.yes is False and self.after.yes is True


@dataclass(frozen=True, slots=True)
class Table:
    """What a change does to everything that works."""

    rows: tuple[Row, ...]

    @property
    def stops(self) -> list[Row]:
        return [row for row in self.rows if row.stops]

    @property
    def may_stop(self) -> list[Row]:
        return [row for row in self.rows if row.may_stop]

    @property
    def word(self) -> str:
        """What must be typed; "" where nothing stops."""
        many = len(self.stops) + len(self.may_stop)
        return f"stop {many}" if many else ""

    def sentence(self, doing: str) -> str:
        """What the change stops. doing: "Switching to IP"."""
        stops, may = len(self.stops), len(self.may_stop)
        if stops and may:
            return f"{doing} stops {count(stops, 'thing')} that work now, and may stop {may} more."
        if stops:
            return f"{doing} stops {count(stops, 'thing')} that {_works(stops)} now."
        if may:
            return f"{doing} may stop {count(may, 'thing')} that {_works(may)} now."
        return f"{doing} stops nothing that works now."

    def about(self, networks: Iterable[IPv4Network]) -> "Table":
        """Without the ranges that the change leaves as they are."""
        keys = set(map(str, networks))
        return Table(tuple(row for row in self.rows if row.group != LISTED or row.key in keys))

    def of(self, *keys: str) -> "Table":
        """The rows about these alone."""
        return Table(tuple(row for row in self.rows if row.key in keys))

    @property
    def groups(self) -> list[tuple[str, list[Row]]]:
        """The rows under their headings."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.group, []).append(row)
        return list(found.items())


def _works(many: int) -> str:
    return "works" if many == 1 else "work"


def compare(now: Setup, after: Setup) -> Table:
    """Every system, route and range of either, before and after."""
    before = {each.key: each for each in now.devices}
    then = {each.key: each for each in after.devices}
    rows = [_device(before.get(key, then[key]), then[key], now, after) for key in then]
    rows += [_route(each, now, after) for each in now.routes if each.numbers]
    if now.forwarded:
        rings = Works(True, "Rings")
        what = count(now.forwarded, "forwarded number")
        rows.append(Row("forwarded", IN, what, "", rings, rings))
    every = [*now.listed, *(each for each in after.listed if each not in now.listed)]
    rows += [_range(each, now, after) for each in sorted(every)]
    return Table(tuple(rows))


def _device(was: Device, device: Device, now: Setup, after: Setup) -> Row:
    has = has_password(was, now)
    before = calls_out(was, now, has)
    then = calls_out(device, after, has)
    lacks = then.yes is False and device.address and not covers(after.listed, device.address)
    mends = "list" if lacks and after.kind.uses_list and not after.turned else ""
    at = str(device.address or "")
    return Row(device.key, OUT, device.name, device.about, before, then, mends, at)


def has_password(device: Device, now: Setup) -> bool | None:
    """Whether a system has the password: it's registered, or calls that it makes now need it. None:
    it may have been let in by its address alone.
    """
    if device.registered or now.kind in {Kind.DIGEST, Kind.STRICT}:
        return True
    same = now.device
    if same and same.address and same.address == device.address:
        return True
    if now.kind is Kind.LAX and device.address and not covers(now.listed, device.address):
        return True
    return None


def calls_out(device: Device, setup: Setup, has: bool | None) -> Works:
    """Whether VoiceTel takes a call from it. has: whether it has the password; with setup.turned
    nobody has the new one yet.
    """
    kind, listed = setup.kind, covers(setup.listed, device.address)
    if kind is Kind.UNKNOWN:
        return Works(None, "Not known")
    by_password = _password(setup, has)
    if kind is Kind.DIGEST:
        return by_password
    if device.address is None and kind is not Kind.LAX:
        return Works(None, "Not known: it's a name")
    if kind is Kind.LAX:
        return Works(True, "Address is listed") if listed else by_password
    if not listed:
        return Works(False, "Not listed")
    if kind is Kind.STRICT:
        both = Works(True, "Password, and listed")
        return both if by_password.yes else by_password
    return Works(True, "Address is listed")


def _password(setup: Setup, has: bool | None) -> Works:
    if setup.turned:
        return Works(False, "Until it has the new password")
    return Works(True, "Password") if has else Works(None, "Only if it has the password")


def _route(route: Routed, now: Setup, after: Setup) -> Row:
    before, then = rings(route, now), rings(route, after)
    mends = "route" if before.yes and not then.yes and route.follows else ""
    what = f"{count(route.numbers, 'number')} to {route.name}"
    key = f"route:{route.route}"
    return Row(key, IN, what, "", before, then, mends, str(route.route))


def rings(route: Routed, setup: Setup) -> Works:
    """Whether calls to the numbers of a route arrive somewhere."""
    if not route.follows:
        return Works(True, "Rings")
    registers, device = setup.kind.registers, setup.device
    if registers is None:
        return Works(None, "Not known")
    if not registers:
        return Works(False, "No registration with IP alone")
    if setup.registered is None:
        return Works(None, "Only while registered")
    if not setup.registered:
        return Works(False, "Nothing is registered")
    if setup.turned:
        return Works(False, "Until it has the new password")
    if setup.kind is Kind.STRICT:
        if device is None or device.address is None:
            return Works(None, "Only from a listed address")
        if not covers(setup.listed, device.address):
            return Works(False, "The device isn't listed")
    return Works(True, "Rings while registered")


def _range(network: IPv4Network, now: Setup, after: Setup) -> Row:
    what = f"Calls from {network}"
    about = count(network.num_addresses, "address", "addresses")
    before, then = lets_in(network, now), lets_in(network, after)
    return Row(str(network), LISTED, what, about, before, then)


def lets_in(network: IPv4Network, setup: Setup) -> Works:
    """Whether calls from the addresses of a range are taken."""
    listed = any(network.subnet_of(each) for each in setup.listed)
    match setup.kind:
        case Kind.UNKNOWN:
            return Works(None, "Not known")
        case Kind.DIGEST:
            return Works(None, "Only with the password")
        case Kind.LAX:
            says = "Taken" if listed else "Only with the password"
            return Works(True if listed else None, says)
        case Kind.STRICT:
            if not listed:
                return Works(False, "Not listed")
            return Works(not setup.turned, "Taken with the password")
        case _:
            return Works(listed, "Taken" if listed else "Not listed")


def addresses(cidrs: Iterable[IPv4Network]) -> str:
    """Up to three ranges by name, then how many more."""
    names = [str(each) for each in cidrs]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
