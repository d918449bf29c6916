"""What a list offers: its columns, filters, sorts and search, declared once for table, export and
API.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

R = TypeVar("R")  # a row as it is shown
Cell = str | int | datetime | None
RESERVED = frozenset({"q", "sort", "page", "size"})


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """A column of a list: feeds the table, the export and the API.

    `sort` names it in the URL; empty: not sortable. `order`: the fields to sort by, without signs,
    never null; together they are unique, so that pages neither repeat nor skip a row. `text`: its
    cell outside the table; none: it stays out of exports.
    """

    name: str
    label: str
    sort: str = ""
    right: bool = False  # figures stand right
    narrow: bool = True  # shown on a phone too
    roomy: bool = False  # shown only from 1024 pixels on
    order: tuple[str, ...] = ()
    dots: bool = False  # holds yes or no, as a dot or none
    table: bool = True  # shown in the table; else in exports alone
    title: str = ""  # the label in full, where it's short
    text: Callable[[R], Cell] | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Filter:
    """One menu of the filter row. A value that is not among the choices counts as not given."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    def label_of(self, value: str) -> str:
        return next((choice.label for choice in self.choices if choice.value == value), "")


@dataclass(frozen=True, slots=True)
class ListSpec(Generic[R]):
    """What one list offers.

    `sorts` are URL names without a sign; descending is the name after a minus.
    """

    columns: tuple[Column[R], ...]
    default_sort: str
    filters: tuple[Filter, ...] = ()
    sizes: tuple[int, ...] = (50, 100, 200)  # the first is the default
    # the label of the search box, which says what is searched; empty: no search
    searchable: str = ""

    def __post_init__(self) -> None:
        clash = RESERVED & {each.name for each in self.filters}
        if clash or self.default_sort.lstrip("-") not in self.sorts:
            raise ValueError(f"a list cannot be declared so: {clash or self.default_sort}")

    @property
    def sorts(self) -> frozenset[str]:
        return frozenset(column.sort for column in self.columns if column.sort)

    @property
    def exported(self) -> tuple[Column[R], ...]:
        """The columns that an export has; empty: the list cannot be exported."""
        return tuple(column for column in self.columns if column.text)

    def order_of(self, sort: str) -> tuple[str, ...]:
        """The fields that a sort of the URL stands for, with its sign: ("-label", "-number")."""
        name = sort.removeprefix("-")
        order = next(column.order for column in self.columns if column.sort == name)
        return tuple(f"-{each}" if sort.startswith("-") else each for each in order)


def cells_of(spec: ListSpec[Any], row: Any) -> list[Cell]:
    """One row of an export."""
    return [column.text(row) for column in spec.columns if column.text]
