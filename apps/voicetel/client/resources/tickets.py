"""Tickets with the provider's support."""

from apps.voicetel.client import checks
from apps.voicetel.client.records.account import Sent
from apps.voicetel.client.records.support import (
    OneTicket,
    Thread,
    Ticket,
    TicketMessages,
    Tickets,
    TicketUpdated,
)
from apps.voicetel.client.resources.base import Resource

STATUSES = ("active", "pending", "closed", "spam")


LIST = list  # the class has a method of that name


class TicketsResource(Resource):
    """An Unauthorized here may only mean "Account row not found": confirm before calling a key
    dead.
    """

    def list(self) -> Tickets:
        """ticketsList: the account's own, an administrator's key everyone's; perhaps fewer than
        `total_count`.
        """
        return self._call("ticketsList", Tickets)

    def get(self, ticket_id: int) -> Ticket:
        """ticketsGet, with its threads."""
        return self._call("ticketsGet", OneTicket, path=one(ticket_id)).ticket

    def create(self, subject: str, message: str, *, email: str | None = None) -> Ticket:
        """ticketsCreate. `email`: for which customer, by an administrator's key only."""
        checks.refuse(
            subject=checks.some(subject, "The subject", 500),
            message=checks.some(message, "The message", 100_000),
        )
        checks.each({"email": (email, checks.email(email))})
        body = checks.given(subject=subject, message=message, email=email)
        return self._call("ticketsCreate", OneTicket, body=body).ticket

    def set_status(self, ticket_id: int, status: str) -> TicketUpdated:
        """ticketsPut: active, pending, closed or spam."""
        checks.refuse(status=checks.one_of(status, "The status", STATUSES))
        return self._call("ticketsPut", TicketUpdated, path=one(ticket_id), body={"status": status})

    def delete(self, ticket_id: int) -> None:
        """ticketsDelete, by an administrator's key."""
        self._do("ticketsDelete", path=one(ticket_id))

    def messages(self, ticket_id: int) -> LIST[Thread]:
        """supportTicketMessages: notes and drafts among them; show a customer only those that are
        `public`.
        """
        return self._call("supportTicketMessages", TicketMessages, path=one(ticket_id)).messages

    def reply(self, ticket_id: int, message: str) -> None:
        """supportTicketReplyCreate: a *customer* reply, whoever's key it is."""
        checks.refuse(message=checks.some(message, "The message", 100_000))
        self._call("supportTicketReplyCreate", Sent, path=one(ticket_id), body={"message": message})


def one(ticket_id: int) -> dict[str, int]:
    checks.refuse(ticket_id=checks.identifier(ticket_id, "A ticket's id"))
    return {"id": ticket_id}
