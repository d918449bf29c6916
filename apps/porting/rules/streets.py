"""A street line as it stands on a bill, taken apart as VoiceTel's order wants it."""

import re
from dataclasses import dataclass

from apps.text import plain

DIRECTIONS = {
    "north": "N", "south": "S", "east": "E", "west": "W", "northeast": "NE", "northwest": "NW",
    "southeast": "SE", "southwest": "SW",
} | {each.lower(): each for each in ("N", "S", "E", "W", "NE", "NW", "SE", "SW")}  # fmt: skip
# The usual ones of the postal service's list, by what people write.
TYPES = {
    "alley": "ALY", "aly": "ALY", "avenue": "AVE", "ave": "AVE", "av": "AVE", "bend": "BND",
    "boulevard": "BLVD", "blvd": "BLVD", "bridge": "BRG", "circle": "CIR", "cir": "CIR",
    "center": "CTR", "ctr": "CTR", "court": "CT", "ct": "CT", "cove": "CV", "crescent": "CRES",
    "crossing": "XING", "xing": "XING", "drive": "DR", "dr": "DR", "expressway": "EXPY",
    "expy": "EXPY", "freeway": "FWY", "fwy": "FWY", "highway": "HWY", "hwy": "HWY", "lane": "LN",
    "ln": "LN", "loop": "LOOP", "mall": "MALL", "parkway": "PKWY", "pkwy": "PKWY", "pass": "PASS",
    "path": "PATH", "pike": "PIKE", "place": "PL", "pl": "PL", "plaza": "PLZ", "plz": "PLZ",
    "point": "PT", "pt": "PT", "ridge": "RDG", "road": "RD", "rd": "RD", "route": "RTE",
    "rte": "RTE", "row": "ROW", "run": "RUN", "square": "SQ", "sq": "SQ", "street": "ST",
    "st": "ST", "terrace": "TER", "ter": "TER", "trail": "TRL", "trl": "TRL", "turnpike": "TPKE",
    "tpke": "TPKE", "walk": "WALK", "way": "WAY",
}  # fmt: skip
UNIT = re.compile(r"(?i)\s*,?\s*\b(?:suite|ste|unit|apt|apartment|room|rm|floor|fl)\b\.?\s*|\s#\s*")
BOX = re.compile(r"(?i)\b(?:p\.?\s*o\.?\s*b(?:ox)?\b|post\s+office\s+box|(?:pmb|lock\s*box)\b)")


class NotAStreet(ValueError):
    """The text is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Street:
    """A street line in parts. type: as the postal service shortens it: ST, AVE."""

    number: str
    prefix: str
    name: str
    type: str
    suffix: str

    def __str__(self) -> str:
        parts = (self.number, self.prefix, self.name, self.type.title(), self.suffix)
        return " ".join(filter(None, parts))


def parse(line: str) -> Street:
    """The parts of "412 N Lakeside Ave". Raises NotAStreet."""
    text = plain(line).strip(" ,.")
    if BOX.search(text):
        raise NotAStreet(
            "Use the address where the phones are. Carriers decline orders with a PO box."
        )
    if UNIT.search(text):
        raise NotAStreet("Put the suite, floor or unit into its own field.")
    words = [word.strip(",.") for word in text.split()]
    if not words or not words[0][:1].isdigit():
        raise NotAStreet("Begin with the house number, like 412 Lakeside Ave.")
    number, rest = words[0], words[1:]
    suffix = ""
    if len(rest) > 2 and rest[-1].lower() in DIRECTIONS and rest[-2].lower() in TYPES:
        suffix = DIRECTIONS[rest.pop().lower()]
    if len(rest) < 2 or rest[-1].lower() not in TYPES:
        raise NotAStreet("End with the kind of street, like 412 Lakeside Ave.")
    kind = TYPES[rest.pop().lower()]
    prefix = ""
    if len(rest) > 1 and rest[0].lower() in DIRECTIONS:
        prefix = DIRECTIONS[rest.pop(0).lower()]
    return Street(number, prefix, " ".join(rest), kind, suffix)
