"""What an account's members do with tickets. What staff do: apps/staff/changes.py.

Opening one and replying are not idempotent at VoiceTel: each is sent once, and what became of it is
found by the reference in its last line.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from apps.accounts.roles import Right
from apps.changes.change import Absent, Change, Found, Look, Taken, Unclear, change, secret
from apps.copies import claims
from apps.support import wording
from apps.support.about import link
from apps.support.models import TICKETS, Ticket, Written
from apps.support.services.taking import prepare, turn_of, write
from apps.support.thing import NEW, TICKET
from apps.voicetel import clock
from apps.voicetel.client import Client
from apps.voicetel.client.records import support as told

CALLED = {
    "active": "open",
    "pending": "waiting for the customer",
    "closed": "closed",
    "spam": "spam",
}


@dataclass(frozen=True, kw_only=True)
class Writing(Change):
    """Sends a text. reference: its last line at VoiceTel; text: what was typed, kept in Written as
    well until VoiceTel shows it.
    """

    thing = TICKET
    reference: str
    text: str = secret()

    def body(self) -> str:
        return wording.as_html(self.text, self.reference, opening=self.opening_line())

    def opening_line(self) -> str:
        return ""

    def binds(self, answer: Any) -> str:
        return f"ticket:{answer.id}" if isinstance(answer, told.Ticket) else ""

    def mark(self, by: str) -> None:
        """The list and the ticket are read again soon: what was written shows with them."""
        if self.account is not None:
            claims.mark_due(self.account, TICKETS)


@change("ticketsCreate", needs=Right.TICKETS)
class OpenTicket(Writing):
    """Open a ticket. subject: NEW, as it has no id yet; title: its subject line; about: a thing as
    an address names it (about.py), or "".
    """

    title: str
    about: str

    def lane(self) -> str:
        return f"{TICKET.name}:{NEW}"

    def describe(self) -> str:
        return f"open a ticket: {self.title}"

    def now_true(self) -> str:
        return f"Ticket opened: {self.title}"

    def before(self) -> dict[str, Any]:
        """newest: the highest id that we know, to see how far back a cut list goes."""
        known = Ticket.objects.of(self.account).order_by("-ticket").values_list("ticket", flat=True)
        return {"newest": known.first() or 0}

    def send(self, client: Client, key: str) -> told.Ticket:
        return client.tickets.create(self.title, self.body())

    def done(self, answer: Any) -> None:
        if isinstance(answer, told.Ticket):
            now = clock.about_now()
            Written.objects.across_accounts().filter(reference=self.reference).update(
                ticket=answer.id
            )
            write(self.account, prepare(answer, answer.threads, account=self.account, now=now))
            link(self.account, answer.id, self.about)

    def summary(self, answer: Any) -> dict[str, Any]:
        return {"ticket": answer.id} if isinstance(answer, told.Ticket) else {}

    def called(self, name: str) -> str:
        return "Ticket"

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        return look_for_ticket(client.tickets.list(), self.reference, before.get("newest", 0))


@change("supportTicketReplyCreate", needs=Right.TICKETS)
class ReplyToTicket(Writing):
    """Reply to a ticket. subject: its id. A reply to a closed one opens it again."""

    def describe(self) -> str:
        return f"reply to ticket {self.subject}"

    def now_true(self) -> str:
        return "Reply sent"

    def send(self, client: Client, key: str) -> None:
        client.tickets.reply(int(self.subject), self.body())

    def done(self, answer: Any) -> None:
        put_status(self.account, int(self.subject), "active", last_from="customer")

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        return look_for_reply(client.tickets.messages(int(self.subject)), self.reference)


@change("ticketsPut", needs=Right.TICKETS, again=True)
class SetTicketStatus(Change):
    """Close a ticket, or open it again. subject: its id; status: closed or active."""

    thing = TICKET
    status: str

    def describe(self) -> str:
        verb = "close" if self.status == "closed" else "reopen"
        return f"{verb} ticket {self.subject}"

    def now_true(self) -> str:
        return "Ticket closed" if self.status == "closed" else "Ticket reopened"

    def words(self, name: str, value: Any) -> str:
        return CALLED.get(str(value), str(value))

    def before(self) -> dict[str, Any]:
        rows = Ticket.objects.of(self.account).filter(ticket=int(self.subject))
        return {"status": rows.values_list("status", flat=True).first() or ""}

    def send(self, client: Client, key: str) -> None:
        client.tickets.set_status(int(self.subject), self.status)

    def summary(self, answer: Any) -> dict[str, Any]:
        return {"status": self.status}

    def done(self, answer: Any) -> None:
        put_status(self.account, int(self.subject), self.status)

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        return look_at_status(client, int(self.subject), self.status, before)

    def undo(self, before: dict[str, Any]) -> Change | None:
        was = before.get("status")
        other = "active" if self.status == "closed" else "closed"
        same = was == other or (was == "pending" and other == "active")
        return SetTicketStatus(self.account, self.subject, status=other) if same else None


def put_status(account: Any, ticket: int, status: str, *, last_from: str = "") -> None:
    """Write a ticket's status to our copy, and who wrote last where that changed."""
    row = Ticket.objects.of(account).filter(ticket=ticket).first()
    if row is None:
        return
    row.status, row.last_from = status, last_from or row.last_from
    row.turn = turn_of(status, row.last_from)
    row.closed_at = clock.about_now() if status == "closed" else None
    if last_from:
        row.waiting_since = clock.about_now()
    row.save(update_fields=["status", "last_from", "turn", "closed_at", "waiting_since"])


def look_for_ticket(listed: told.Tickets, reference: str, newest: int) -> Look:
    """The ticket whose first message of the customer's has the reference. A list that is cut proves
    nothing of what it leaves out, unless it goes from the newest back to a ticket of before.
    """
    for each in listed.tickets:
        first = next((thread for thread in each.threads if thread.type == "customer"), None)
        if first and wording.find_reference(first.body or "") == reference:
            return Found(each)
    opened = [each.created_at for each in listed.tickets if each.created_at]
    whole = (listed.total_count or 0) <= len(listed.tickets)
    in_order = opened == sorted(opened, reverse=True)
    if whole or (in_order and newest and any(each.id <= newest for each in listed.tickets)):
        return Absent("no such ticket")
    return Unclear("VoiceTel's list of tickets is cut short.")


def look_for_reply(threads: Iterable[told.Thread], reference: str) -> Look:
    """The message with the reference."""
    for each in threads:
        if each.type == "customer" and wording.find_reference(each.body or "") == reference:
            return Found(each)
    return Absent("no such message")


def look_at_status(client: Client, ticket: int, wanted: str, before: dict[str, Any]) -> Look:
    """The status itself. One that is neither the wanted one nor the one before was set by someone
    else.
    """
    status = client.tickets.get(ticket).status
    if status == wanted:
        return Found(None)
    shows = f"the ticket is {CALLED.get(status, status)}"
    if status == before.get("status"):
        return Absent(shows)
    return Unclear(
        "Someone at VoiceTel changed the ticket's status meanwhile.", ask=True, shows=shows
    )
