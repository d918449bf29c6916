"""Who is seeded: accounts, their passwords and keys, the same every time.

The portal's demo reads this by dotted string.
"""

import hashlib
from dataclasses import dataclass

PASSWORD = "demo1234"  # noqa: S105 (the demo's, said aloud in the README)


@dataclass(frozen=True, slots=True)
class Person:
    """A seeded account. balance: micro-dollars; on: the services that it has."""

    username: str
    name: str
    email: str
    zone: str
    balance: int
    caller_id: str
    on: tuple[str, ...] = ("sms", "mms", "e911", "cnam", "rcid")
    admin: bool = False
    agent: str = ""


HARBOR = Person(
    "1000000001",
    "Harbor Dental",
    "harbor@demo.test",
    "America/New_York",
    184_250_000,
    "2015550110",
    agent="Yealink SIP-T46U 108.86.0.90",
)
NORTHWIND = Person(
    "1000000002",
    "Northwind Contact Center",
    "northwind@demo.test",
    "America/Chicago",
    2_415_600_000,
    "3125550100",
    agent="Asterisk PBX 20.9.2",
)
QUIET = Person(
    "1000000003", "Quiet Pines", "quiet@demo.test", "America/Denver", 1_000_000, "3035550142", on=()
)
LARK = Person(
    "1000000004", "Lark Studio", "lark@demo.test", "America/Los_Angeles", 40_000_000, "5035550141"
)
OPERATOR = Person(
    "9000000001",
    "VoiceTel operator",
    "operator@demo.test",
    "America/New_York",
    500_000_000,
    "2125550190",
    admin=True,
)
PEOPLE = (HARBOR, NORTHWIND, QUIET, LARK, OPERATOR)

SERVICES = ("sms", "mms", "e911", "intl", "cnam", "rcid", "dialer", "bypassMedia")
# Micro-dollars. did is a month of a number; nibble and intlMax a minute; the others one use each.
RATES = {
    "did": 500_000,
    "sms": 7_500,
    "mms": 20_000,
    "fax": 30_000,
    "lrn": 2_000,
    "cnam": 6_000,
    "nibble": 12_000,
    "tfAdj": 8_000,
    "intlMax": 250_000,
}


def key_of(username: str, seed: int = 1) -> str:
    """The API key of a seeded account: 32 hex digits."""
    return hashlib.blake2b(f"sandbox {seed} {username}".encode(), digest_size=16).hexdigest()
