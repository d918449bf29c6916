"""What is checked before it leaves: each check gives a sentence for what is wrong, or ""
(api/FACTS.md, Limits inside calls).
"""

import ipaddress
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from apps.voicetel.client.errors import Malformed

A_CALL = 300  # numbers in one query string: 1000 make an 11-13 KB URL, which many servers refuse

TEN_DIGITS = re.compile(r"[2-9][0-9]{2}[2-9][0-9]{2}[0-9]{4}")
EMAIL = re.compile(r"[^@\s,;<>\"()]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
HOST = re.compile(
    r"(?=.{1,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# IPv4 that nobody can be reached at. The blocks kept for examples are left to the provider's own
# judgement.
BLOCKS = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 "
    "192.0.0.0/24 192.168.0.0/16 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4"
)
UNROUTABLE = tuple(map(ipaddress.IPv4Network, BLOCKS.split()))


def refuse(**sentences: str) -> None:
    """Raises Malformed with the sentences that are not empty, by field."""
    wrong: Mapping[str, str] = {
        field: sentence for field, sentence in sentences.items() if sentence
    }
    if wrong:
        raise Malformed(wrong)


def number(value: object) -> str:
    """Ten digits, area code and exchange each beginning 2 to 9."""
    good = isinstance(value, str) and TEN_DIGITS.fullmatch(value)
    return (
        ""
        if good
        else (
            "A phone number has ten digits, such as 2015550123; area code and exchange begin with 2"
            " to 9."
        )
    )


def numbers(values: Collection[object], most: int) -> str:
    """One to `most` numbers, none of them twice."""
    if isinstance(values, str) or not values:
        return "Give at least one phone number."
    if len(values) > most:
        return f"At most {most} phone numbers go into one call."
    if len(set(values)) < len(values):
        return "A phone number stands twice in the list."
    return next((sentence for sentence in map(number, values) if sentence), "")


def some(value: object, what: str, most: int = 10_000) -> str:
    """Text that is not blank, without control characters."""
    if not isinstance(value, str) or not value.strip():
        return f"{what} is missing."
    return text(value, what, most)


def text(value: object, what: str, most: int = 10_000) -> str:
    """Text that may be blank."""
    if (
        not isinstance(value, str)
        or CONTROL.search(value)
        or (not value.isprintable() and not value.replace("\n", "").replace("\r", ""))
    ):
        return f"{what} has characters that cannot be sent."
    if len(value) > most:
        return f"{what} has at most {most} characters."
    return "" if encodes(value) else f"{what} has characters that cannot be sent."


def encodes(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


def identifier(value: object, what: str, least: int = 1, most: int = 2**63 - 1) -> str:
    """A whole number within bounds."""
    good = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    if good:
        return ""
    return (
        f"{what} is a whole number from {least} to {most}."
        if most < 2**31
        else f"{what} is a whole number, {least} or more."
    )


def flag(value: object, what: str) -> str:
    return "" if isinstance(value, bool) else f"{what} is on or off."


def one_of(value: object, what: str, words: Iterable[str]) -> str:
    words = tuple(words)
    return "" if value in words else f"{what} is one of {', '.join(words)}."


def matches(value: object, pattern: str, sentence: str) -> str:
    return "" if isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) else sentence


def email(value: object) -> str:
    good = isinstance(value, str) and len(value) <= 254 and EMAIL.fullmatch(value)
    return "" if good else "An email address looks like name@example.com."


def timezone(value: object) -> str:
    try:
        ZoneInfo(str(value))
    except (ValueError, OSError, LookupError):  # ZoneInfoNotFoundError is a KeyError
        return "A time zone is a name such as America/Chicago."
    return ""


def state(value: object) -> str:
    return matches(value, "[A-Z]{2}", "A state has two capital letters, such as NJ.")


def address(value: object) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a text is, or None."""
    try:
        return ipaddress.IPv4Address(value) if isinstance(value, str) else None
    except ValueError:
        return None


def host_and_port(value: object) -> str:
    """A public IPv4 address or a name, with an optional port.

    Whether the name resolves is for the provider to say.
    """
    wrong = (
        "An address is a public IPv4 address or a host name, with a port if need be, such as"
        " 203.0.113.10:5060."
    )
    if not isinstance(value, str):
        return wrong
    host, colon, port = value.partition(":")
    if colon and not (
        port.isdecimal() and port.isascii() and len(port) < 6 and 0 < int(port) < 65536
    ):
        return "A port is a number from 1 to 65535."
    if found := address(host):
        return (
            "That address cannot be reached from the internet."
            if any(found in block for block in UNROUTABLE)
            else ""
        )
    return "" if HOST.fullmatch(host) else wrong


def cidr(value: object) -> str:
    """A block of /8, /16, /24 or /32 in which every IPv4 address is public."""
    try:
        block = ipaddress.IPv4Network(value) if isinstance(value, str) and "/" in value else None
    except ValueError:
        block = None
    if block is None:
        return "A block is written like 203.0.113.0/24, beginning with its first address."
    if block.prefixlen not in (8, 16, 24, 32):
        return "A block's mask is /8, /16, /24 or /32."
    return (
        f"{value} cannot be reached from the internet."
        if any(block.overlaps(other) for other in UNROUTABLE)
        else ""
    )


def cidrs(values: Collection[object]) -> str:
    if isinstance(values, str) or not values:
        return "Give at least one block of addresses."
    return next((sentence for sentence in map(cidr, values) if sentence), "")


def web_address(value: object, schemes: Collection[str] = ("https",)) -> str:
    """A public web address. It is the provider that will fetch it: nothing is looked up here."""
    wrong = (
        f"A web address begins with {schemes[0] if isinstance(schemes, tuple) else 'https'}:// and"
        " names a public host."
    )
    try:
        parts = (
            urlsplit(value)
            if isinstance(value, str)
            and value.isascii()
            and value.isprintable()
            and " " not in value
            else None
        )
        port = parts.port if parts else None
    except ValueError:
        return wrong
    if (
        parts is None
        or parts.scheme not in schemes
        or not parts.hostname
        or parts.username
        or parts.password
        or port == 0
    ):
        return wrong
    return "" if not host_and_port(parts.hostname) else wrong


def aware(value: object, what: str) -> str:
    return "" if isinstance(value, datetime) and value.tzinfo else f"{what} needs its time zone."


def span(
    newest: datetime | None, oldest: datetime | None, newer: str, older: str
) -> dict[str, int]:
    """A time range as the provider wants it: Unix seconds, and the *newer* end under the name that
    sounds like the beginning.
    """
    moments = {"newest": newest, "oldest": oldest}
    refuse(**{name: aware(at, "A moment") for name, at in moments.items() if at is not None})
    if newest and oldest and newest < oldest:
        refuse(newest="The newest moment lies before the oldest.")
    ends = ((newer, newest), (older, oldest))
    return {name: int(at.timestamp()) for name, at in ends if at is not None}


def given(**fields: object) -> dict[str, object]:
    """The fields that are not None: what is left out stays as it is there."""
    return {name: value for name, value in fields.items() if value is not None}


def each(checks: Mapping[str, tuple[object, str]]) -> None:
    """Refuses the sentences of those fields that were given at all."""
    refuse(**{name: sentence for name, (value, sentence) in checks.items() if value is not None})
