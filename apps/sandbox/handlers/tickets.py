"""Support tickets: one's own; administrators see everyone's."""

from typing import Any

from apps.sandbox.handlers.registry import plays
from apps.sandbox.models import Account, Thread, Ticket, World
from apps.sandbox.rules import Asked, Refusal
from apps.sandbox.world import helpdesk, porting

STATUSES = {"active", "pending", "closed", "spam"}


def open_ticket(account: str, email: str, subject: str, message: str, at: float) -> Ticket:
    ticket = Ticket.objects.create(
        account=account, email=email, subject=subject, at=at, updated_at=at
    )
    Thread.objects.create(ticket=ticket, type="customer", body=message, at=at)
    return ticket


def _found(asked: Asked) -> Ticket:
    """The ticket of the address: 404 if there is none, 403 if it is another's."""
    raw = asked.path["id"]
    ticket = (
        Ticket.objects.filter(pk=int(raw)).first()
        if raw.isascii() and raw.isdigit() and len(raw) < 12
        else None
    )
    if ticket is None:
        raise Refusal(404, "Ticket not found")
    if ticket.account != asked.account.pk and not asked.account.admin:
        raise Refusal(403, "Forbidden: not your ticket")
    return ticket


@plays("ticketsList")
def list_tickets(asked: Asked) -> dict[str, Any]:
    """Newest first, cut when there are many; totalCount counts them all."""
    helpdesk.answer_what_waits(asked.at)
    rows = (
        Ticket.objects.all()
        if asked.account.admin
        else Ticket.objects.filter(account=asked.account.pk)
    )
    most = World.objects.values_list("most_tickets", flat=True).get()
    return {
        "totalCount": rows.count(),
        "tickets": [helpdesk.ticket_shown(ticket) for ticket in rows.order_by("-at", "-pk")[:most]],
    }


@plays("ticketsCreate")
def create_ticket(asked: Asked) -> dict[str, Any]:
    subject, message, email = (
        asked.text("subject", most=500),
        asked.text("message", most=50_000),
        asked.maybe_text("email", most=200),
    )
    owner = asked.account
    if email and owner.admin:
        owner = Account.objects.filter(email__iexact=email).first() or owner
    ticket = open_ticket(
        owner.pk,
        email if email and asked.account.admin else owner.email,
        subject,
        message,
        asked.at,
    )
    return {"ticket": helpdesk.ticket_shown(ticket)}


@plays("ticketsGet")
def get_ticket(asked: Asked) -> dict[str, Any]:
    helpdesk.answer_what_waits(asked.at)
    return {"ticket": helpdesk.ticket_shown(_found(asked))}


@plays("ticketsPut")
def set_status(asked: Asked) -> dict[str, Any]:
    ticket, status = _found(asked), asked.body.get("status")
    if not isinstance(status, str) or status not in STATUSES:
        raise Refusal(400, f"Invalid or missing status: one of {', '.join(sorted(STATUSES))}")
    ticket.status, ticket.updated_at = status, asked.at
    ticket.closed_at = asked.at if status == "closed" else 0
    ticket.save()
    return {"id": ticket.pk, "status": "success"}


@plays("ticketsDelete")
def delete_ticket(asked: Asked) -> None:
    if not asked.account.admin:
        raise Refusal(403, "Forbidden: administrators only")
    _found(asked).delete()


@plays("supportTicketMessages")
def messages(asked: Asked) -> dict[str, Any]:
    helpdesk.answer_what_waits(asked.at)
    return {"messages": helpdesk.threads_shown(_found(asked))}


@plays("supportTicketReplyCreate")
def reply(asked: Asked) -> dict[str, Any]:
    """A customer's reply; one to a closed ticket opens it again."""
    ticket, message = _found(asked), asked.text("message", most=50_000)
    Thread.objects.create(ticket=ticket, type="customer", body=message, at=asked.at)
    ticket.status, ticket.updated_at, ticket.closed_at = "active", asked.at, 0
    ticket.save()
    porting.write_to(ticket.pk, asked.at)
    return {"message": "Reply added"}
