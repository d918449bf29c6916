"""The support desk behind the tickets: what a ticket looks like in an answer, and an agent who
writes back after a while.
"""

from typing import Any

from apps.sandbox import clock
from apps.sandbox.database import writing
from apps.sandbox.models import Account, Thread, Ticket

ANSWERS_AFTER = 600.0  # seconds by the provider's clock
AGENT = {
    "id": 7,
    "firstName": "Dana",
    "lastName": "Reyes",
    "email": "dana@support.demo.test",
    "type": "user",
}
BY_AGENT = {"id": 7, "email": "dana@support.demo.test", "type": "user"}
NEVER = "1970-01-01T00:00:00Z"  # the document knows no null here: a moment that says "not yet"
ANSWER = (
    "<p>Hello,</p><p>thank you for writing. We are <strong>looking into it</strong> and will be"
    " back soon.</p><p>Dana</p>"
)
NOTE = "Customer since 2025. Check the switch logs before answering further."
DRAFT = "<p>Draft: the trunk was misconfigured on our side.</p>"


def answer_what_waits(at: float) -> None:
    """Each ticket whose customer wrote last, a while ago: a note inside, an answer, and a draft
    that is not sent yet.
    """
    waiting = [
        (ticket, last)
        for ticket in Ticket.objects.filter(status="active", updated_at__lte=at - ANSWERS_AFTER)
        if (
            last := ticket.threads.filter(draft=False)
            .exclude(type="note")
            .order_by("-at", "-pk")
            .first()
        )
        and last.type == "customer"
    ]
    if not waiting:
        return
    with writing():
        for ticket, last in waiting:
            when = last.at + ANSWERS_AFTER
            Thread.objects.create(ticket=ticket, type="note", body=NOTE, at=when - 60)
            Thread.objects.create(
                ticket=ticket, type="message", body=ANSWER, at=when, attached=True
            )
            Thread.objects.create(
                ticket=ticket, type="message", body=DRAFT, at=when + 30, draft=True
            )
            Ticket.objects.filter(pk=ticket.pk).update(updated_at=when)


def ticket_shown(ticket: Ticket) -> dict[str, Any]:
    """supportConversation, with every thread."""
    threads = list(ticket.threads.order_by("at", "pk"))
    customer = _customer(ticket)
    written = [thread for thread in threads if thread.type != "note" and not thread.draft]
    by_customer = [thread for thread in written if thread.type == "customer"]
    by_agent = [thread for thread in written if thread.type == "message"]
    newest = written[-1] if written else None
    return {
        "id": ticket.pk,
        "number": ticket.pk - 3000,
        "subject": ticket.subject,
        "status": ticket.status,
        "state": "published",
        "type": "email",
        "folderId": 1,
        "mailboxId": 2,
        "threadsCount": len(threads),
        "preview": by_customer[-1].body[:100] if by_customer else "",
        "createdAt": clock.iso(ticket.at),
        "updatedAt": clock.iso(ticket.updated_at),
        "userUpdatedAt": clock.iso(by_agent[-1].at if by_agent else ticket.at),
        "closedAt": clock.iso(ticket.closed_at) if ticket.closed_at else NEVER,
        "closedBy": AGENT["id"] if ticket.closed_at else 0,
        "closedByUser": (
            AGENT
            if ticket.closed_at
            else {**AGENT, "id": 0, "firstName": "", "lastName": "", "email": ""}
        ),
        "customerWaitingSince": {
            "time": clock.iso(newest.at if newest else ticket.at),
            "friendly": "a while",
            "latestReplyFrom": "customer" if newest and newest.type == "customer" else "user",
        },
        "source": {"type": "api", "via": "customer"},
        "createdBy": {"id": customer["id"], "email": ticket.email, "type": "customer"},
        "assignee": {**AGENT, "photoUrl": ""},
        "customer": customer,
        "customFields": [{"id": 1, "name": "Priority", "value": "2", "text": "Normal"}],
        "cc": [],
        "bcc": [],
        "embedded": {"threads": [_thread(ticket, thread, customer) for thread in threads]},
    }


def threads_shown(ticket: Ticket) -> list[dict[str, Any]]:
    customer = _customer(ticket)
    return [_thread(ticket, thread, customer) for thread in ticket.threads.order_by("at", "pk")]


def _thread(ticket: Ticket, thread: Thread, customer: dict[str, Any]) -> dict[str, Any]:
    ours = thread.type != "customer"
    attachment = {
        "id": 5000 + thread.pk,
        "fileName": "logs.txt",
        "fileUrl": f"https://support.example.com/attachment/{5000 + thread.pk}",
        "mimeType": "text/plain",
        "size": 4096,
    }
    return {
        "id": 90_000 + thread.pk,
        "type": thread.type,
        "status": ticket.status,
        "state": "draft" if thread.draft else "published",
        "body": thread.body,
        "createdAt": clock.iso(thread.at),
        "openedAt": clock.iso(thread.at) if ours else NEVER,
        "createdBy": (
            BY_AGENT if ours else {"id": customer["id"], "email": ticket.email, "type": "customer"}
        ),
        "customer": customer,
        "assignedTo": AGENT,
        "action": {"type": "", "text": ""},
        "source": {"type": "web" if ours else "api", "via": "user" if ours else "customer"},
        "to": [ticket.email] if ours else [],
        "cc": [],
        "bcc": ["archive@support.demo.test"] if ours else [],
        "rating": 0,
        "ratingComment": "",
        "embedded": {"attachments": [attachment] if thread.attached else []},
    }


def _customer(ticket: Ticket) -> dict[str, Any]:
    account = Account.objects.filter(pk=ticket.account).first()
    name = account.name if account else ticket.email
    first, _, last = name.partition(" ")
    number = int(ticket.account) % 1_000_000 if ticket.account.isdigit() else 0
    return {
        "id": number,
        "type": "customer",
        "firstName": first[:40],
        "lastName": last[:40],
        "email": ticket.email,
        "company": name[:60],
        "jobTitle": "",
        "notes": "Pays late; be kind.",
        "photoType": "unknown",
        "photoUrl": "",
        "createdAt": clock.iso(account.created if account else ticket.at),
        "updatedAt": clock.iso(ticket.at),
        "embedded": {
            "emails": [{"id": 1, "type": "work", "value": ticket.email}],
            "phones": [],
            "socialProfiles": [],
            "websites": [],
            "address": {"street": "", "city": "", "state": "", "zip": "", "country": "US"},
        },
    }
