"""What stands in one cell of an export."""

import re
from datetime import datetime

from apps.ui.format import zone as zone_of
from apps.ui.lists.spec import Cell

# A spreadsheet takes a cell that begins so for a formula, or drops the sign and then does.
RISKY = frozenset("=+-@\t\r\0")
# XML cannot hold these, and no program shows them.
UNSEEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def shown(cell: Cell, zone: str) -> str | int:
    """A cell as an export writes it: a moment with its zone, a text that no program runs.

    zone: of the moments, an IANA name. A whole number stays one.
    """
    if isinstance(cell, str):
        return defused(cell)
    if isinstance(cell, datetime):
        return f"{cell.astimezone(zone_of(zone)):%Y-%m-%d %H:%M:%S %Z}"
    return "" if cell is None else cell


def defused(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it as a formula."""
    if text.isprintable():
        return f"'{text}" if text[:1] in RISKY else text
    seen = UNSEEN.sub("", text)
    return f"'{seen}" if {text[:1], seen[:1]} & RISKY else seen
