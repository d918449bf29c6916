"""What is checked before it leaves: each check gives a sentence for what is wrong, or "" (api/FACTS.md, Limits inside calls)."""

import re
from collections.abc import Mapping
from datetime import datetime

from apps.voicetel.client.errors import Malformed

TEN_DIGITS = re.compile(r"[2-9][0-9]{2}[2-9][0-9]{2}[0-9]{4}")


def refuse(**sentences: str) -> None:
    """Raises Malformed with the sentences that are not empty, by field."""
    wrong: Mapping[str, str] = {field: sentence for field, sentence in sentences.items() if sentence}
    if wrong:
        raise Malformed(wrong)


def number(value: object) -> str:
    """Ten digits, area code and exchange each beginning 2 to 9."""
    good = isinstance(value, str) and TEN_DIGITS.fullmatch(value)
    return "" if good else "A phone number has ten digits, such as 2015550123; area code and exchange begin with 2 to 9."


def some(value: object, what: str) -> str:
    """Text that is not blank."""
    return "" if isinstance(value, str) and value.strip() else f"{what} is missing."


def identifier(value: object, what: str) -> str:
    """A positive whole number."""
    good = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63
    return "" if good else f"{what} is a positive whole number."


def span(newest: datetime | None, oldest: datetime | None, newer: str, older: str) -> dict[str, int]:
    """A time range as the provider wants it: Unix seconds, and the *newer* end under the name that sounds like the beginning."""
    moments = {"newest": newest, "oldest": oldest}
    refuse(**{name: "A moment needs its time zone." for name, at in moments.items() if at is not None and at.tzinfo is None})
    if newest and oldest and newest < oldest:
        refuse(newest="The newest moment lies before the oldest.")
    ends = ((newer, newest), (older, oldest))
    return {name: int(at.timestamp()) for name, at in ends if at is not None}
