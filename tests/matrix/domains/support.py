"""Who gets what at the addresses of support."""

from datetime import UTC, datetime

from apps.accounts.roles import Right
from apps.support.models import Ticket
from tests.cast import Cast
from tests.matrix.row import Args, Row

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


def harbor_message(cast: Cast) -> Args:
    return {**harbor_ticket(cast), "thread": 7}


ABSENT = ({"ticket": 999_999_999}, {"ticket": 10**30})
TICKET = {"own": harbor_ticket, "absent": ABSENT}
ROWS: dict[str, Row] = {
    "support:list": Row(get=Right.VIEW),
    "support:list_csv": Row(get=Right.VIEW),
    "support:list_xlsx": Row(get=Right.VIEW),
    "support:age": Row(get=Right.VIEW),
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
