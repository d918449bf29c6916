"""What people type and paste, made plain: names as they are kept, and text as searches compare it.

Copied text brings along characters that nobody sees: joiners, direction marks, soft hyphens. A name
keeps those that its writing needs, and loses the others.
"""

import unicodedata
from functools import lru_cache

ZWNJ, ZWJ = "\u200c", "\u200d"
JOINERS = frozenset({ZWNJ, ZWJ})
# Scripts in which a joiner changes how the letters beside it look.
JOINED = frozenset(
    {"ADLAM", "ARABIC", "BENGALI", "DEVANAGARI", "GUJARATI", "GURMUKHI", "KANNADA", "KHMER"}
    | {"MALAYALAM", "MONGOLIAN", "MYANMAR", "NKO", "ORIYA", "SINHALA", "SYRIAC", "TAMIL", "TELUGU"}
    | {"TIBETAN"}
)
FLAG = "\U0001f3f4"  # a black flag; tags behind it say which one: England, Texas
TAGS = frozenset(map(chr, range(0xE0020, 0xE0080)))
# Behind a letter or sign these choose one of its forms: as text, as a picture, another hand.
SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x34F)))
TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))  # of skin
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs that show nothing
DASHES = frozenset("\u2212\u2043")  # besides what Unicode calls a dash: a minus, a bullet
VIRAMA = 9  # the combining class of the signs that take a consonant's vowel away
# Letters that no decomposition leads to the ones that people type for them.
ALIKE = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th",
        "ð": "d", "ي": "ی", "ى": "ی", "ك": "ک", "’": "'", "‘": "'",
    }
)  # fmt: skip


def name(text: str) -> str:
    """A name that a person gives to something, on one line: composed, with single spaces, without
    control and direction characters.

    Joiners stay inside words and pictures. It is never shortened.
    """
    if text.isascii() and text.isprintable():  # nearly all
        return " ".join(text.split())
    found: list[str] = []
    flagged = False
    for at, letter in enumerate(text):
        flagged = letter == FLAG or (flagged and letter in TAGS)
        kind = unicodedata.category(letter)
        if letter in BLANKS or kind == "Cc" or kind[0] == "Z":
            letter, stays = " ", True
        elif letter in SELECTORS:
            stays = bool(found) and found[-1] != " "
        elif letter in JOINERS:
            stays = _joins(text, at)
        else:
            hidden = kind in {"Cf", "Cs"} or _is_noncharacter(letter)
            stays = (flagged and letter in TAGS) or not hidden
        if stays:
            found.append(letter)
    return " ".join(unicodedata.normalize("NFC", "".join(found)).split())


def shortened(text: str, most: int) -> str:
    """The name in at most `most` characters, with an ellipsis where it is cut; for names that are
    not ours to refuse.
    """
    found = name(text)
    return found if len(found) <= most else f"{found[: most - 1].rstrip()}…"


def plain(text: str) -> str:
    """An id, a code, a number or an amount as typed, without what has no meaning there: digits of
    every script are 0 to 9, there is one kind of dash and of space, and nothing is invisible.
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(map(_plain, unicodedata.normalize("NFKC", text)))
    return " ".join(text.split())


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """The text as searches compare it: no case, no accents, one form of each letter and digit.

    "Ünal", "UNAL" and "ünal" typed with a separate accent are one; so are "ß" and "ss".
    """
    if text.isascii():
        return " ".join(text.lower().split())
    lower = unicodedata.normalize("NFKD", name(text)).casefold()
    apart = unicodedata.normalize("NFKD", lower)
    kept = (_digit(each) for each in apart if each not in JOINERS | SELECTORS and not _accent(each))
    found = unicodedata.normalize("NFC", "".join(kept).translate(ALIKE))
    return " ".join(found.split())


def _joins(text: str, at: int) -> bool:
    """Whether the joiner at this place changes how the letters or pictures beside it look."""
    last, following = text[at - 1 : at], text[at + 1 : at + 2]
    if _script(last) in JOINED:
        return _script(following) in JOINED or unicodedata.combining(last) == VIRAMA
    pictured = text[max(at - 3, 0) : at].rstrip("".join(SELECTORS | TONES))[-1:]
    return text[at] == ZWJ and _is_picture(pictured) and _is_picture(following)


def _script(letter: str) -> str:
    """The first word of a letter's or mark's name: ARABIC."""
    known = letter and unicodedata.category(letter)[0] in "LM"
    return unicodedata.name(letter, "").partition(" ")[0] if known else ""


def _is_picture(letter: str) -> bool:
    """Also one that is newer than this Python."""
    if not letter:
        return False
    return "\U0001f000" <= letter <= "\U0001faff" or unicodedata.category(letter) in {"So", "Sm"}


def _is_noncharacter(letter: str) -> bool:
    return "\ufdd0" <= letter <= "\ufdef" or ord(letter) & 0xFFFE == 0xFFFE


def _accent(mark: str) -> bool:
    """Whether it is an accent, or a vowel point of Hebrew or Arabic.

    The vowels of Indic and Thai words, the tones of Thai and the voiced marks of Japanese are not.
    """
    point = unicodedata.combining(mark)
    return 10 <= point <= 36 or point >= 200


def _digit(letter: str) -> str:
    """Arabic-Indic and other digits as 0 to 9."""
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


def _plain(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind == "Pd" or letter in DASHES:
        return "-"
    if kind == "Cc" or kind[0] == "Z" or letter in BLANKS:
        return " "
    return "" if kind in {"Cf", "Cs", "Mn", "Me"} else _digit(letter)
