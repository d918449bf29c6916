"""SIP passwords: what VoiceTel takes, and one made for a person."""

import re
import secrets

GOOD = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])[A-Za-z0-9]{6,10}", re.ASCII)
LENGTH = 10
# without those that are read for another: 0 O, 1 l I
UPPER, LOWER, DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789"


def make() -> str:
    """Ten letters and digits, at least one capital, one small letter, and one digit."""
    random = secrets.SystemRandom()
    kinds = (UPPER, LOWER, DIGITS)
    letters = [random.choice(kind) for kind in kinds]
    letters += [random.choice("".join(kinds)) for _ in range(LENGTH - len(kinds))]
    random.shuffle(letters)
    return "".join(letters)
