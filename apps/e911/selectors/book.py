"""The account's address book, and the addresses in use that aren't in it yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.utils.http import urlencode

from apps.accounts.models import Account
from apps.e911 import lines
from apps.e911.models import Address, Record
from apps.ui.lists.page import Listing, list_page, list_rows
from apps.ui.lists.spec import Column, ListSpec
from apps.ui.lists.state import ListState

PART = "e911-addresses"
OTHERS = 20  # addresses outside the book that a page names


@dataclass(frozen=True, slots=True)
class Row:
    """An address of the book, ready to be shown. held: numbers that VoiceTel shows at it."""

    pk: int
    label: str
    shown: str
    address1: str
    checked_at: datetime
    held: int = 0

    @property
    def href(self) -> str:
        """The list of its numbers."""
        return f"/e911/?{urlencode({'q': self.address1})}"


@dataclass(frozen=True, slots=True)
class Other:
    """An address in use that isn't in the book: the first of its numbers, and how many it has."""

    number: str
    shown: str
    held: int


SPEC: ListSpec[Row] = ListSpec(
    (
        Column("label", "Label", "label", order=("label", "id"), text=lambda row: row.label),
        Column(
            "address",
            "Address",
            "address",
            order=("city", "address1", "id"),
            text=lambda row: row.shown,
        ),
        Column("held", "Numbers", right=True, text=lambda row: row.held),
        Column(
            "checked",
            "Checked",
            "checked",
            right=True,
            narrow=False,
            order=("checked_at", "id"),
            text=lambda row: row.checked_at,
        ),
    ),
    "address",
    searchable="Label, street, or city",
)


def row_of(each: Address) -> Row:
    shown = lines.on_one_line(lines.of_row(each))
    return Row(each.pk, each.label, shown, each.address1, each.checked_at)


def narrow(found: QuerySet[Address], state: ListState) -> QuerySet[Address]:
    """What passes the search of the URL."""
    if not (q := state.q):
        return found
    said = Q(label__icontains=q) | Q(address1__icontains=q) | Q(address2__icontains=q)
    return found.filter(said | Q(city__icontains=q) | Q(zip__startswith=q))


def page(request: HttpRequest, account: Account) -> Listing[Row]:
    """The page that the URL asks for, each address with its numbers. Three queries."""
    found = Address.objects.of(account)
    listing = list_page(request, SPEC, found, narrow=narrow, row=row_of, noun="address")
    return replace(listing, rows=_with_numbers(account, listing.rows))


def all_rows(request: HttpRequest, account: Account) -> Iterator[Row]:
    """Every address that the URL asks for, for an export."""
    found = Address.objects.of(account)
    rows = list_rows(request, SPEC, found, narrow=narrow, row=row_of)
    return iter(_with_numbers(account, list(rows)))


def _with_numbers(account: Account, rows: Sequence[Row]) -> list[Row]:
    streets = {row.address1 for row in rows}
    held = {each.shown: each.held for each in _in_use(account, Q(address1__in=streets))}
    return [replace(row, held=held.get(row.shown, 0)) for row in rows]


def list_others(account: Account) -> list[Other]:
    """Addresses in use that aren't in the book, those of the most numbers first. One query."""
    place = {name: OuterRef(name) for name in lines.PLACE}
    known = Address.objects.of(account).filter(**place)
    return _in_use(account, ~Exists(known))[:OTHERS]


def _in_use(account: Account, which: Q | Combinable) -> list[Other]:
    rows = Record.objects.of(account).filter(which, address1__gt="").values(*lines.PLACE)
    found = rows.annotate(held=Count("pk"), first=Min("number")).order_by("-held", "first")
    return [Other(each["first"], lines.on_one_line(each), each["held"]) for each in found]
