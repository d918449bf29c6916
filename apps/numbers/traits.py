"""The yes-or-no facts of a number as bits of one column, so that one index serves every filter and
their combinations.
"""

from collections.abc import Iterable

FORWARDED, SMS, FAX, CNAM, TRANSLATED, LABELED = (1 << bit for bit in range(6))

# What the URL calls them.
BITS: dict[str, int] = {
    "forwarded": FORWARDED,
    "sms": SMS,
    "fax": FAX,
    "cnam": CNAM,
    "translated": TRANSLATED,
    "labeled": LABELED,
}


def traits_of(
    number: str, *, forward_to: str, sms: bool, fax: bool, cnam: bool, translated: str, label: str
) -> int:
    """The bits of a number's row."""
    return (
        (FORWARDED if forward_to else 0)
        | (SMS if sms else 0)
        | (FAX if fax else 0)
        | (CNAM if cnam else 0)
        | (TRANSLATED if translated and translated != number else 0)
        | (LABELED if label else 0)
    )


def fits(traits: int, wanted: Iterable[tuple[str, bool]]) -> bool:
    """Whether a row with these bits passes all of the filters, given as (name, yes or no)."""
    return all(bool(traits & BITS[name]) is yes for name, yes in wanted)
