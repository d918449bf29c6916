"""The lists of payments and of credits, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from apps.accounts.models import Account
from apps.billing.models import Credit, Payment
from apps.ui.format import money
from apps.ui.lists.page import Listing, list_page, list_rows
from apps.ui.lists.spec import Choice, Column, Filter, ListSpec
from apps.ui.lists.state import ListState

GOOD, BAD = frozenset({"completed", "paid"}), frozenset({"reversed", "denied", "failed", "unpaid"})


@dataclass(frozen=True, slots=True)
class Row:
    """One payment or credit, ready to be shown. amount: micro-dollars."""

    at: datetime
    amount: int
    status: str
    transaction: str = ""

    @property
    def tone(self) -> str:
        word = self.status.casefold()
        return "good" if word in GOOD else "bad" if word in BAD else "warn"


@dataclass(frozen=True, slots=True)
class Ledger:
    """One of the two lists. name: of its copy, its address and its page."""

    name: str
    title: str
    noun: str
    model: type[Payment | Credit]
    spec: ListSpec[Row]

    @property
    def empty(self) -> str:
        return f"No {self.noun}s yet"

    def page(self, request: HttpRequest, account: Account) -> Listing[Row]:
        """The page that the URL asks for, in two queries."""
        found = self.model.objects.of(account)
        return list_page(request, self.spec, found, narrow=narrow, row=row, noun=self.noun)

    def all(self, request: HttpRequest, account: Account) -> Iterator[Row]:
        """Every row that the URL asks for, for an export."""
        found = self.model.objects.of(account)
        return list_rows(request, self.spec, found, narrow=narrow, row=row)


def row(each: Any) -> Row:
    if isinstance(each, Payment):
        return Row(each.at, each.amount, each.status, each.transaction)
    return Row(each.at, each.amount, "Paid" if each.paid else "Unpaid")


def narrow(found: QuerySet[Any], state: ListState) -> QuerySet[Any]:
    if paid := state.filters.get("paid"):
        found = found.filter(paid=paid == "yes")
    return found.filter(transaction__icontains=state.q) if state.q else found


AT: Column[Row] = Column("at", "Date", "at", order=("at", "id"), text=lambda row: row.at)
STATUS: Column[Row] = Column("status", "Status", text=lambda row: row.status)
AMOUNT: Column[Row] = Column(
    "amount",
    "Amount",
    "amount",
    right=True,
    order=("amount", "id"),
    text=lambda row: money(row.amount),
)
TRANSACTION: Column[Row] = Column(
    "transaction", "Transaction", narrow=False, text=lambda row: row.transaction
)
PAID = Filter("paid", "Status", (Choice("yes", "Paid"), Choice("no", "Unpaid")))

LEDGERS = {
    "payments": Ledger(
        "payments",
        "Payments",
        "payment",
        Payment,
        ListSpec((AT, TRANSACTION, STATUS, AMOUNT), "-at", searchable="Search transactions"),
    ),
    "credits": Ledger(
        "credits", "Credits", "credit", Credit, ListSpec((AT, STATUS, AMOUNT), "-at", (PAID,))
    ),
}
