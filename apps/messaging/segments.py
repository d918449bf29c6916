"""How a text is cut into segments and what it costs at most. Pure; static/js/messaging.js counts
by the same table, which the page carries.

GSM 03.38: 160 septets in one segment, 153 in each of several; a character of the extension table is
two septets and is never split. Any other character makes the whole text UCS-2: 70 UTF-16 units in
one segment, 67 in each of several; a surrogate pair is never split.
"""

import unicodedata
from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
GSM_ONE, GSM_MANY = 160, 153
UCS_ONE, UCS_MANY = 70, 67
DOCUMENT = 160  # characters that VoiceTel's document bills as one part, whatever the alphabet
LONGEST = 1600  # characters that VoiceTel takes
OUTER = " \t\n\v\f\u00a0\u3000"  # blanks that no text begins or ends with

# What phones and word processors put in place of a plain character.
PLAIN = {
    "‘": "'", "’": "'", "‚": ",", "‛": "'", "“": '"', "”": '"', "„": '"', "‟": '"', "′": "'",
    "″": '"', "«": '"', "»": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-",
    "−": "-", "…": "...", "•": "*", "·": ".", "\u00a0": " ", "\u2007": " ", "\u2009": " ",
    "\u200a": " ", "\u202f": " ", "\u3000": " ", "\t": " ", "`": "'", "´": "'", "×": "x",
    "\u200b": "", "\ufeff": "", "\u00ad": "", "\u2060": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Count:
    """units: septets, or UTF-16 units where `ucs`. odd: the characters that make it UCS-2, each
    once, in their order. left: units that still fit into the last segment.
    """

    segments: int
    units: int
    characters: int
    left: int
    odd: tuple[str, ...]

    @property
    def ucs(self) -> bool:
        return bool(self.odd)


def clean(text: str) -> str:
    """The one text that is counted, shown and sent: line ends as LF, no outer blanks, NFC."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip(OUTER)


def plainer(text: str) -> str:
    """The text with a plain character in place of each that has one; letters lose the accents that
    the alphabet lacks.
    """
    return "".join(_plain(each) for each in text)


def count(text: str) -> Count:
    """How many segments the networks make of a text, as it is given."""
    odd = tuple(dict.fromkeys(each for each in text if each not in BASIC and each not in EXTENSION))
    if odd:
        sizes, one, many = [2 if ord(each) > 0xFFFF else 1 for each in text], UCS_ONE, UCS_MANY
    else:
        sizes, one, many = [2 if each in EXTENSION else 1 for each in text], GSM_ONE, GSM_MANY
    units = sum(sizes)
    if units <= one:
        return Count(1 if text else 0, units, len(text), one - units, odd)
    segments, room = 1, many
    for size in sizes:
        if size > room:
            segments, room = segments + 1, many
        room -= size
    return Count(segments, units, len(text), room, odd)


def at_most(text: str, rate: int) -> int:
    """The most that a text can cost, in micro-dollars: the networks' segments, which are never
    fewer than the parts of VoiceTel's document.
    """
    return max(count(text).segments, -(-len(text) // DOCUMENT)) * rate


def table() -> dict[str, object]:
    """What the script needs to count alike: JSON values."""
    return {
        "basic": "".join(sorted(BASIC)),
        "extension": "".join(sorted(EXTENSION)),
        "plain": PLAIN,
        "outer": OUTER,
    }


def _plain(letter: str) -> str:
    if letter in BASIC or letter in EXTENSION:
        return letter
    if letter in PLAIN:
        return PLAIN[letter]
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base in BASIC else letter
