"""Free numbers for a search: which questions it comes to, and the rows that answer it.

A search by place alone first asks the coverage for area codes or prefixes, since VoiceTel's search
needs the first digits; then up to twenty searches, mixed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, zip_longest
from typing import Any, Final
from urllib.parse import urlencode

from apps.accounts.models import Account
from apps.numbers.models import Cart, CartLine, Number
from apps.numbers.ordering.asking import (
    COVERAGE,
    MOST,
    PATIENCE,
    SEARCH,
    Answer,
    Question,
    ask,
    find,
)
from apps.numbers.ordering.patterns import Match, Wanted, matches
from apps.ui.format import phone

SEARCHES: Final = 20  # of one page
SIZE: Final = 50  # rows a page
# whose cart a number is in: their id, and what they are called
Marks = dict[str, tuple[int | None, str]]
ORDERS: Final = {"number": "Number", "place": "Place"}


@dataclass(frozen=True, slots=True)
class Query:
    """A search as its URL says it: the form's cleaned fields."""

    area: str = ""
    prefix: str = ""
    state: str = ""
    city: str = ""
    rate_center: str = ""
    lata: str = ""
    typed: str = ""
    wanted: Wanted = field(default_factory=Wanted)
    sort: str = "number"
    page: int = 1

    @property
    def any(self) -> bool:
        """Whether it says where to look."""
        return bool(self.area or self.state or self.city or self.rate_center or self.lata)

    def url(self, **changes: Any) -> str:
        """The query string of this search with some of it changed."""
        given: dict[str, Any] = {
            "area": self.area,
            "exchange": self.prefix,
            "state": self.state,
            "city": self.city,
            "rate_center": self.rate_center,
            "lata": self.lata,
            "digits": self.typed,
            "where": "ends" if self.wanted.ends else "",
            "run": self.wanted.run or "",
            "special": "on" if self.wanted.special else "",
            "sort": "" if self.sort == "number" else self.sort,
            "page": "" if self.page == 1 else self.page,
        } | changes
        return urlencode({name: value for name, value in given.items() if value != ""})


@dataclass(frozen=True, slots=True)
class Offer:
    """A free number, ready to be shown. parts: the number as shown, cut where its emphasized digits
    begin and end. cart: whose cart it's in; "" for none. mine: it's in this person's.
    """

    number: str
    place: str
    rate_center: str
    lata: str
    why: str
    parts: tuple[str, str, str]
    cart: str = ""
    mine: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a search. total: all that match; rows: this page's. full: an answer held as
    many numbers as VoiceTel gives at once, so there may be more. unsearched: area codes or prefixes
    beyond the twenty that were searched.
    """

    query: Query
    rows: list[Offer]
    total: int
    read_at: datetime | None
    waits: bool
    failed: str
    full: bool
    unsearched: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // SIZE))

    @property
    def previous(self) -> str:
        """The query string of the page before this one."""
        return self.query.url(page=self.query.page - 1)

    @property
    def next(self) -> str:
        return self.query.url(page=self.query.page + 1)


def coverage_of(query: Query) -> Question | None:
    """The coverage to ask first; None where the first digits are known."""
    if query.area and not (query.city or query.rate_center):
        return None
    return Question.of(
        COVERAGE,
        countBy="npanxx",
        locState=query.state,
        city=query.city,
        rcAbbre=query.rate_center,
        npa=query.area,
        lata=query.lata,
    )


def masks_of(query: Query, buckets: Sequence[dict[str, Any]]) -> list[str]:
    """The first digits to search by, those with the most numbers first: area codes for a state or
    LATA, prefixes where a city or rate center narrows them.
    """
    narrow = bool(query.city or query.rate_center or query.prefix)
    counts: Counter[str] = Counter()
    for each in buckets:
        if each["npa"] and (not query.prefix or each["nxx"] == query.prefix):
            counts[each["npa"] + (each["nxx"] if narrow else "")] += each["count"]
    return [mask for mask, _ in counts.most_common()]


def searches_of(query: Query, masks: Sequence[str]) -> list[Question]:
    """One search for each mask. A plain browse of many shares the thousand among them."""
    few = MOST if query.wanted.any or not masks else max(SIZE, MOST // len(masks[:SEARCHES]))
    return [
        Question.of(SEARCH, tnMask=mask, quantity=str(few), province=query.state, lata=query.lata)
        for mask in masks[:SEARCHES]
    ]


def search(
    account: Account, query: Query, *, by: int, seconds: float = PATIENCE, again: bool = False
) -> Found:
    """Ask what must be asked, wait at most so long, and show what is known by then."""
    first, masks = coverage_of(query), [query.area + query.prefix]
    if first is not None:
        (told,) = ask(account, [first], seconds=seconds, again=again)
        if told.read_at is None:
            return Found(query, [], 0, None, told.waits, told.failed, False, 0)
        masks = masks_of(query, told.rows)
    answers = ask(account, searches_of(query, masks), seconds=seconds, again=again)
    return shown(account, query, masks, answers, by=by)


def kept(account: Account, query: Query, *, by: int) -> list[Offer]:
    """All numbers that match in answers we have; nothing is asked."""
    first, masks = coverage_of(query), [query.area + query.prefix]
    if first is not None:
        (told,) = find(account, [first])
        masks = masks_of(query, told.rows)
    answers = find(account, searches_of(query, masks))
    return [_offer(row, match, {}, set(), by) for row, match in _matching(query, answers)]


def shown(
    account: Account, query: Query, masks: Sequence[str], answers: Sequence[Answer], *, by: int
) -> Found:
    """The page of what these answers hold. Two queries: carts, and numbers held."""
    found = _matching(query, answers)
    page = found[(query.page - 1) * SIZE : query.page * SIZE]
    numbers = [row["number"] for row, _ in page]
    carts = dict(
        CartLine.objects.filter(
            cart__account=account, cart__state=Cart.State.OPEN, number__in=numbers
        ).values_list("number", "cart__by")
    )
    names = dict(
        Cart.objects.of(account).filter(state=Cart.State.OPEN).values_list("by", "by_name")
    )
    held = set(
        Number.objects.of(account).filter(number__in=numbers).values_list("number", flat=True)
    )
    marks: Marks = {number: (owner, names.get(owner, "")) for number, owner in carts.items()}
    times = [each.read_at for each in answers if each.read_at]
    return Found(
        query,
        [_offer(row, match, marks, held, by) for row, match in page],
        len(found),
        min(times) if times else None,
        any(each.waits for each in answers),
        next((each.failed for each in answers if each.failed), ""),
        any(_is_full(each) for each in answers),
        max(0, len(masks) - SEARCHES),
    )


def _is_full(answer: Answer) -> bool:
    """Whether VoiceTel gave as many as were asked for, so that there may be more."""
    asked = dict(answer.question.arguments).get("quantity", "")
    return bool(asked) and len(answer.rows) >= int(asked)


def _matching(query: Query, answers: Sequence[Answer]) -> list[tuple[dict[str, Any], Match]]:
    """The rows that match, each once, in the order asked for."""
    told = {
        row["number"]: row
        for row in _mixed([each.rows for each in answers])
        if _is_there(query, row)
    }
    found = [(told[number], match) for number, match in matches(told, query.wanted).items()]
    if query.sort == "place":
        return sorted(found, key=lambda each: (place_of(each[0]), each[0]["number"]))
    if query.wanted.run or query.area:
        return sorted(found, key=lambda each: each[0]["number"])
    return found  # mixed, so that not all come from the first area code


def _is_there(query: Query, row: dict[str, Any]) -> bool:
    """Whether the place of a row is the one asked for, as far as VoiceTel's words tell."""
    if query.area and not row["number"].startswith(query.area + query.prefix):
        return False
    if query.city and row["city"] and row["city"].casefold() != query.city.casefold():
        return False
    return not (query.state and row["state"] and row["state"] != query.state)


def _mixed(lists: Iterable[list[dict[str, Any]]]) -> Iterable[dict[str, Any]]:
    """One of each list, then the next of each."""
    return (row for row in chain.from_iterable(zip_longest(*lists)) if row is not None)


def place_of(row: dict[str, Any]) -> str:
    """ "Jersey City, NJ" of a row of an answer."""
    return ", ".join(filter(None, (row["city"], row["state"])))


def _offer(
    row: dict[str, Any],
    match: Match,
    carts: Marks,
    held: set[str],
    by: int,
) -> Offer:
    number = row["number"]
    owner, name = carts.get(number, (None, ""))
    return Offer(
        number,
        place_of(row),
        row["rate_center"],
        row["lata"],
        match.why,
        _parts(number, match),
        name,
        owner == by,
        number in held,
    )


def _parts(number: str, match: Match) -> tuple[str, str, str]:
    """The number as shown, cut around the digits that match."""
    whole = phone(number)
    if match.end <= match.start:
        return whole, "", ""
    at = [place for place, sign in enumerate(whole) if sign.isdigit()]
    start, end = at[match.start], at[match.end - 1] + 1
    return whole[:start], whole[start:end], whole[end:]
