"""Reading a list of addresses as people paste it: lines, commas, ranges, hosts, netmasks.

Nothing here asks anyone. VoiceTel takes public IPv4 ranges of /8, /16, /24 and /32.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, collapse_addresses, summarize_address_range

from apps.voicetel.client.checks import UNROUTABLE

MASKS = (8, 16, 24, 32)
A_CALL = 50  # ranges that one change adds
LONGEST = 20_000  # characters that are read
WIDE = 16  # a mask this short or shorter is typed to be confirmed

NETMASK = re.compile(r"/(\d{1,3}(?:\.\d{1,3}){3})$")
PORT = re.compile(r"^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$")
DASH = re.compile(r"\s*(?:-|–|—|\bto\b)\s*")
OCTETS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
FEWER = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,2}")
NAME = re.compile(r"[a-z0-9_-]*[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)+\.?", re.IGNORECASE)
COMMENT = re.compile(r"(?:#|//).*")
SEPARATOR = re.compile(r"[\s,;]+")
AROUND_DASH = re.compile(rf"({OCTETS.pattern})\s*(?:-|–|—|\bto\b)\s*({OCTETS.pattern}|\d{{1,3}})\b")


@dataclass(frozen=True, slots=True)
class Refused:
    """A piece of what was typed that can't be added, and why."""

    typed: str
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to read a piece. value: what the form posts for it."""

    value: str
    says: str
    ranges: tuple[IPv4Network, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A piece that can be read in more than one way. name: of its field."""

    typed: str
    name: str
    says: str
    choices: tuple[Choice, ...]


@dataclass
class Reading:
    """What a text says. ranges: to be added, in order; asks: pieces still to be decided."""

    ranges: list[IPv4Network] = field(default_factory=list)
    asks: list[Question] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def wide(self) -> list[IPv4Network]:
        """The /8s and /16s, which are typed to be confirmed."""
        return [each for each in self.ranges if each.prefixlen <= WIDE]

    @property
    def addresses(self) -> int:
        """How many addresses they have together."""
        return sum(each.num_addresses for each in self.ranges)


class _Unread(ValueError):
    """A piece that is no range; the sentence says why."""


def read(typed: str, listed: Collection[IPv4Network], picked: dict[str, str]) -> Reading:
    """Read a text against what is listed already. picked: the answers given so far, by a question's
    name.
    """
    found = Reading()
    if len(typed) > LONGEST:
        found.refused.append(Refused(f"{len(typed):,} characters", "That's too long to read."))
        return found
    for piece in pieces(typed):
        try:
            meant = _meant(piece)
        except _Unread as wrong:
            found.refused.append(Refused(piece[:80], str(wrong)))
            continue
        if isinstance(meant, Question):
            chosen = [each for each in meant.choices if each.value == picked.get(meant.name)]
            if not chosen:
                found.asks.append(meant)
            meant = chosen[0].ranges if chosen else ()
        for each in meant:
            why = _no_use(each, listed, found.ranges)
            if why:
                found.refused.append(Refused(piece[:80] if len(meant) == 1 else str(each), why))
            else:
                found.ranges.append(each)
    _drop_covered(found)
    if len(found.ranges) > A_CALL:
        more = f"{len(found.ranges)} ranges"
        why = f"Add {A_CALL} ranges at a time at most, or widen them."
        found.refused, found.ranges = [*found.refused, Refused(more, why)], []
    return found


def _drop_covered(found: Reading) -> None:
    """Without those that a wider one, further on in the text, covers."""
    for each in list(found.ranges):
        wider = [other for other in found.ranges if other != each and each.subnet_of(other)]
        if wider:
            found.ranges.remove(each)
            found.refused.append(Refused(str(each), _covered(each, wider[0])))


def _covered(network: IPv4Network, cover: IPv4Network) -> str:
    return f"{cover}, which you're adding too, covers {network} already."


def pieces(typed: str) -> list[str]:
    """The pieces of a text, each once, in order; comments and words of a config are left out."""
    found: list[str] = []
    for line in typed.splitlines():
        rest = COMMENT.sub("", line)
        rest = AROUND_DASH.sub(r"\1-\2", rest)
        for part in SEPARATOR.split(rest):
            bare = part.strip("\"'()[]{}<>.")
            bare = re.sub(r"^(?:permit|allow|match|ip|cidr|acl)\s*[=:]\s*", "", bare, flags=re.I)
            if bare and bare.lower() not in {"permit", "allow", "match", "and", "or", "="}:
                found.append(bare)
    return list(dict.fromkeys(found))


def _meant(piece: str) -> tuple[IPv4Network, ...] | Question:
    """The ranges of a piece, or the question that it raises. Raises _Unread."""
    if with_port := PORT.match(piece):
        piece = with_port[1]
    if "-" in piece and (span := AROUND_DASH.fullmatch(piece)):
        return _span(piece, span[1], span[2])
    if piece.count(":") > 1:
        raise _Unread("That's an IPv6 address. VoiceTel's access list takes IPv4 only.")
    host, slash, mask = piece.partition("/")
    if not OCTETS.fullmatch(host):
        raise _Unread(_why_no_address(host))
    address = _address(host)
    if not slash:
        return (IPv4Network(address),)
    length = _length(mask)
    network = IPv4Network((address, length), strict=False)
    if length not in MASKS:
        return _other_mask(piece, network)
    if network.network_address != address:
        return _host_bits(piece, address, network)
    return (network,)


def _why_no_address(host: str) -> str:
    if NAME.fullmatch(host):
        return "That's a name. The access list takes addresses only: look the name up first."
    if FEWER.fullmatch(host):
        return "An IPv4 address has four parts, such as 198.51.100.24."
    return "We can't read this as an address."


def _address(host: str) -> IPv4Address:
    parts = [int(part) for part in host.split(".")]
    if any(part > 255 for part in parts):
        raise _Unread("Each part of an IPv4 address is 255 at most.")
    return IPv4Address(bytes(parts))  # 010 is ten, never eight


def _length(mask: str) -> int:
    """The length of a mask: 24, or 255.255.255.0."""
    if OCTETS.fullmatch(mask):
        bits = f"{int(_address(mask)):032b}"
        if "01" in bits:
            raise _Unread(f"{mask} isn't a netmask.")
        return bits.count("1")
    if not (mask.isascii() and mask.isdigit() and len(mask) < 3 and int(mask) <= 32):
        raise _Unread("The part after / is a number from 8 to 32.")
    return int(mask)


def _host_bits(piece: str, address: IPv4Address, network: IPv4Network) -> Question:
    """198.51.100.24/24: the address, or the network that it is in?"""
    one = IPv4Network(address)
    return Question(
        piece,
        _name(piece),
        f"{piece} is an address inside {network}. Which do you mean?",
        (
            Choice("one", f"Only {address}", (one,)),
            Choice("all", f"All of {network}: {network.num_addresses:,} addresses", (network,)),
        ),
    )


def _span(piece: str, begin: str, end: str) -> tuple[IPv4Network, ...] | Question:
    """From one address to another."""
    first = _address(begin)
    last = _address(end if "." in end else f"{begin.rpartition('.')[0]}.{end}")
    if last < first:
        raise _Unread("The range ends before it begins.")
    exact = list(summarize_address_range(first, last))
    if all(each.prefixlen in MASKS for each in exact) and len(exact) <= A_CALL:
        return tuple(exact)
    return _split_or_widen(piece, exact, int(last) - int(first) + 1)


def _other_mask(piece: str, network: IPv4Network) -> Question:
    return _split_or_widen(piece, [network], network.num_addresses)


def _split_or_widen(piece: str, blocks: list[IPv4Network], addresses: int) -> Question:
    """Blocks of masks that VoiceTel doesn't take: as smaller ones, or as the ranges around them."""
    many = sum(1 << (_next_mask(each.prefixlen) - each.prefixlen) for each in blocks)
    wider = tuple(sorted(collapse_wide(blocks)))
    choices: list[Choice] = []
    if many <= A_CALL:
        split = tuple(
            part for each in blocks for part in each.subnets(new_prefix=_next_mask(each.prefixlen))
        )
        says = f"Exactly these {addresses:,} addresses, as {many} ranges"
        choices.append(Choice("split", says, split))
    if len(wider) <= A_CALL and not any(map(_reserved, wider)):
        names = ", ".join(map(str, wider[:3])) + (" …" if len(wider) > 3 else "")
        total = sum(each.num_addresses for each in wider)
        says = f"Everything in {names}: {total:,} addresses"
        choices.append(Choice("wide", says, wider))
    if not choices:
        raise _Unread(
            f"VoiceTel takes /8, /16, /24 and /32. This would be {many:,} ranges; add {A_CALL} at a"
            " time at most."
        )
    says = f"VoiceTel takes /8, /16, /24 and /32, so {piece} can't be added as it is."
    return Question(piece, _name(piece), says, tuple(choices))


def collapse_wide(blocks: Iterable[IPv4Network]) -> set[IPv4Network]:
    """The smallest ranges that VoiceTel takes around each block, without those inside another."""
    around = {
        each.supernet(new_prefix=max(mask for mask in MASKS if mask <= each.prefixlen))
        if each.prefixlen >= MASKS[0]
        else each
        for each in blocks
    }
    return {
        each
        for each in around
        if each.prefixlen >= MASKS[0]
        and not any(each != other and each.subnet_of(other) for other in around)
    }


def _next_mask(length: int) -> int:
    return min(mask for mask in MASKS if mask >= length)


def _name(piece: str) -> str:
    return f"pick-{piece}"[:60]


def _reserved(network: IPv4Network) -> IPv4Network | None:
    """The reserved block that it overlaps."""
    return next((each for each in UNROUTABLE if network.overlaps(each)), None)


def _no_use(
    network: IPv4Network, listed: Collection[IPv4Network], new: Collection[IPv4Network]
) -> str:
    """Why a range is not added; "" where it is."""
    if block := _reserved(network):
        return (
            f"{network} overlaps {block}, which isn't reachable on the internet. Use your"
            " system's public address."
        )
    if network in listed:
        return f"{network} is on the list already."
    if network in new:
        return f"{network} is in your text twice."
    if cover := next((each for each in listed if network.subnet_of(each)), None):
        return f"{cover} is on the list, and covers {network} already."
    if cover := next((each for each in new if network.subnet_of(each)), None):
        return _covered(network, cover)
    return ""


def networks(cidrs: Iterable[str]) -> list[IPv4Network]:
    """Ranges of our rows; what is none is left out."""
    found: list[IPv4Network] = []
    for cidr in cidrs:
        try:
            found.append(IPv4Network(cidr, strict=False))
        except ValueError:
            continue
    return found


def covers(listed: Iterable[IPv4Network], address: IPv4Address | None) -> bool:
    """Whether one of the ranges has that address."""
    return address is not None and any(address in each for each in listed)


def merged(listed: Iterable[IPv4Network]) -> int:
    """How many addresses the ranges have together, each counted once."""
    return sum(each.num_addresses for each in collapse_addresses(listed))
