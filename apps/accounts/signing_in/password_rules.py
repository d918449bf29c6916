"""What a new password must not be, beyond its length and Django's list of the 20,000 commonest
(shipped with it, offline).
"""

import re
from functools import lru_cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

LEET = str.maketrans("013457@$!", "oleastasi")
EDGES = re.compile(r"^[\d\W_]+|[\d\W_]+$")
FEWEST = 5  # different characters
ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "01234567890123456789")


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


class DressedUpValidator:
    """Refuses a common password made long by digits, signs or repetition: Password1234!,
    qwerty-qwerty, 123456123456.
    """

    def validate(self, password: str, user: object = None) -> None:
        plain = password.lower()
        bare = EDGES.sub("", plain)
        words = set(re.split(r"[\d\W_]+", bare)) - {""}
        common = bare in _common() or EDGES.sub("", plain.translate(LEET)) in _common()
        again = plain in (plain + plain)[1:-1] or (len(words) == 1 and words <= _common())
        if (
            common
            or again
            or len(set(plain)) < FEWEST
            or any(plain in row or plain in row[::-1] for row in ROWS)
        ):
            raise ValidationError(
                "This is a common password made longer. Three or four unrelated words are better.",
                code="dressed_up",
            )

    def get_help_text(self) -> str:
        return "Not a common password made longer by digits or signs."
