"""A ticket, as changes and links know it."""

from collections.abc import Mapping, Sequence

from apps.accounts.models import Account
from apps.support.models import Ticket
from apps.things import Thing

NEW = "new"  # the subject of the change that opens one


def shown(subject: str) -> str:
    return "A new ticket" if subject == NEW else f"Ticket {subject}"


def href(subject: str) -> str:
    return "/support/" if subject == NEW else f"/support/{subject}/"


def subjects(account: Account, tickets: Sequence[str]) -> Mapping[str, str]:
    """The subjects of those of the tickets that we know."""
    wanted = [int(each) for each in tickets if each.isascii() and each.isdigit()]
    found = Ticket.objects.of(account).filter(ticket__in=wanted).values_list("ticket", "subject")
    return {str(ticket): subject for ticket, subject in found}


TICKET = Thing("ticket", "Ticket", shown, href, subjects)
