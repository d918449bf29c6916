"""What is known of the usual losing carriers, from VoiceTel's own guides (as of November 2026): how
a transfer PIN is had. Advice only: it stops no order.
"""

import re
from dataclasses import dataclass

from apps.text import folded


@dataclass(frozen=True, slots=True)
class Help:
    """words: a carrier whose name holds all of these. wants: whether it asks for a PIN."""

    words: tuple[str, ...]
    pin: str
    wants: bool = True


HELP = (
    Help(("verizon",), "Not on the bill. Dial #PORT from the line, or use the Verizon app."),
    Help(("t mobile",), "Not on the bill. In the T-Mobile app, open your profile, then PIN."),
    Help(("at t",), "In your online AT&T account, or from AT&T's support.", wants=False),
    Help(("u s cellular",), "In your online account, or from the carrier's support."),
    Help(("xfinity",), "In your account under Devices, Transfer. The code lasts 24 hours."),
    Help(("comcast",), "The four-digit home phone security PIN.", wants=False),
    Help(("cox",), "On the first page of the bill.", wants=False),
    Help(("frontier",), "The last four of the 17-digit account number.", wants=False),
)
PUNCTUATION = re.compile(r"[^\w\s]")


def find_help(carrier: str) -> Help | None:
    """What is known of the carrier with that name; None for one that we know nothing of."""
    words = f" {' '.join(PUNCTUATION.sub(' ', folded(carrier)).split())} "
    return next((each for each in HELP if all(f" {word} " in words for word in each.words)), None)
