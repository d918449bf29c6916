"""Who gets what at the addresses of support."""

from datetime import UTC, datetime

from apps.accounts.roles import Right
from apps.staff.models import InsideTicket
from apps.support.models import Ticket
from tests.cast import Cast
from tests.matrix.row import Args, Row, Who

HERE = 4000  # an id that only Harbor has


def harbor_ticket(cast: Cast) -> Args:
    """One of Harbor's tickets, as our copy has it."""
    now = datetime.now(UTC)
    given = {
        "number": "1000",
        "subject": "One-way audio",
        "status": "active",
        "turn": Ticket.Turn.THEIRS,
        "opened_at": now,
        "updated_at": now,
        "read_at": now,
    }
    row, _ = Ticket.objects.of(cast.harbor).get_or_create(
        account=cast.harbor, ticket=HERE, defaults=given
    )
    return {"ticket": row.ticket}


def inside_ticket(cast: Cast) -> Args:
    """The same as staff see it."""
    now = datetime.now(UTC)
    given = {
        "number": "1000",
        "subject": "One-way audio",
        "status": "active",
        "turn": InsideTicket.Turn.OURS,
        "opened_at": now,
        "updated_at": now,
        "waiting_since": now,
        "read_at": now,
    }
    return {"ticket": InsideTicket.objects.get_or_create(ticket=HERE, defaults=given)[0].ticket}


def harbor_message(cast: Cast) -> Args:
    return {**harbor_ticket(cast), "thread": 7}


ABSENT = ({"ticket": 999_999_999}, {"ticket": 10**30})
TICKET = {"own": harbor_ticket, "absent": ABSENT}
INSIDE = {"own": inside_ticket, "absent": ABSENT}
ROWS: dict[str, Row] = {
    "staff:tickets": Row(get=Who.STAFF),
    "staff:tickets_refresh": Row(post=Who.STAFF),
    "staff:ticket_new": Row(
        get=Who.STAFF,
        post=Who.STAFF,
        data={"email": "owner@harbor.test", "subject": "Hello", "text": "There"},
    ),
    "staff:ticket_templates": Row(
        get=Who.STAFF, post=Who.STAFF, data={"name": "Hello", "text": "Hi {customer}"}
    ),
    "staff:ticket": Row(get=Who.STAFF, post=Who.STAFF, data={"text": "Thanks"}, **INSIDE),
    "staff:ticket_status": Row(post=Who.STAFF, data={"status": "pending"}, **INSIDE),
    "staff:ticket_delete": Row(get=Who.STAFF, post=Who.ADMIN, data={"typed": "1000"}, **INSIDE),
    "staff:ticket_take": Row(post=Who.STAFF, **INSIDE),
    "staff:ticket_aside": Row(post=Who.STAFF, data={"text": "Later"}, **INSIDE),
    "staff:ticket_typing": Row(post=Who.STAFF, data={"text": "Than"}, **INSIDE),
    "staff:ticket_here": Row(get=Who.STAFF, **INSIDE),
    "support:list": Row(get=Right.VIEW),
    "support:list_csv": Row(get=Right.VIEW),
    "support:list_xlsx": Row(get=Right.VIEW),
    "support:age": Row(get=Right.VIEW),
    "support:about": Row(get=Right.VIEW),
    "support:refresh": Row(post=Right.TICKETS),
    "support:new": Row(
        get=Right.TICKETS, post=Right.TICKETS, data={"subject": "Echo", "happened": "We hear it"}
    ),
    "support:new_draft": Row(post=Right.TICKETS, data={"subject": "Echo"}),
    "support:new_dismiss": Row(post=Right.TICKETS, data={"reference": "BCDFGHJK"}),
    "support:detail": Row(get=Right.VIEW, post=Right.TICKETS, data={"text": "Thanks"}, **TICKET),
    "support:talk": Row(get=Right.VIEW, **TICKET),
    "support:status": Row(post=Right.TICKETS, data={"status": "closed"}, **TICKET),
    "support:draft": Row(post=Right.TICKETS, data={"text": "Thanks"}, **TICKET),
    "support:seen": Row(
        post=Right.VIEW, own=harbor_message, absent=({"ticket": 999_999_999, "thread": 7},)
    ),
    "support:dismiss": Row(post=Right.TICKETS, data={"reference": "BCDFGHJK"}, **TICKET),
}
