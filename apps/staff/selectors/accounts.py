"""Every account as staff see it: never a key, and of a customer's own figures only how old they
are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import (
    DateTimeField,
    Exists,
    F,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest

from apps import phones
from apps.accounts.models import Account, JoinRequest, Membership, Session
from apps.accounts.roles import Role
from apps.copies.models import Copy
from apps.emails import kept_or_typed
from apps.numbers.models import NUMBERS
from apps.ui.format import clock, moment
from apps.ui.lists.page import Listing, list_page, list_rows
from apps.ui.lists.spec import Choice, Column, Filter, ListSpec
from apps.ui.lists.state import ListState

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
FEW = 3  # members named in a row; a search by address finds the others too
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
    asked: bool  # someone asks to join, and nobody decided yet

    @property
    def others(self) -> int:
        """How many members there are besides the first."""
        return max(0, len(self.members) + self.more - 1)

    @property
    def named(self) -> str:
        """The members in one line."""
        named = [f"{email} {role}" for email, role in self.members]
        return ", ".join([*named, f"and {self.more} more"] if self.more else named)


COLUMNS: tuple[Column[Row], ...] = (
    Column("number", "Account", "number", order=("number",), text=lambda row: row.number),
    Column("name", "Name", "name", order=("name", "number"), text=lambda row: row.name),
    Column("key", "Connection", "key", order=("key_state", "number"), text=lambda row: row.key),
    Column("members", "People", roomy=True, text=lambda row: row.named),
    Column("seen", "Last seen", "seen", order=("seen", "number"), text=lambda row: row.seen_at),
    Column(
        "balance",
        "Balance updated",
        "balance",
        order=("balance_at", "number"),
        text=lambda row: row.balance_at,
    ),
    Column(
        "numbers",
        "Numbers updated",
        "numbers",
        order=("copy_at", "number"),
        text=lambda row: row.copy_at,
    ),
)
KEYS = Filter("key", "Connection", tuple(Choice(state.value, state.label) for state in Account.Key))
ASKED = Filter("asked", "Requests", (Choice("open", "Someone asks to join"),))
SPEC = ListSpec(COLUMNS, "number", (KEYS, ASKED), searchable="Search accounts and members")


def list_accounts(request: HttpRequest) -> Listing[Row]:
    """The page of accounts that the URL asks for. Three queries, however many there are."""
    return list_page(request, SPEC, _found(), narrow=_narrow, row=_row, noun="account")


def list_all(request: HttpRequest) -> Iterator[Row]:
    """The same, all pages, for an export."""
    return list_rows(request, SPEC, _found(), narrow=_narrow, row=_row)


def _found() -> QuerySet[Any]:
    """Every account with all that a row shows. The sealed key is never even read."""
    members = Membership.objects.select_related("user").order_by("created_at", "pk")
    found: QuerySet[Any] = (
        _dated(Account.objects.defer("sealed_key"))
        .annotate(asked=_somebody_asks())
        .prefetch_related(Prefetch("memberships", members))
    )
    return found


def _narrow(found: QuerySet[Any], state: ListState) -> QuerySet[Any]:
    if key := state.filters.get("key"):
        found = found.filter(key_state=key)
    if state.filters.get("asked"):
        found = found.filter(_somebody_asks())
    if state.q:
        named = Q(user__email__icontains=state.q) | Q(user__name__icontains=state.q)
        named |= Q(user__email=kept_or_typed(state.q))
        members = Membership.objects.filter(named, account=OuterRef("pk"))
        found = found.filter(
            Q(number__contains=phones.sought(state.q)[0] or state.q)
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


def _row(account: Any) -> Row:
    key, since = Account.Key(account.key_state), account.key_changed_at
    members = [
        (each.user.email, Role(each.role).label.lower()) for each in account.memberships.all()
    ]
    return Row(
        number=account.number,
        name=account.name,
        key=key.label,
        tone=TONES[key],
        since=f"since {clock(since)} UTC" if since else "",
        since_exact=moment(since) if since else "",
        members=members[:FEW],
        more=max(0, len(members) - FEW),
        seen_at=_known(account.seen),
        balance_at=_known(account.balance_at),
        copy_at=_known(account.copy_at),
        asked=account.asked,
    )


def _known(at: datetime) -> datetime | None:
    return None if at == NEVER else at
