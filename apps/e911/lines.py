"""An address as five lines and a caller name: how VoiceTel's records become ours, how two are
compared, and how one is written on a page.
"""

from collections.abc import Mapping
from typing import Any

from apps.text import plain, shortened

# the columns of a place, with the longest text that each keeps
LONGEST = {"address1": 200, "address2": 200, "city": 100, "state": 40, "zip": 10}
PLACE = tuple(LONGEST)
WHOLE = ("caller_name", *PLACE)
Lines = dict[str, str]


def of_record(record: Any) -> Lines:
    """The lines of a record of VoiceTel's, or of an address of theirs that has no caller name."""
    found = {name: shortened(getattr(record, name) or "", most) for name, most in LONGEST.items()}
    name = getattr(record, "callername", None)
    return found if name is None else {"caller_name": shortened(name, 100), **found}


def of_row(row: Any) -> Lines:
    """The lines of a row of ours: a Record with its caller name, or an Address."""
    names = WHOLE if hasattr(row, "caller_name") else PLACE
    return {name: getattr(row, name) for name in names}


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both say the same place and caller name, however each is capitalized; of ZIP codes
    the five digits count.
    """
    return _folded(one) == _folded(other)


def same_place(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """The same without the caller name."""
    return _folded(one)[1:] == _folded(other)[1:]


def _folded(lines: Mapping[str, Any]) -> tuple[str, ...]:
    found = {name: plain(str(lines.get(name) or "")).casefold() for name in WHOLE}
    return (*(found[name] for name in WHOLE[:-1]), found["zip"][:5])


def on_one_line(lines: Mapping[str, Any] | None) -> str:
    """411 HACKENSACK AVE, STE 200, HACKENSACK, NJ 07601; "" for no address."""
    if not lines or not lines.get("address1"):
        return ""
    street = ", ".join(filter(None, (lines.get("address1"), lines.get("address2"))))
    return f"{street}, {town(lines)}"


def town(lines: Mapping[str, Any]) -> str:
    """HACKENSACK, NJ 07601."""
    return f"{lines.get('city', '')}, {lines.get('state', '')} {lines.get('zip', '')}".strip(" ,")
