"""Tickets."""

from tests.client.cases.base import case

THREAD = {
    "id": 5,
    "type": "message",
    "state": "published",
    "status": "active",
    "body": "<p>Hello</p>",
    "createdAt": "2026-05-18T12:00:00Z",
    "createdBy": {"id": 1, "email": "agent@example.com", "type": "user"},
    "embedded": {
        "attachments": [
            {
                "id": 9,
                "fileName": "a.pdf",
                "fileUrl": "https://files.example/a.pdf",
                "mimeType": "application/pdf",
                "size": 10,
            }
        ]
    },
    "bcc": ["hidden@example.com"],
}
NOTE, DRAFT = {**THREAD, "id": 6, "type": "note"}, {**THREAD, "id": 7, "state": "draft"}
TICKET = {
    "id": 1001,
    "number": 2114,
    "subject": "Help",
    "status": "active",
    "state": "published",
    "threadsCount": 3,
    "createdAt": "2026-05-18T12:00:00Z",
    "customer": {"id": 1, "firstName": "Ann", "email": "ann@example.com", "notes": "secret"},
    "cc": ["hidden@example.com"],
    "embedded": {"threads": [THREAD, NOTE, DRAFT]},
}
CASES = (
    case(
        "ticketsList",
        lambda c: c.tickets.list(),
        "/v2.2/support/tickets",
        data={"totalCount": 7, "tickets": [TICKET]},
        have=lambda a: (a.total_count, [(x.id, x.number, x.subject) for x in a.tickets]),
        gives=(7, [(1001, "2114", "Help")]),
    ),
    case(
        "ticketsCreate",
        lambda c: c.tickets.create("Help", "Please", email="ann@example.com"),
        "/v2.2/support/tickets",
        body={"subject": "Help", "message": "Please", "email": "ann@example.com"},
        data={"ticket": TICKET},
        have=lambda a: a.id,
        gives=1001,
    ),
    case(
        "ticketsGet",
        lambda c: c.tickets.get(1001),
        "/v2.2/support/tickets/1001",
        data={"ticket": TICKET},
        have=lambda a: (
            [x.id for x in a.threads],
            [x.id for x in a.for_customer()],
            a.threads[0].attachments[0].file_name,
            "secret" in repr(a) or "hidden" in repr(a),
        ),
        gives=([5, 6, 7], [5], "a.pdf", False),
    ),
    case(
        "ticketsPut",
        lambda c: c.tickets.set_status(1001, "closed"),
        "/v2.2/support/tickets/1001",
        body={"status": "closed"},
        data={"id": 1001, "status": "success"},
        have=lambda a: a.id,
        gives=1001,
    ),
    case("ticketsDelete", lambda c: c.tickets.delete(1001), "/v2.2/support/tickets/1001"),
    case(
        "supportTicketMessages",
        lambda c: c.tickets.messages(1001),
        "/v2.2/support/tickets/1001/messages",
        data={"messages": [THREAD, NOTE, DRAFT]},
        have=lambda a: [(x.id, x.public) for x in a],
        gives=[(5, True), (6, False), (7, False)],
    ),
    case(
        "supportTicketReplyCreate",
        lambda c: c.tickets.reply(1001, "Thanks"),
        "/v2.2/support/tickets/1001/replies",
        body={"message": "Thanks"},
        data={"message": "Reply added"},
    ),
)
