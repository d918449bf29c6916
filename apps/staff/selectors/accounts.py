"""Every account as staff see it: never a key, and of a customer's own figures only how old they
are.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import DateTimeField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest

from apps.accounts.models import Account, JoinRequest, Membership, Session
from apps.accounts.roles import Role
from apps.copies.models import Copy
from apps.numbers.models import NUMBERS
from apps.ui.format import clock, count, moment
from apps.ui.tables import Choice, Column, Filter, ListSpec, ListState, Menu, Window

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
FEW = 3  # members named in a row; a search by address finds the others too
COLUMNS = (
    Column("number", "Account", sort="number"),
    Column("name", "Name", sort="name"),
    Column("key", "Key", sort="key"),
    Column("members", "Members", roomy=True),
    Column("seen", "Last seen", sort="seen"),
    Column("balance", "Balance read", sort="balance"),
    Column("numbers", "Numbers read", sort="numbers"),
)
KEYS = Filter("key", "Key", tuple(Choice(state.value, state.label) for state in Account.Key))
ASKED = Filter("asked", "Requests", (Choice("open", "Somebody asks to join"),))
SPEC = ListSpec(COLUMNS, "number", (KEYS, ASKED), searchable="Search accounts and members")
ORDERS = {
    "number": ("number",),
    "name": ("name", "number"),
    "key": ("key_state", "number"),
    "seen": ("seen", "number"),
    "balance": ("balance_at", "number"),
    "numbers": ("copy_at", "number"),
}
TONES = {Account.Key.LIVE: "good", Account.Key.DEAD: "bad", Account.Key.NONE: "neutral"}


@dataclass(frozen=True, slots=True)
class Row:
    """One account, ready to be shown. The three moments: None is never."""

    number: str
    name: str
    key: str
    tone: str
    since: str  # since when the key is in that state; empty: always
    since_exact: str
    members: list[tuple[str, str]]  # address, role
    more: int  # members not named
    seen_at: datetime | None
    balance_at: datetime | None
    copy_at: datetime | None
    asked: bool  # somebody asks to join, and nobody decided yet


@dataclass(frozen=True, slots=True)
class Listing:
    state: ListState
    window: Window
    menus: tuple[Menu, ...]
    rows: list[Row]
    announced: str


def list_accounts(request: HttpRequest) -> Listing:
    """The page of accounts that the URL asks for. Four queries, however many there are."""
    state = ListState.of(SPEC, request)
    found = _found(state)
    total = found.count()
    state = state.within(total)
    keys = list(
        _ordered(found, state).values_list("pk", flat=True)[
            state.offset : state.offset + state.size
        ]
    )
    rows = _rows(keys)
    words = f"{count(total, 'account')}{' found' if state.narrowed else ''}"
    return Listing(state, state.window(total), state.menus(), rows, words)


def _found(state: ListState) -> QuerySet[Account]:
    found = Account.objects.all()
    if key := state.filters.get("key"):
        found = found.filter(key_state=key)
    if state.filters.get("asked"):
        found = found.filter(_somebody_asks())
    if state.q:
        named = Q(user__email__icontains=state.q) | Q(user__name__icontains=state.q)
        members = Membership.objects.filter(named, account=OuterRef("pk"))
        found = found.filter(
            Q(number__contains=state.q)
            | Q(name__icontains=state.q)
            | Exists(members)
            | _somebody_asks(named)
        )
    return found


def _somebody_asks(*who: Q) -> Exists:
    return Exists(
        JoinRequest.objects.across_accounts().filter(
            *who, account=OuterRef("pk"), state=JoinRequest.State.OPEN
        )
    )


def _dated(found: QuerySet[Account]) -> QuerySet[Any]:
    """With seen, balance_at and copy_at; NEVER where there is none, so that both databases sort it
    alike.
    """
    members = Membership.objects.filter(account=OuterRef("pk")).order_by().values("account")
    sessions = (
        Session.objects.filter(user__memberships__account=OuterRef("pk"))
        .order_by()
        .values("user__memberships__account")
    )
    copies = Copy.objects.across_accounts().filter(account=OuterRef("pk"), name=NUMBERS)
    signed_in = Subquery(members.annotate(at=Max("user__last_login")).values("at"))
    last_used = Subquery(sessions.annotate(at=Max("seen")).values("at"))
    return found.annotate(
        seen=Greatest(_or_never(signed_in), _or_never(last_used)),
        balance_at=_or_never(F("profile__read_at")),
        copy_at=_or_never(Subquery(copies.values("read_at")[:1])),
    )


def _or_never(moment_of: Any) -> Coalesce:
    return Coalesce(moment_of, Value(NEVER), output_field=DateTimeField())


def _ordered(found: QuerySet[Account], state: ListState) -> QuerySet[Any]:
    sign, names = ("-" if state.sort.startswith("-") else ""), ORDERS[state.sort.lstrip("-")]
    dated = _dated(found) if names[0] in {"seen", "balance_at", "copy_at"} else found
    return dated.order_by(*(sign + name for name in names))


def _rows(keys: list[int]) -> list[Row]:
    """By name only what is shown: the sealed key is never even read."""
    columns = (
        "pk",
        "number",
        "name",
        "key_state",
        "key_changed_at",
        "seen",
        "balance_at",
        "copy_at",
        "asked",
    )
    shown = _dated(Account.objects.filter(pk__in=keys)).annotate(asked=_somebody_asks())
    found = {row[0]: row[1:] for row in shown.values_list(*columns)}
    members: dict[int, list[tuple[str, str]]] = {}
    of_page = Membership.objects.filter(account__in=keys).order_by("created_at", "pk")
    for account, email, role in of_page.values_list("account", "user__email", "role"):
        members.setdefault(account, []).append((email, Role(role).label.lower()))
    return [_row(*found[key], members=members.get(key, [])) for key in keys if key in found]


def _row(
    number: str,
    name: str,
    state: str,
    since: datetime | None,
    seen: datetime,
    balance_at: datetime,
    copy_at: datetime,
    asked: bool,
    *,
    members: list[tuple[str, str]],
) -> Row:
    key = Account.Key(state)
    return Row(
        number=number,
        name=name,
        key=key.label,
        tone=TONES[key],
        since=f"since {clock(since)} UTC" if since else "",
        since_exact=moment(since) if since else "",
        members=members[:FEW],
        more=max(0, len(members) - FEW),
        seen_at=_known(seen),
        balance_at=_known(balance_at),
        copy_at=_known(copy_at),
        asked=asked,
    )


def _known(at: datetime) -> datetime | None:
    return None if at == NEVER else at
