"""The one reader of phone numbers: whatever people type or paste becomes digits, or a sentence that
says what is wrong with it.
"""

import re

from apps.text import plain

LIKE = "Enter a 10-digit US or Canadian number, like (201) 555-1234."
BETWEEN = frozenset(" ()[].+/_·•∙⋅‧*,")  # with every dash, what people write between digits
SCHEME = re.compile(r"\s*(?:tel|callto|phone|sms|fax)\s*:(?://)?", re.IGNORECASE)
EXTENSION = re.compile(
    r"(?:;\s*ext\s*=|[,;#x]|ext(?:ension|n)?[.:]?)\s*[0-9]+\s*#?$", re.IGNORECASE
)

PAGE = re.compile(r"https?://[^\s/]+/(?:[^\s/?#]+/)*([0-9]{10})(?:[/?#]|$)")  # of a number


class Unread(ValueError):
    """What was typed is no number; the text is a sentence for a person. code: what hinders it."""

    def __init__(self, sentence: str, code: str = "phone") -> None:
        super().__init__(sentence)
        self.code = code


def digits_of(text: str) -> str:
    """The digits of a text that holds nothing else but what people write between them; "" for any
    other text.
    """
    found = _typed(text)
    if any(each not in BETWEEN and each != "-" and not each.isdigit() for each in found):
        return ""
    return "".join(each for each in found if each.isdigit())


def sought(text: str) -> tuple[str, str]:
    """What a search for a number or a part of one looks for: (digits anywhere in it, digits at its
    start); "" for none.

    Typed with its country's 1, a number is also found by what follows: 1-201-555 by 201555.
    """
    page = PAGE.match(plain(text))
    digits = digits_of(page[1] if page else text)
    if digits.startswith("1") and (len(digits) == 11 or "+" in text):
        return digits[1:], ""
    return digits, digits[1:] if digits.startswith("1") else ""


def ten_digits(text: str) -> str:
    """The ten digits of a number in any form: (201) 555-1234, tel:+1-201-555-1234; "" for nothing.

    Raises Unread.
    """
    typed = _typed(text)
    if not typed:
        return ""
    digits = "".join(each for each in typed if each.isdigit())
    if _has_extension(typed):
        raise Unread(f"We can't use an extension here. {LIKE}", "extension")
    if any(each.isalpha() for each in typed):
        raise Unread(f"Use digits instead of letters. {LIKE}")
    if odd := [
        each for each in typed if each not in BETWEEN and each != "-" and not each.isdigit()
    ]:
        raise Unread(f"“{odd[0]}” can't be part of a phone number. {LIKE}")
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    elif digits.startswith("011") or (typed.startswith("+") and not digits.startswith("1")):
        raise Unread(f"Numbers outside of +1 can't be used here. {LIKE}")
    if len(digits) == 3 and digits[1:] == "11":
        raise Unread(f"{digits} is a service number. {LIKE}")
    if len(digits) != 10:
        raise Unread(f"{_counted(len(digits))} {LIKE}")
    _check_parts(digits[:3], digits[3:6])
    return digits


def _check_parts(area: str, exchange: str) -> None:
    if area[0] in "01":
        raise Unread(f"({area}) isn't an area code: they begin with 2 to 9. {LIKE}")
    if area[1:] == "11":
        raise Unread(f"{area} is a service number, not an area code. {LIKE}")
    if exchange[0] in "01":
        raise Unread(
            f"No number has {exchange} after its area code: those three digits begin with 2 to 9."
        )


def _has_extension(typed: str) -> bool:
    """Whether digits follow a sign for an extension, behind a number that is whole without them."""
    found = EXTENSION.search(typed)
    return found is not None and sum(each.isdigit() for each in typed[: found.start()]) >= 10


def _counted(many: int) -> str:
    if not many:
        return "That has no digits."
    return f"That's {many} digit{'' if many == 1 else 's'}."


def _typed(text: str) -> str:
    return SCHEME.sub("", plain(text), count=1).strip()
