"""The text of a message in a ticket, on its way to VoiceTel: HTML, with a reference as its last
line, by which a lost answer is looked up.

VoiceTel's help desk takes HTML. That it passes on what the API gives it as it is, is assumed here
and nowhere else: markup that comes back escaped raises an alarm.
"""

import hashlib
import html
import re

import structlog

log = structlog.get_logger("changes")
# No vowels, so that no reference is a word; no letters that are mistaken for a digit.
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
LENGTH = 8
WORD = "Reference"
LAST = re.compile(rf"{WORD}:? ([{LETTERS}]{{{LENGTH}}})(?P<rest>(?:\s|&nbsp;|<[^>]*>)*)\Z")


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


def find_reference(body: str) -> str:
    """The reference that is a body's last line; "" where there is none."""
    found = LAST.search(body.replace("\r", ""))
    if found is None:
        escaped = LAST.search(html.unescape(body))
        if escaped is None or "&lt;br" not in body:
            return ""
        log.error("a message came back with its markup escaped", reference=escaped[1])
        found = escaped
    return str(found[1])
