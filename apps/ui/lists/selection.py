"""Rows of a list that a person chose: those ticked, or all that match."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict

from apps.ui.lists.page import Narrow, by_key
from apps.ui.lists.spec import ListSpec
from apps.ui.lists.state import ListState

M = TypeVar("M", bound=Model)
MOST = 100_000  # rows of one selection
DIGITS = 19  # of the largest key that a database holds


class TooMany(ValueError):
    """More rows were chosen than one selection holds. `str()`: a sentence."""

    def __init__(self) -> None:
        super().__init__(f"Select at most {MOST:,} rows at a time.")


@dataclass(frozen=True, slots=True)
class Selection(Generic[M]):
    """The rows chosen, as they are now.

    All that match is kept as the query itself and read through the list's own `narrow`, so that it
    is what the list shows. Ids of nobody, or of another account, are no rows of `found`.
    """

    found: QuerySet[M]
    state: ListState
    narrow: Narrow
    ticked: tuple[int, ...] = ()
    all: bool = False

    @classmethod
    def of(
        cls, spec: ListSpec[Any], found: QuerySet[M], posted: QueryDict, *, narrow: Narrow
    ) -> Self:
        """From a form of ui/_list.html: `ids` of ticked rows, or `all`, and the list's `query`.

        found: all rows that this person may choose from. Raises TooMany.
        """
        state = ListState.parse(spec, QueryDict(posted.get("query", "")))
        if posted.get("all"):
            return cls(found, state, narrow, all=True)
        given = {each for each in posted.getlist("ids") if each.isascii() and each.isdigit()}
        ids = tuple(int(each) for each in given if len(each) < DIGITS)
        if len(ids) > MOST:
            raise TooMany
        return cls(found, state, narrow, ids)

    @property
    def query(self) -> str:
        """The canonical query of the list that it was made in."""
        return self.state.whole

    def queryset(self) -> QuerySet[M]:
        """The rows in no order. Raises TooMany beyond 100,000."""
        if self.count() > MOST:
            raise TooMany
        return self._rows()

    def count(self) -> int:
        """How many rows are chosen; beyond 100,000 it is 100,001. One query."""
        return self._rows().order_by()[: MOST + 1].count()

    def ids(self) -> Iterator[int]:
        """Primary keys in the list's order, read in pages. Raises TooMany after 100,000."""
        order = self.state.order
        rows = self._rows().values_list("pk", *(name.removeprefix("-") for name in order))
        for count, (pk, *_) in enumerate(by_key(rows, order, key=lambda row: row[1:])):
            if count == MOST:
                raise TooMany
            yield pk

    def _rows(self) -> QuerySet[M]:
        if self.all:
            chosen: QuerySet[M] = self.narrow(self.found, self.state)
            return chosen
        return self.found.filter(pk__in=self.ticked)
