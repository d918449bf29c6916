"""One page of a list, and all of its rows a page after the other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, Protocol, Self, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest

from apps.ui.lists.keys import behind
from apps.ui.lists.spec import ListSpec
from apps.ui.lists.state import Header, ListState, Menu, Window

M = TypeVar("M")  # what is found
M_co = TypeVar("M_co", covariant=True)
R = TypeVar("R")  # a row as it is shown
MOST = 1000  # rows are counted up to here; more are "1,000+"
PAGE = 2000  # rows that an export reads at a time


class Found(Protocol[M_co]):
    """What a list is made of: a queryset, or anything that answers these like one."""

    def filter(self, condition: Combinable, /) -> Self: ...

    def order_by(self, *names: str) -> Self: ...

    def values(self, *names: str) -> QuerySet[Any, Any]: ...

    def __getitem__(self, wanted: slice, /) -> Iterable[M_co]: ...


Narrow = Callable[[Any, ListState], Any]  # (found, state): what passes the search and the filters


@dataclass(frozen=True, slots=True)
class Listing(Generic[R]):
    """One page of a list, ready to be shown."""

    state: ListState
    rows: Sequence[R]
    noun: str  # of one row: "number"
    total: int  # rows that match
    capped: bool  # there are more than `total`
    held: int  # rows before search and filters
    held_capped: bool = False
    every: int = 0  # seconds after which a page looks again at what moves in it; 0: nothing moves
    select: str = ""  # the address that ticked rows are sent to; empty: rows are not ticked

    @property
    def window(self) -> Window:
        return self.state.window(self.total, capped=self.capped)

    @property
    def menus(self) -> tuple[Menu, ...]:
        return self.state.menus()

    @property
    def headers(self) -> tuple[Header, ...]:
        return self.state.headers()

    @property
    def here(self) -> str:
        """The address of this very page."""
        return self.state.url()

    @property
    def figure(self) -> str:
        """How many rows match: "24", "1,000+"."""
        return _figure(self.total, capped=self.capped)

    @property
    def held_figure(self) -> str:
        return _figure(self.held, capped=self.held_capped)

    @property
    def held_words(self) -> str:
        """How many there are before search and filters: "1 number", "1,000+ numbers"."""
        return f"{self.held_figure} {self.noun}{'' if self.held == 1 else 's'}"

    @property
    def announced(self) -> str:
        """What the status line says: "All 24 numbers", "3 of 24 numbers", "1,000+ of 1,000+
        numbers".
        """
        if self.state.narrowed:
            return f"{self.figure} of {self.held_words}"
        return self.held_words if self.held < 2 or self.held_capped else f"All {self.held_words}"

    @property
    def unmatched(self) -> str:
        """What an empty page says where a search or filters hide all rows."""
        if not self.state.q:
            return f"No {self.noun}s match these filters"
        filtered = " with these filters" if self.state.filters else ""
        return f"No {self.noun}s match “{self.state.q}”{filtered}"


def list_page(
    request: HttpRequest,
    spec: ListSpec[R],
    found: Found[M],
    *,
    narrow: Narrow,
    row: Callable[[M], R],
    noun: str,
    select: str = "",
) -> Listing[R]:
    """The page of a list that the URL asks for, in two queries: a count and the rows.

    found: all rows that this person may see; narrow: applies search and filters to them; row: makes
    one ready to be shown. Counted up to 1,000, or to the end of the page asked for.
    """
    state = ListState.of(spec, request)
    matching: Found[M] = narrow(found, state)
    most = max(MOST, state.offset + state.size)
    cuts = [matching, found] if state.narrowed else [matching]
    total, *rest = counts(*(cut.order_by().values("pk")[: most + 1] for cut in cuts))
    held = rest[0] if rest else total
    state = state.within(total)
    ordered = matching.order_by(*state.order)
    shown = ordered[state.offset : state.offset + state.size] if total else []
    return Listing(
        state=state,
        rows=[row(each) for each in shown],
        noun=noun,
        total=min(total, most),
        capped=total > most,
        held=min(held, most),
        held_capped=held > most,
        select=select,
    )


def list_rows(
    request: HttpRequest,
    spec: ListSpec[R],
    found: Found[M],
    *,
    narrow: Narrow,
    row: Callable[[M], R],
) -> Iterator[R]:
    """All rows that the URL asks for, in its order: what an export writes."""
    state = ListState.of(spec, request)
    return (row(each) for each in by_key(narrow(found, state), state.order))


def by_key(
    found: Found[M],
    order: Sequence[str],
    *,
    size: int = 0,
    key: Callable[[M], tuple[Any, ...]] | None = None,
) -> Iterator[M]:
    """All of what is found, read in pages that each begin behind the last row of the one before.

    Between two pages no transaction is open and no connection is held, however slowly the reader
    takes them. order: as in Column.order, all with the same sign. key: a row's values of it.
    """
    names = [name.removeprefix("-") for name in order]
    key_of = key or (lambda each: tuple(attrgetter(name)(each) for name in names))
    rest, size = found, size or PAGE
    while True:
        page = list(rest.order_by(*order)[:size])
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()  # on PostgreSQL back to the pool
        yield from page
        if len(page) < size:
            return
        rest = found.filter(behind(order, key_of(page[-1])))


def counts(*wanted: QuerySet[Any, Any]) -> list[int]:
    """How many rows each of these has, in one query."""
    parts, given = [], list[Any]()
    for each in wanted:
        try:
            sql, params = each.query.sql_with_params()
        except EmptyResultSet:  # .none(), or a filter that nothing can pass
            parts.append("0")
        else:
            parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608  only marks
            given += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", given)
        return list(cursor.fetchone())


def _figure(number: int, *, capped: bool) -> str:
    return f"{number:,}{'+' if capped else ''}"
