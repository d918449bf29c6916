"""What staff do with tickets, by the operator's key."""

from typing import Any

from apps.accounts.models import Account, User
from apps.changes.change import Absent, Change, Found, Look, Taken, change
from apps.copies import claims
from apps.staff.desk.taking import turn_of
from apps.staff.models import InsideTicket
from apps.support import wording
from apps.support.changes import (
    CALLED,
    Writing,
    look_at_status,
    look_for_reply,
    look_for_ticket,
    put_status,
)
from apps.support.models import TICKETS, Ticket, Written
from apps.support.thing import NEW, TICKET
from apps.voicetel import clock
from apps.voicetel.client import Client, errors
from apps.voicetel.client.records import support as told


class OfStaff(Change):
    """A change of a ticket that staff make. Accounts whose ticket it is read their lists soon."""

    thing = TICKET

    def mark(self, by: str) -> None:
        for account in accounts_of(int(self.subject)):
            claims.mark_due(account, TICKETS)


def accounts_of(ticket: int) -> list[Account]:
    """The accounts whose own list names the ticket."""
    named = Ticket.objects.across_accounts().filter(ticket=ticket).values("account")
    return list(Account.objects.filter(pk__in=named))


@change("ticketsCreate", staff=User.Staff.SUPPORT)
class OpenTicketFor(Writing):
    """Open a ticket for a customer's email address. subject: NEW; title: its subject line."""

    title: str
    email: str
    name: str  # the first name of who writes

    def lane(self) -> str:
        return f"{TICKET.name}:{NEW}:{self.email}"

    def describe(self) -> str:
        return f"open a ticket for {self.email}: {self.title}"

    def opening_line(self) -> str:
        return wording.opening_of(self.name)

    def before(self) -> dict[str, Any]:
        known = InsideTicket.objects.order_by("-ticket").values_list("ticket", flat=True)
        return {"newest": known.first() or 0}

    def send(self, client: Client, key: str) -> told.Ticket:
        return client.tickets.create(self.title, self.body(), email=self.email)

    def done(self, answer: Any) -> None:
        if isinstance(answer, told.Ticket):
            Written.objects.across_accounts().filter(reference=self.reference).update(
                ticket=answer.id
            )

    def summary(self, answer: Any) -> dict[str, Any]:
        return {"ticket": answer.id} if isinstance(answer, told.Ticket) else {}

    def called(self, name: str) -> str:
        return "Ticket"

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        return look_for_ticket(client.tickets.list(), self.reference, before.get("newest", 0))


@change("supportTicketReplyCreate", staff=User.Staff.SUPPORT)
class ReplyAsStaff(Writing):
    """Reply to a ticket. VoiceTel's API writes in the customer's name, so the text says who it is.
    name: the first name of who writes.
    """

    name: str

    def describe(self) -> str:
        return f"reply to ticket {self.subject} as VoiceTel support"

    def now_true(self) -> str:
        return "Reply sent"

    def opening_line(self) -> str:
        return wording.opening_of(self.name)

    def send(self, client: Client, key: str) -> None:
        client.tickets.reply(int(self.subject), self.body())

    def done(self, answer: Any) -> None:
        put_inside(int(self.subject), "active", last_from="support")

    def mark(self, by: str) -> None:
        for account in accounts_of(int(self.subject)):
            claims.mark_due(account, TICKETS)

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        return look_for_reply(client.tickets.messages(int(self.subject)), self.reference)


@change("ticketsPut", staff=User.Staff.SUPPORT, again=True)
class SetStatusAsStaff(OfStaff):
    """Set a ticket's status: active, pending, closed or spam."""

    status: str

    def describe(self) -> str:
        return f"set ticket {self.subject} to {CALLED.get(self.status, self.status)}"

    def now_true(self) -> str:
        return f"Ticket {self.subject} is {CALLED.get(self.status, self.status)}"

    def words(self, name: str, value: Any) -> str:
        return CALLED.get(str(value), str(value))

    def before(self) -> dict[str, Any]:
        rows = InsideTicket.objects.filter(ticket=int(self.subject))
        return {"status": rows.values_list("status", flat=True).first() or ""}

    def send(self, client: Client, key: str) -> None:
        client.tickets.set_status(int(self.subject), self.status)

    def summary(self, answer: Any) -> dict[str, Any]:
        return {"status": self.status}

    def done(self, answer: Any) -> None:
        put_inside(int(self.subject), self.status)
        for account in accounts_of(int(self.subject)):
            put_status(account, int(self.subject), self.status)

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        return look_at_status(client, int(self.subject), self.status, before)


@change("ticketsDelete", staff=User.Staff.ADMIN, again=True, fresh=True)
class DeleteTicket(OfStaff):
    """Delete a ticket with all its messages, for good."""

    def describe(self) -> str:
        return f"delete ticket {self.subject}"

    def fresh_because(self) -> str:
        return "The ticket and its messages are gone for good, for the customer too."

    def now_true(self) -> str:
        return f"Ticket {self.subject} is deleted"

    def send(self, client: Client, key: str) -> None:
        try:
            client.tickets.delete(int(self.subject))
        except errors.Absent:
            return  # it is gone already, which is what was asked for

    def done(self, answer: Any) -> None:
        InsideTicket.objects.filter(ticket=int(self.subject)).delete()
        Ticket.objects.across_accounts().filter(ticket=int(self.subject)).delete()

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        try:
            client.tickets.get(int(self.subject))
        except errors.Absent:
            return Found(None)
        return Absent("the ticket is still there")


def put_inside(ticket: int, status: str, *, last_from: str = "") -> None:
    """Write a ticket's status to our copy, and who wrote last where that changed."""
    row = InsideTicket.objects.filter(ticket=ticket).first()
    if row is None:
        return
    row.status, row.last_from = status, last_from or row.last_from
    row.turn = turn_of(status, row.last_from)
    if last_from:
        row.waiting_since = clock.about_now()
    row.save(update_fields=["status", "last_from", "turn", "waiting_since"])
