"""The list of an account's tickets."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest

from apps.accounts.models import Account, User
from apps.copies.models import Copy
from apps.support.models import Message, Seen, Ticket
from apps.text import plain
from apps.ui.lists.page import Listing, list_page, list_rows
from apps.ui.lists.spec import Choice, Column, Filter, ListSpec
from apps.ui.lists.state import ListState

TONES = {Ticket.Turn.YOURS: "warn", Ticket.Turn.THEIRS: "info", Ticket.Turn.CLOSED: "neutral"}


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket, ready to be shown. last: who wrote last and the first words of it."""

    ticket: int
    number: str
    subject: str
    turn: str
    tone: str
    last: str
    updated_at: datetime
    opened_at: datetime
    unread: bool

    @property
    def href(self) -> str:
        return f"/support/{self.ticket}/"


SUBJECT: Column[Row] = Column(
    "ticket", "Ticket", "opened", order=("opened_at", "ticket"), text=lambda row: row.subject
)
COLUMNS: tuple[Column[Row], ...] = (
    Column("number", "Number", table=False, text=lambda row: row.number),
    SUBJECT,
    Column(
        "turn", "Turn", "turn", order=("turn", "updated_at", "ticket"), text=lambda row: row.turn
    ),
    Column("last", "Last message", roomy=True, text=lambda row: row.last),
    Column("opened", "Opened", table=False, text=lambda row: row.opened_at),
    Column(
        "updated",
        "Updated",
        "updated",
        right=True,
        order=("updated_at", "ticket"),
        text=lambda row: row.updated_at,
    ),
)
TURN = Filter(
    "turn",
    "Turn",
    tuple(Choice(turn.value, turn.label) for turn in reversed(Ticket.Turn)),
)
SPEC = ListSpec(COLUMNS, "-turn", (TURN,), searchable="Search subjects and messages")


def list_tickets(request: HttpRequest, account: Account, user: User) -> Listing[Row]:
    """The page of tickets that the URL asks for, in two queries."""
    found = with_seen(account, user)
    return list_page(request, SPEC, found, narrow=narrow, row=row, noun="ticket")


def list_all(request: HttpRequest, account: Account, user: User) -> Iterator[Row]:
    """The same, all pages, for an export."""
    return list_rows(request, SPEC, with_seen(account, user), narrow=narrow, row=row)


def with_seen(account: Account, user: User) -> QuerySet[Any]:
    """The account's tickets, each with `seen`: up to which message this member read it."""
    seen = Seen.objects.filter(user=user, ticket=OuterRef("pk")).values("thread")
    found: QuerySet[Any] = Ticket.objects.of(account).annotate(seen=Subquery(seen))
    return found


def is_unread(each: Any) -> bool:
    """Of a row of with_seen()."""
    return bool(each.newest > max(each.old, each.seen or 0))


def narrow(found: QuerySet[Any], state: ListState) -> QuerySet[Any]:
    if turn := state.filters.get("turn"):
        found = found.filter(turn=turn)
    return found.filter(matching(state.q)) if state.q else found


def matching(q: str) -> Q:
    """What was typed: a ticket's number, or words of its subject or messages."""
    number = plain(q).lstrip("#")
    said = Message.objects.filter(ticket=OuterRef("pk"), text__icontains=q)
    asked = Q(subject__icontains=q) | Q(Exists(said))
    return asked | Q(number=number) if number.isdigit() else asked


def row(each: Any) -> Row:
    turn = Ticket.Turn(each.turn)
    return Row(
        ticket=each.ticket,
        number=each.number,
        subject=each.subject,
        turn=turn.label,
        tone=TONES[turn],
        last=last_of(each),
        updated_at=each.updated_at,
        opened_at=each.opened_at,
        unread=is_unread(each),
    )


def last_of(each: Ticket) -> str:
    """The last message in a line: "Dana: Can you confirm that"."""
    who = each.preview_by or ("VoiceTel" if each.last_from == "support" else "")
    return f"{who}: {each.preview}" if who and each.preview else each.preview


def cut_note(account: Account, copy: Copy | None) -> str:
    """What to say of a list that VoiceTel cut; "" of a whole one."""
    facts = json.loads(copy.facts) if copy else {}
    if not facts.get("cut"):
        return ""
    held = Ticket.objects.of(account).count()
    total = max(facts.get("total", 0), held)
    if held >= total:
        return ""
    return f"VoiceTel's list was cut short: this page shows {held:,} of {total:,} tickets."
