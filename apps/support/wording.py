"""The text of a message on its way to VoiceTel and back: HTML, with a reference as its last line.

VoiceTel's help desk takes HTML. That it passes on what the API gives it as it is, is assumed here
and nowhere else: markup that comes back escaped raises an alarm.
"""

import hashlib
import html
import re

import structlog

log = structlog.get_logger("support")
# No vowels, so that no reference is a word; no letters that are mistaken for a digit.
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
LENGTH = 8
WORD = "Reference"
_LAST = re.compile(rf"{WORD}:? ([{LETTERS}]{{{LENGTH}}})(?P<rest>(?:\s|&nbsp;|<[^>]*>)*)\Z")
_BREAKS = re.compile(r"(?:\s|&nbsp;|<br\s*/?>)+\Z")
_BY_STAFF = re.compile(r"\A\s*\[VoiceTel support, ([^\]]{1,80})\]\s*")


def reference_of(token: str) -> str:
    """The reference of what a form sends, from its token: the same for every press of it."""
    number = int.from_bytes(hashlib.sha256(token.encode()).digest()[:8])
    found = ""
    for _ in range(LENGTH):
        number, at = divmod(number, len(LETTERS))
        found += LETTERS[at]
    return found


def as_html(text: str, reference: str, *, opening: str = "") -> str:
    """What is sent: the text, escaped, each line's end a <br>, the reference last."""
    lines = f"{opening}{text.strip()}".replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "<br>".join([*map(html.escape, lines), "", f"{WORD} {reference}"])


def opening_of(first_name: str) -> str:
    """How a reply begins that staff send by the API, which writes in the customer's name."""
    return f"[VoiceTel support, {first_name}]\n"


def find_reference(body: str) -> str:
    """The reference that is a body's last line; "" where there is none."""
    found = _LAST.search(body.replace("\r", ""))
    if found is None:
        escaped = _LAST.search(html.unescape(body))
        if escaped is None or "&lt;br" not in body:
            return ""
        log.error("a message came back with its markup escaped", reference=escaped[1])
        found = escaped
    return str(found[1])


def without_reference(body: str) -> str:
    """A body as people read it: without the reference and the empty lines before it."""
    found = _LAST.search(body)
    if found is None:
        return body
    return _BREAKS.sub("", body[: found.start()]) + found["rest"].strip()


def without_opening(clean: str) -> str:
    """Cleaned HTML of a reply of staff's, without its first line."""
    return _BREAKS_AHEAD.sub("", _BY_STAFF.sub("", clean))


_BREAKS_AHEAD = re.compile(r"\A(?:\s|<br\s*/?>)+")
