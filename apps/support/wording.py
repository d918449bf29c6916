"""The text of a message on its way to VoiceTel and back: HTML, with a reference as its last line.

VoiceTel's help desk takes HTML. That it passes on what the API gives it as it is, is assumed here
and nowhere else: markup that comes back escaped raises an alarm.
"""

import re

from apps.changes.kit.reference import LAST, as_html, find_reference, reference_of

__all__ = [
    "as_html",
    "find_reference",
    "opening_of",
    "reference_of",
    "without_opening",
    "without_reference",
]

_BREAKS = re.compile(r"(?:\s|&nbsp;|<br\s*/?>)+\Z")
_BY_STAFF = re.compile(r"\A\s*\[VoiceTel support, ([^\]]{1,80})\]\s*")


def opening_of(first_name: str) -> str:
    """How a reply begins that staff send by the API, which writes in the customer's name."""
    return f"[VoiceTel support, {first_name}]\n"


def without_reference(body: str) -> str:
    """A body as people read it: without the reference and the empty lines before it."""
    found = LAST.search(body)
    if found is None:
        return body
    return _BREAKS.sub("", body[: found.start()]) + found["rest"].strip()


def without_opening(clean: str) -> str:
    """Cleaned HTML of a reply of staff's, without its first line."""
    return _BREAKS_AHEAD.sub("", _BY_STAFF.sub("", clean))


_BREAKS_AHEAD = re.compile(r"\A(?:\s|<br\s*/?>)+")
