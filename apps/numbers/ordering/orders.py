"""What an order came to: each of its numbers, and the receipt; and the list of orders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Coalesce
from django.http import Http404, HttpRequest

from apps.accounts.models import Account
from apps.changes.models import Entry, Item
from apps.changes.selectors import how_often
from apps.changes.states import FINAL, SHOWN, Shown, State, shown
from apps.numbers.models import Cart, CartLine
from apps.numbers.ordering.carts import entries_of
from apps.numbers.selectors.one import list_route_names, route_words
from apps.numbers.thing import ORDER
from apps.ui.format import count, money, phone
from apps.ui.lists.page import Listing, list_page, list_rows
from apps.ui.lists.spec import Column, ListSpec
from apps.ui.lists.state import ListState

WAITS = frozenset({State.READY, State.NOT_SENT})
UNKNOWN = frozenset({State.SENDING, State.DOUBT, State.ASK})
# which one word says what became of a whole order, worst first
ORDER_OF_WORDS = (
    State.ASK,
    State.DOUBT,
    State.SENDING,
    State.NOT_SENT,
    State.READY,
)

COUNTED = (*ORDER_OF_WORDS, State.DONE, State.REFUSED, State.ABSENT)


@dataclass(frozen=True, slots=True)
class Line:
    """One number of an order. state: of this number alone. charged: micro-dollars; None while it is
    not known.
    """

    number: str
    shown: str
    place: str
    label: str
    route: str
    state: State
    mark: Shown
    said: str
    charged: int | None
    again: bool  # where it failed: only along with others, so it can be ordered by a new press

    @property
    def done(self) -> bool:
        return self.state == State.DONE


@dataclass(frozen=True, slots=True)
class OrderPage:
    """An order as its page shows it. every: seconds after which the page looks again; 0: never."""

    cart: Cart
    entries: Sequence[Entry]
    lines: Sequence[Line]
    every: int

    @property
    def ordered(self) -> list[Line]:
        return [each for each in self.lines if each.done]

    @property
    def unknown(self) -> list[Line]:
        """Numbers of which nobody knows yet whether they were ordered: not to be ordered again."""
        return [each for each in self.lines if each.state in UNKNOWN]

    @property
    def waiting(self) -> list[Line]:
        return [each for each in self.lines if each.state in WAITS]

    @property
    def failed(self) -> list[Line]:
        return [each for each in self.lines if not each.done and each.state not in UNKNOWN | WAITS]

    @property
    def others(self) -> list[Line]:
        """Numbers that failed only along with others: they can be ordered by a new press."""
        return [each for each in self.failed if each.again]

    @property
    def charged(self) -> int:
        """Micro-dollars that VoiceTel says it took."""
        done = [each for each in self.entries if each.state in FINAL]
        return sum(each.price if each.charged is None else each.charged for each in done)

    @property
    def possible(self) -> int:
        """Micro-dollars that may still be taken, or may have been."""
        return self.cart.each * (len(self.unknown) + len(self.waiting))

    @property
    def state(self) -> State:
        return worst([each.state for each in self.entries], len(self.ordered), len(self.lines))

    @property
    def mark(self) -> Shown:
        return SHOWN[self.state]

    @property
    def asks(self) -> bool:
        """Whether a person must say what became of some."""
        return any(each.state == State.ASK for each in self.unknown)

    @property
    def similar(self) -> str:
        """The query string of a search for numbers like the first that failed."""
        return urlencode({"area": self.failed[0].number[:3]}) if self.failed else ""

    @property
    def title(self) -> str:
        many, done = len(self.lines), len(self.ordered)
        if self.unknown or self.waiting:
            return f"Ordering {count(many, 'number')}"
        if done == many:
            return f"{count(many, 'number')} ordered"
        return f"{done:,} of {count(many, 'number')} ordered" if done else "Nothing was ordered"

    @property
    def bound(self) -> str:
        """VoiceTel's order ids, as it told them."""
        ids = dict.fromkeys(each.bound.partition(":")[0] for each in self.entries if each.bound)
        return ", ".join(ids)

    @property
    def quotes(self) -> list[str]:
        """What VoiceTel said to calls that it declined whole."""
        said = [each.said for each in self.entries if each.state == State.REFUSED and each.said]
        return list(dict.fromkeys(said))


def worst(states: Sequence[str], done: int, many: int) -> State:
    """The state of a whole order from those of its changes, and how many numbers it got."""
    for state in ORDER_OF_WORDS:
        if state in states:
            return state
    if done or State.DONE in states:
        return State.DONE if done in {0, many} else State.PARTLY
    return State(states[0]) if states else State.CLOSED


def get_order(account: Account, pk: int) -> Cart:
    """Raises Http404: another account's order does not exist, nor does a cart."""
    found = Cart.objects.of(account).filter(pk=pk, state=Cart.State.ORDERED).first()
    if found is None:
        raise Http404
    found.account = account
    return found


def order_page(cart: Cart) -> OrderPage:
    """Four queries: lines, changes, results, routes."""
    entries = entries_of(cart)
    items = {item.subject: item for item in Item.objects.filter(entry__in=[e.pk for e in entries])}
    by_number = {number: entry for entry in entries for number in entry.args.get("numbers", ())}
    names = list_route_names(cart.account)
    held = list(cart.lines.order_by("number"))
    declined = " ".join(each.said for each in entries if each.state == State.REFUSED)
    gone = frozenset(line.number for line in held if line.number in declined)
    lines = [
        _line(line, by_number.get(line.number), items.get(line.number), names, cart.each, gone)
        for line in held
    ]
    every = min((how_often(each) for each in entries if each.moves), default=0)
    return OrderPage(cart, entries, sorted(lines, key=_rank), every)


def _rank(line: Line) -> tuple[int, str]:
    """Those that failed first, then those in doubt, then the rest."""
    first = 2 if line.done or line.state in WAITS else 1 if line.state in UNKNOWN else 0
    return first, line.number


def _line(
    line: CartLine,
    entry: Entry | None,
    item: Item | None,
    names: dict[int, str],
    each: int,
    gone: frozenset[str],
) -> Line:
    told = item if item and item.state != State.DOUBT else None
    state = State(told.state if told else entry.state if entry else State.CLOSED)
    sent = entry is not None and entry.sent_at is not None
    if told:
        said = told.said
    elif entry is None:
        said = "It wasn't sent."
    elif state == State.REFUSED:
        said = "VoiceTel says it isn't available." if line.number in gone else ""
    else:
        said = entry.said if state in {State.CLOSED, State.ABSENT} else ""
    unsure = state in UNKNOWN | WAITS or (state == State.CLOSED and sent)
    return Line(
        line.number,
        phone(line.number),
        line.place,
        line.label,
        route_words(names, line.route),
        state,
        shown(state, sent=sent),
        said,
        each if state == State.DONE else None if unsure else 0,
        told is None and not unsure and line.number not in gone,
    )


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in the list. price, charged: micro-dollars."""

    pk: int
    at: datetime
    by: str
    count: int
    done: int
    price: int
    charged: int
    state: State

    @property
    def mark(self) -> Shown:
        return SHOWN[self.state]


SPEC: ListSpec[OrderRow] = ListSpec(
    (
        Column("order", "Order", order=("pk",), text=lambda row: str(row.pk)),
        Column("at", "Date", "at", order=("ordered_at", "pk"), text=lambda row: row.at),
        Column("by", "By", text=lambda row: row.by),
        Column("count", "Numbers", right=True, text=lambda row: row.count),
        Column("done", "Ordered", right=True, text=lambda row: row.done),
        Column("state", "Status", text=lambda row: row.mark.word),
        Column("price", "Price", right=True, text=lambda row: money(row.price)),
        Column("charged", "Charged", right=True, text=lambda row: money(row.charged)),
    ),
    "-at",
)


def list_orders(request: HttpRequest, account: Account) -> Listing[OrderRow]:
    """The page of orders that the URL asks for, in two queries."""
    return list_page(request, SPEC, _orders(account), narrow=_all, row=_row, noun="order")


def all_orders(request: HttpRequest, account: Account) -> Iterator[OrderRow]:
    """Every order, for an export."""
    return list_rows(request, SPEC, _orders(account), narrow=_all, row=_row)


def _all(found: Any, state: ListState) -> Any:
    return found


def _orders(account: Account) -> QuerySet[Cart]:
    """Orders with what their changes came to, by subqueries along the index of things."""
    entries = (
        Entry.objects.of(account)
        .filter(thing=ORDER.name, subject=OuterRef("id_text"))
        .order_by()
        .values("subject")
    )
    items = (
        Item.objects.filter(
            entry__account=account,
            entry__thing=ORDER.name,
            entry__subject=OuterRef("id_text"),
            state=State.DONE,
        )
        .order_by()
        .values("entry__subject")
    )
    found = Cart.objects.of(account).filter(state=Cart.State.ORDERED)
    found = found.annotate(id_text=Cast("pk", CharField()))
    counted = {
        f"in_{state.value}": Coalesce(
            Subquery(entries.filter(state=state).annotate(n=Count("pk")).values("n")),
            0,
        )
        for state in COUNTED
    }
    return found.annotate(
        charged=Coalesce(Subquery(entries.annotate(n=Sum("charged")).values("n")), 0),
        done=Coalesce(Subquery(items.annotate(n=Count("pk")).values("n")), 0),
        **counted,
    )


def _row(cart: Any) -> OrderRow:
    states = [state for state in COUNTED if getattr(cart, f"in_{state.value}")]
    return OrderRow(
        cart.pk,
        cart.ordered_at,
        cart.by_name,
        cart.count,
        cart.done,
        cart.each * cart.count,
        cart.charged,
        worst(states, cart.done, cart.count),
    )
