"""Telling who should know that VoiceTel support answered."""

from typing import Any

from apps.accounts.models import Account, Membership
from apps.accounts.owners import tell_owners
from apps.notifications.services import tell_all
from apps.support.models import Ticket, Written


def tell_answer(account: Account, row: Ticket, by: str) -> None:
    """Within the commit that writes the answer, once an answer: who wrote in the ticket from here
    and still is a member, else the owners.
    """
    wrote = Written.objects.of(account).filter(ticket=row.ticket).values("user")
    members = Membership.objects.filter(account=account, user__in=wrote, user__is_active=True)
    people = list(members.values_list("user", flat=True))
    facts: dict[str, Any] = {
        "subject": row.subject,
        "by": by or "VoiceTel support",
        "ticket": row.number,
        "id": row.ticket,
    }
    once = f"{account.pk}:{row.ticket}:{row.newest}"
    if people:
        tell_all(people, "ticket_answered", account=account, once=once, **facts)
    else:
        tell_owners(account, "ticket_answered_owners", once=once, **facts)
