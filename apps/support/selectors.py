"""What is read of tickets: one conversation, what needs this person, what a search finds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.safestring import SafeString, mark_safe

from apps.accounts.models import Account, Membership, User
from apps.accounts.roles import Right, allows
from apps.changes.models import Entry
from apps.changes.states import OPEN, State
from apps.support.listing import TONES, is_unread, matching, with_seen
from apps.support.models import Draft, Message, Ticket, Written
from apps.ui.collected import Harm, Hit, Need

NEEDED = 5
AWAY = frozenset({State.ABSENT, State.REFUSED, State.CLOSED, State.ASK})


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a conversation. html: cleaned when it was written. new: not read yet."""

    thread: int
    who: str
    ours: bool
    at: datetime
    html: SafeString
    attachments: list[tuple[str, str, str]]
    new: bool


@dataclass(frozen=True, slots=True)
class Sending:
    """A text of this person's that VoiceTel does not show yet. entry: the change that sends it."""

    reference: str
    subject: str
    body: str
    at: datetime
    entry: Entry | None

    @property
    def state(self) -> str:
        return self.entry.state if self.entry else State.READY

    @property
    def lost(self) -> bool:
        """Whether it surely, or most likely, did not arrive."""
        return self.state in AWAY

    @property
    def moves(self) -> bool:
        return self.state in OPEN

    @property
    def word(self) -> str:
        if self.state == State.DONE:
            return "Received by VoiceTel"
        return self.entry.shown.word if self.entry else "Queued"


def get_ticket(account: Account, ticket: int, user: User) -> Any:
    """A row of listing.with_seen(). Raises Http404: another account's does not exist."""
    found = with_seen(account, user).filter(ticket=ticket).first()
    if found is None:
        raise Http404
    return found


def conversation(row: Any, account: Account, user: User) -> dict[str, Any]:
    """{"said": [Said], "sending": [Sending], "tone", "turn", "closed", "has_news"}."""
    upto = max(row.old, row.seen or 0)
    said = [
        Said(
            thread=each.thread,
            who=each.author or _nameless(each, account),
            ours=each.kind == Message.Kind.CUSTOMER,
            at=each.at,
            html=mark_safe(each.html),  # noqa: S308  cleaned by clean.py when it was written
            attachments=[(name, url, size_of(size)) for name, url, size in each.attachments],
            new=each.kind == Message.Kind.SUPPORT and each.thread > upto,
        )
        for each in Message.objects.filter(ticket=row).order_by("at", "thread")
    ]
    turn = Ticket.Turn(row.turn)
    return {
        "row": row,
        "said": said,
        "sending": list_sending(account, user, row.ticket),
        "turn": turn.label,
        "tone": TONES[turn],
        "closed": turn == Ticket.Turn.CLOSED,
        "has_news": is_unread(row),
    }


def _nameless(each: Message, account: Account) -> str:
    return "VoiceTel support" if each.kind == Message.Kind.SUPPORT else str(account)


def size_of(size: Any) -> str:
    """A file's size as people read it: "84 KB"."""
    if not isinstance(size, int) or size <= 0:
        return ""
    return f"{max(1, round(size / 1024)):,} KB" if size < 1 << 20 else f"{size / (1 << 20):.1f} MB"


def list_sending(account: Account, user: User, ticket: int) -> list[Sending]:
    """This member's texts for a ticket (0: new tickets) that VoiceTel does not show yet, oldest
    first. Two queries.
    """
    rows = list(
        Written.objects.of(account)
        .filter(user=user, ticket=ticket, seen_at=None)
        .exclude(entry=None)
        .order_by("pk")
    )
    entries = {
        each.pk: each
        for each in Entry.objects.of(account).filter(pk__in=[each.entry for each in rows])
    }
    return [
        Sending(each.reference, each.subject, each.body, each.at, entries.get(each.entry or 0))
        for each in rows
    ]


def find_draft(account: Account, user: User, ticket: int) -> Draft | None:
    return Draft.objects.of(account).filter(user=user, ticket=ticket).first()


def find_lost(account: Account, user: User, reference: str) -> Written | None:
    """A text of this member's that did not arrive."""
    return Written.objects.of(account).filter(user=user, reference=reference, seen_at=None).first()


def needs(account: Account, membership: Membership) -> list[Need]:
    """Tickets that wait for the customer. One query."""
    if not allows(membership.role, Right.TICKETS):
        return []
    waiting = Ticket.objects.of(account).filter(turn=Ticket.Turn.YOURS).order_by("-updated_at")
    return [
        Need(
            "info",
            f"VoiceTel support answered: {each.subject}",
            "Read and reply",
            f"/support/{each.ticket}/",
            each.waiting_since,
            Harm.DEADLINE,
        )
        for each in waiting[:NEEDED]
    ]


def find(account: Account, q: str, most: int) -> list[Hit]:
    """The account's newest tickets that match what was typed. One query."""
    if not (q := q.strip()):
        return []
    found = Ticket.objects.of(account).filter(matching(q)).order_by("-updated_at", "-ticket")
    return [
        Hit("Ticket", each.subject, Ticket.Turn(each.turn).label, f"/support/{each.ticket}/")
        for each in found[:most]
    ]
