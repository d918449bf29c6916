"""What Home and the search collect of ports."""

from apps.accounts.models import Account, Membership
from apps.accounts.roles import Right, allows
from apps.porting.models import Port, with_numbers
from apps.porting.rules.stages import Stage
from apps.porting.selectors import desk
from apps.ui.collected import Harm, Hit, Need

NEEDED = 5  # ports, on Home


def needs(account: Account, membership: Membership) -> list[Need]:
    """Letters to sign and rejections, for who can act. One query, and one for their numbers."""
    if not account.connected or not allows(membership.role, Right.MANAGE):
        return []
    return [
        Need(
            "bad" if each.port.stage == Stage.REJECTED else "warn",
            each.text,
            "View reason" if each.port.stage == Stage.REJECTED else "Sign letter",
            each.row.href,
            each.port.changed_at,
            Harm.DEADLINE,
        )
        for each in desk.waiting(account, NEEDED)
    ]


def find(account: Account, q: str, most: int) -> list[Hit]:
    """Ports by a part of a number, the carrier or VoiceTel's id. Two queries; none without
    words.
    """
    if not q.strip():
        return []
    found = Port.objects.of(account).filter(desk.matches(q.strip()))
    rows = found.order_by("-created_at", "-pk").prefetch_related(with_numbers(account))[:most]
    return [Hit("Port", title_of(row), row.stage, row.href) for row in map(desk.row_of, rows)]


def title_of(row: desk.Row) -> str:
    more = f" and {row.more} more" if row.more > 0 else ""
    return f"{row.number or 'Numbers'}{more} from {row.carrier}"
