"""How what the operator's key shows of a ticket becomes rows of ours: every thread, whoever it is
for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.accounts.models import Account, Profile
from apps.emails import kept_or_typed
from apps.staff.models import InsideMessage, InsideTicket
from apps.support import clean
from apps.support.models import Ticket
from apps.support.services.taking import clean_all, known_moment
from apps.text import shortened
from apps.voicetel.client.records import support as told

Kind, Turn = InsideMessage.Kind, InsideTicket.Turn
PUBLIC = frozenset({Kind.CUSTOMER, Kind.SUPPORT})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A ticket as it is written, with all its threads."""

    ticket: int
    values: dict[str, Any]
    messages: list[InsideMessage]


def prepare(record: told.Ticket, threads: Sequence[told.Thread], now: datetime) -> Prepared:
    """Clean everything, outside any transaction."""
    said = [
        InsideMessage(
            thread=each.thread,
            kind=each.kind,
            body=each.body,
            html=each.html,
            text=each.text,
            at=each.at,
            author=each.author,
            reference=each.reference,
            attachments=each.attachments,
        )
        for each in clean_all(
            [thread for thread in threads if thread.public], account=None, ticket=record.id
        )
    ]
    inside = [_inside(thread, now) for thread in threads if not thread.public]
    messages = sorted([*said, *inside], key=lambda each: (each.at, each.thread))
    customer = record.customer or told.Person()
    opened = known_moment(record.created_at) or (messages[0].at if messages else now)
    updated = known_moment(record.updated_at) or opened
    values = {
        "number": str(record.number or record.id)[:20],
        "subject": shortened(record.subject or "No subject", 500),
        "status": record.status[:10],
        "opened_at": opened,
        "updated_at": updated,
        "threads": len(messages),
        "email": kept_or_typed(customer.email or "")[:254],
        "name": shortened(_name(customer), 254),
        "company": shortened(customer.company or "", 120),
        "assignee": shortened(_name(record.assignee), 120) if record.assignee else "",
        "read_at": now,
        "missed_at": None,
        "missed": 0,
    }
    return Prepared(record.id, values | of_messages(said, record.status, updated), messages)


def of_messages(said: Sequence[InsideMessage], status: str, updated: datetime) -> dict[str, Any]:
    """The columns that follow from the messages that customers see too, oldest first."""
    last = said[-1] if said else None
    since = updated
    for each in reversed(said):
        if last is None or each.kind != last.kind:
            break
        since = each.at
    last_from = "" if last is None else "customer" if last.kind == Kind.CUSTOMER else "support"
    customers = [each.thread for each in said if each.kind == Kind.CUSTOMER]
    return {
        "last_from": last_from,
        "waiting_since": since,
        "newest": max(customers, default=0),
        "preview": shortened(last.text, 200) if last else "",
        "turn": turn_of(status, last_from),
    }


def turn_of(status: str, last_from: str) -> str:
    if status == "spam":
        return Turn.SPAM
    if status == "closed":
        return Turn.CLOSED
    return Turn.THEIRS if status == "pending" or last_from == "support" else Turn.OURS


def kind_of(thread: told.Thread) -> str:
    """What a thread is that no customer may see."""
    if thread.state == "draft":
        return Kind.DRAFT
    acts = thread.action is not None and bool(thread.action.type or thread.action.text)
    if thread.type == "lineitem" or (thread.type == "note" and acts):
        return Kind.SYSTEM
    return Kind.NOTE if thread.type == "note" else Kind.OTHER


def _inside(thread: told.Thread, now: datetime) -> InsideMessage:
    kind, body = kind_of(thread), thread.body or ""
    if kind == Kind.SYSTEM and thread.action and not body:
        body = thread.action.text or thread.action.type
    plain = kind in {Kind.NOTE, Kind.SYSTEM}
    shown = clean.from_plain(body) if plain else clean.clean(body)
    return InsideMessage(
        thread=thread.id,
        kind=kind,
        body=body,
        html=shown,
        text=clean.text_of(shown),
        at=known_moment(thread.created_at) or now,
        author=shortened(thread.first_name, 254),
        attachments=[
            [shortened(each.file_name or "File", 200), each.file_url, each.size]
            for each in thread.attachments
            if clean.is_address(each.file_url)
        ],
    )


def _name(person: told.Person) -> str:
    return " ".join(filter(None, (person.first_name, person.last_name)))


def owners_of(tickets: Sequence[Prepared]) -> dict[int, tuple[Account | None, bool]]:
    """Whose each ticket is, by its id, and whether that is a guess."""
    return _owners({each.ticket: str(each.values["email"]) for each in tickets})


def owners_of_rows(rows: Sequence[InsideTicket]) -> dict[int, tuple[Account | None, bool]]:
    """The same for rows whose owner isn't sure, by primary key: only what is told differently."""
    found = _owners({each.ticket: each.email for each in rows})
    return {
        each.pk: found[each.ticket]
        for each in rows
        if found[each.ticket] != (each.account, each.guessed)
    }


def _owners(addresses: dict[int, str]) -> dict[int, tuple[Account | None, bool]]:
    """Of the accounts whose own list names a ticket the first; else the only one whose profile has
    the ticket's address. Two queries.
    """
    ids = list(addresses)
    named = Ticket.objects.across_accounts().filter(ticket__in=ids).select_related("account")
    sure = {each.ticket: each.account for each in named.order_by("-account_id")}
    by_address: dict[str, list[Account]] = {}
    wanted = set(filter(None, addresses.values()))
    for profile in Profile.objects.filter(email__in=wanted).select_related("account"):
        by_address.setdefault(kept_or_typed(profile.email), []).append(profile.account)
    found: dict[int, tuple[Account | None, bool]] = {}
    for ticket, address in addresses.items():
        candidates = by_address.get(address, [])
        if ticket in sure:
            found[ticket] = (sure[ticket], False)
        else:
            found[ticket] = (candidates[0], True) if len(candidates) == 1 else (None, False)
    return found


def write(prepared: Prepared, account: Account | None, *, guessed: bool) -> InsideTicket:
    """Write a ticket and its threads, within the caller's transaction."""
    row, _ = InsideTicket.objects.update_or_create(
        ticket=prepared.ticket,
        defaults=prepared.values | {"account": account, "guessed": guessed},
    )
    held = {each.thread: each for each in InsideMessage.objects.filter(ticket=row)}
    new = []
    for each in prepared.messages:
        each.ticket = row
        was = held.pop(each.thread, None)
        if was is None:
            new.append(each)
        elif (was.body, was.kind, was.author) != (each.body, each.kind, each.author):
            each.pk = was.pk
            each.save(force_update=True)
    InsideMessage.objects.filter(pk__in=[each.pk for each in held.values()]).delete()
    InsideMessage.objects.bulk_create(new)
    return row
