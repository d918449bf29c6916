"""What a URL asks of a list: its search, filters, sort, page and size.

The URL is the state: nothing is kept elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, QueryDict

from apps import text
from apps.ui.lists.spec import RESERVED, Column, Filter, ListSpec

LONGEST_SEARCH = 100  # characters
LAST_PAGE = 100_000  # no list is longer; keeps the offset within an integer of the database
EXPORTS = (("CSV", "export.csv"), ("Excel", "export.xlsx"))  # under the list's own address


@dataclass(frozen=True, slots=True)
class Header:
    """A column's head: where a click leads (empty: nowhere), and aria-sort."""

    column: Column[Any]
    url: str
    direction: str  # ascending, descending, none


@dataclass(frozen=True, slots=True)
class Option:
    label: str
    url: str
    value: str
    chosen: bool
    count: int | None


@dataclass(frozen=True, slots=True)
class Menu:
    """A filter as a menu: what is chosen now, and where each choice leads."""

    name: str
    label: str
    value: str
    chosen: str  # label of the choice; empty: all
    options: tuple[Option, ...]
    clear: str

    @property
    def offered(self) -> bool:
        """Whether it can narrow anything: a filter of which all rows have the one value cannot."""
        return bool(self.value) or sum(option.count != 0 for option in self.options) > 1


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter that is asked for often, as a chip: how many it shows, where it leads."""

    label: str
    url: str
    chosen: bool
    count: int


@dataclass(frozen=True, slots=True)
class Window:
    """The pages around this one.

    `pages` holds numbers, 0 for a gap; links come from ListState.url.
    """

    page: int
    last: int
    first_row: int  # 1-based; 0 when there are none
    last_row: int
    total: int
    capped: bool  # total is "so many or more"
    links: tuple[tuple[int, str], ...]
    previous: str
    next: str

    @property
    def rows(self) -> str:
        """ "51 to 100 of 2,000": which rows are shown."""
        return (
            f"{self.first_row:,} to {self.last_row:,} of"
            f" {self.total:,}{' or more' if self.capped else ''}"
        )


@dataclass(frozen=True, slots=True)
class ListState:
    """The search, filters, sort, page and size that a URL asks for, made sound against the list's
    spec.
    """

    spec: ListSpec[Any]
    path: str
    q: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    page: int = 1
    size: int = 0

    @classmethod
    def of(cls, spec: ListSpec[Any], request: HttpRequest) -> "ListState":
        return cls.parse(spec, request.GET, request.path)

    @classmethod
    def parse(
        cls, spec: ListSpec[Any], given: QueryDict | Mapping[str, str], path: str = ""
    ) -> "ListState":
        """Never raises: what the list does not offer falls back to its default."""
        sort = given.get("sort") or ""
        size = digits(given.get("size"))
        chosen = {each.name: given.get(each.name) or "" for each in spec.filters}
        return cls(
            spec=spec,
            path=path,
            q=searched(given.get("q")) if spec.searchable else "",
            filters={
                each.name: chosen[each.name]
                for each in spec.filters
                if each.label_of(chosen[each.name])
            },
            sort=sort if sort.removeprefix("-") in spec.sorts else spec.default_sort,
            page=min(max(digits(given.get("page")), 1), LAST_PAGE),
            size=size if size in spec.sizes else spec.sizes[0],
        )

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size

    @property
    def order(self) -> tuple[str, ...]:
        """The fields of the sort, with their signs."""
        return self.spec.order_of(self.sort)

    @property
    def narrowed(self) -> bool:
        """Whether a search or a filter hides something: "nothing matches" is not "nothing here"."""
        return bool(self.q or self.filters)

    @property
    def query(self) -> str:
        """The canonical query string: defaults left out, one order.

        The same state has the same address.
        """
        pairs: list[tuple[str, str]] = [("q", self.q)] if self.q else []
        pairs += [
            (each.name, self.filters[each.name])
            for each in self.spec.filters
            if each.name in self.filters
        ]
        if self.sort != self.spec.default_sort:
            pairs.append(("sort", self.sort))
        if self.size != self.spec.sizes[0]:
            pairs.append(("size", str(self.size)))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return urlencode(pairs)

    @property
    def whole(self) -> str:
        """The same for all pages at once: what an export or a selection of all rows asks for."""
        return replace(self, page=1, size=self.spec.sizes[0]).query

    @property
    def exports(self) -> tuple[tuple[str, str], ...]:
        """Where the whole list is downloaded: (label, address); none where nothing can be."""
        if not self.spec.exported:
            return ()
        asked = f"?{self.whole}" if self.whole else ""
        return tuple((label, f"{self.path}{file}{asked}") for label, file in EXPORTS)

    def url(self, **changes: Any) -> str:
        """The address with some of it changed: url(page=2), url(sort="-label"), url(route="")
        clears a filter.

        Any change but that of the page begins again at page 1. An unknown name raises TypeError: a
        typing error of ours.
        """
        unknown = set(changes) - RESERVED - {each.name for each in self.spec.filters}
        if unknown:
            raise TypeError(f"this list has no {', '.join(sorted(unknown))}")
        asked = {"q": self.q, **self.filters, "sort": self.sort, "size": str(self.size)}
        if not changes or set(changes) == {"page"}:
            asked["page"] = str(self.page)
        asked |= {name: str(value) for name, value in changes.items()}
        changed = ListState.parse(self.spec, asked, self.path)
        return f"{self.path}?{changed.query}" if changed.query else self.path or "?"

    @property
    def hidden(self) -> tuple[tuple[str, str], ...]:
        """What the search form must carry beside the search itself: filters, and sort and size
        where they are not the default.
        """
        return tuple(
            (name, value) for name, value in parse_qsl(self.query) if name not in {"q", "page"}
        )

    @property
    def cleared(self) -> str:
        """The address without search and filters, in the same order of rows."""
        return self.url(q="", **dict.fromkeys(self.filters, ""))

    def headers(self) -> tuple[Header, ...]:
        """The heads of the columns: a click sorts, a second one turns the order."""
        return tuple(self._header(column) for column in self.spec.columns if column.table)

    def _header(self, column: Column[Any]) -> Header:
        if not column.sort:
            return Header(column, "", "none")
        if self.sort == column.sort:
            return Header(column, self.url(sort="-" + column.sort), "ascending")
        return Header(
            column,
            self.url(sort=column.sort),
            "descending" if self.sort == "-" + column.sort else "none",
        )

    def menus(self, counts: Mapping[str, Mapping[str, int]] | None = None) -> tuple[Menu, ...]:
        """The filter row.

        `counts`: for a filter's name, how many rows each value has, where known.
        """
        return tuple(
            self._menu(each, (counts or {}).get(each.name, {})) for each in self.spec.filters
        )

    def _menu(self, each: Filter, counts: Mapping[str, int]) -> Menu:
        value = self.filters.get(each.name, "")
        options = tuple(
            Option(
                choice.label,
                self.url(**{each.name: choice.value}),
                choice.value,
                choice.value == value,
                counts.get(choice.value),
            )
            for choice in each.choices
        )
        return Menu(
            each.name, each.label, value, each.label_of(value), options, self.url(**{each.name: ""})
        )

    def facet(self, label: str, filters: Mapping[str, str], count: int) -> Facet:
        """The chip of these filters and no others. It keeps the search."""
        others = dict.fromkeys(self.filters, "")
        url = self.url(**{**others, **filters})
        return Facet(label, url, dict(self.filters) == dict(filters), count)

    def within(self, total: int) -> "ListState":
        """The same, on the last page there is when a page beyond it was asked for."""
        last = max(1, -(-total // self.size))
        return self if self.page <= last else replace(self, page=last)

    def window(self, total: int, *, capped: bool = False) -> Window:
        """The pages around this one: first, last, two on either side, gaps as 0.

        `capped`: there are more than `total`.
        """
        last = max(1, -(-total // self.size))
        page = min(self.page, last)
        near = sorted({1, last, *range(max(1, page - 2), min(last, page + 2) + 1)})
        links: list[tuple[int, str]] = []
        for number in near:
            if links and number - links[-1][0] > 1:
                links.append((0, ""))
            links.append((number, self.url(page=number)))
        return Window(
            page=page,
            last=last,
            first_row=min((page - 1) * self.size + 1, total),
            last_row=min(page * self.size, total),
            total=total,
            capped=capped,
            links=tuple(links),
            previous=self.url(page=page - 1) if page > 1 else "",
            next=self.url(page=page + 1) if page < last or capped else "",
        )

    def sizes(self) -> tuple[tuple[int, str, bool], ...]:
        """Rows a page: how many, the address, whether chosen."""
        return tuple((size, self.url(size=size), size == self.size) for size in self.spec.sizes)


def digits(given: object) -> int:
    """A small whole number from a URL; 0 for anything else."""
    raw = str(given or "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 9 else 0


def searched(typed: object) -> str:
    """A search as typed, without invisible characters and doubled spaces, 100 characters at
    most.
    """
    return text.name(str(typed or "")[: 10 * LONGEST_SEARCH])[:LONGEST_SEARCH].strip()
