"""How what VoiceTel tells of a ticket becomes rows of ours. Cleaning comes first, outside any
transaction; then one write.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from apps.accounts.models import Account
from apps.support import clean, wording
from apps.support.models import Message, Ticket, Written
from apps.support.services.telling import tell_answer
from apps.text import shortened
from apps.voicetel import clock
from apps.voicetel.client.records import support as told

LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)  # a moment before it stands for "not yet"
CLOSED = frozenset({"closed", "spam"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A ticket as it is written: its own columns, and its messages that a customer may see.

    messages: None where they are the same as ours.
    """

    ticket: int
    values: dict[str, Any]
    messages: list[Message] | None


def known_moment(at: datetime | None) -> datetime | None:
    return at if at and at > LONG_AGO else None


def prepare(
    record: told.Ticket, threads: Sequence[told.Thread], *, account: Account, now: datetime
) -> Prepared:
    """Whatever a customer may not see ends here: only public threads go on."""
    public = [each for each in threads if each.public]
    messages = clean_all(public, account=account, ticket=record.id)
    opened = known_moment(record.created_at) or (messages[0].at if messages else now)
    updated = known_moment(record.updated_at) or (messages[-1].at if messages else opened)
    values = {
        "number": str(record.number or record.id)[:20],
        "subject": shortened(record.subject or "No subject", 500),
        "status": record.status[:10],
        "opened_at": opened,
        "updated_at": updated,
        "closed_at": known_moment(record.closed_at) if record.status in CLOSED else None,
        "read_at": now,
        "missed_at": None,
        "missed": 0,
    }
    return Prepared(record.id, values | of_messages(messages, record.status), messages)


def of_messages(messages: Sequence[Message], status: str) -> dict[str, Any]:
    """The columns of a ticket that follow from its messages, oldest first."""
    last = messages[-1] if messages else None
    since = None
    for each in reversed(messages):
        if last is None or each.kind != last.kind:
            break
        since = each.at
    last_from = "" if last is None else "support" if is_ours(last) else "customer"
    return {
        "last_from": last_from,
        "waiting_since": since,
        "messages": len(messages),
        "newest": max((each.thread for each in messages if is_ours(each)), default=0),
        "preview": shortened(last.text, 200) if last else "",
        "preview_by": shortened(last.author, 80) if last else "",
        "turn": turn_of(status, last_from),
    }


def is_ours(message: Message) -> bool:
    """Whether VoiceTel support wrote it."""
    return message.kind == Message.Kind.SUPPORT


def turn_of(status: str, last_from: str) -> str:
    """Who has to act: of an open ticket, whoever was written to last."""
    if status in CLOSED:
        return Ticket.Turn.CLOSED
    if status == "pending" or last_from == "support":
        return Ticket.Turn.YOURS
    return Ticket.Turn.THEIRS


def clean_all(
    threads: Iterable[told.Thread], *, account: Account | None, ticket: int
) -> list[Message]:
    """Messages, oldest first, with who wrote each: what was sent from here is known by its
    reference, as long as it is the first with it, and of this very ticket.
    """
    found = sorted(threads, key=lambda each: (each.created_at or LONG_AGO, each.id))
    references = {each.id: reference_in(each) for each in found}
    wanted = set(filter(None, references.values()))
    written = (
        {
            each.reference: each
            for each in Written.objects.across_accounts().filter(reference__in=wanted)
            if _is_of(each, account, ticket)
        }
        if wanted
        else {}
    )
    return [_message(each, written.pop(references[each.id], None)) for each in found]


def reference_in(thread: told.Thread) -> str:
    return wording.find_reference(thread.body or "") if thread.type == "customer" else ""


def _is_of(written: Written, account: Account | None, ticket: int) -> bool:
    """Whether that text was sent to this ticket. A reference that someone copied proves nothing."""
    here = written.ticket in {0, ticket}
    return here and (written.staff or account is None or written.account_id == account.pk)


def _message(thread: told.Thread, written: Written | None) -> Message:
    body = thread.body or ""
    shown = clean.clean(body)
    kind, author = Message.Kind(thread.type), thread.first_name
    if kind == Message.Kind.CUSTOMER:
        author = ""
    if written is not None:
        shown, author = wording.without_reference(shown), written.name
        if written.staff:
            kind, shown = Message.Kind.SUPPORT, wording.without_opening(shown)
    return Message(
        thread=thread.id,
        kind=kind,
        body=body,
        html=shown,
        html_version=clean.VERSION,
        text=clean.text_of(shown),
        at=known_moment(thread.created_at) or clock.about_now(),
        author=shortened(author, 254),
        reference=written.reference if written else "",
        attachments=[
            [shortened(each.file_name or "File", 200), each.file_url, each.size]
            for each in thread.attachments
            if clean.is_address(each.file_url)
        ],
    )


def write(account: Account, prepared: Prepared, *, first: bool = False) -> Ticket:
    """Write a ticket and its messages, within the caller's transaction. first: it was found by the
    account's first look, so nothing of it is news.
    """
    old = {"old": prepared.values["newest"]} if first else {}
    before = Ticket.objects.of(account).filter(ticket=prepared.ticket)
    was = before.values_list("newest", flat=True).first()
    row, _ = Ticket.objects.of(account).update_or_create(
        account=account, ticket=prepared.ticket, defaults=prepared.values | old
    )
    if prepared.messages is not None:
        write_messages(row, prepared.messages)
        answers = [each for each in prepared.messages if is_ours(each)]
        if not first and answers and row.newest > max(row.old, was or 0):
            tell_answer(account, row, answers[-1].author)
    return row


def write_messages(row: Ticket, messages: Sequence[Message]) -> None:
    """Write what is new or was edited there, remove what is not there anymore, and let go of the
    texts of ours that have arrived.
    """
    held = {each.thread: each for each in Message.objects.filter(ticket=row)}
    new = []
    for each in messages:
        each.ticket = row
        was = held.pop(each.thread, None)
        if was is None:
            new.append(each)
        elif _differs(was, each):
            each.pk, each.at = was.pk, was.at
            each.save(force_update=True)
    if held:
        Message.objects.filter(pk__in=[each.pk for each in held.values()]).delete()
    Message.objects.bulk_create(new)
    if seen := [each.reference for each in messages if each.reference]:
        Written.objects.across_accounts().filter(reference__in=seen, seen_at=None).update(
            seen_at=clock.about_now(), body="", ticket=row.ticket
        )


def _differs(was: Message, now: Message) -> bool:
    return (was.body, was.html_version, was.author, was.attachments) != (
        now.body,
        now.html_version,
        now.author,
        now.attachments,
    )
