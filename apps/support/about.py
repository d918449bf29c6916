"""What a ticket is about: `?about=number:2015550110`, told by the app whose thing it is."""

from dataclasses import dataclass

from apps.accounts.models import Account
from apps.support.models import Link, Ticket
from apps.things import find_thing

MOST = 5  # tickets listed on a thing's own page


@dataclass(frozen=True, slots=True)
class About:
    """A thing of the account's. facts: what a ticket about it should say."""

    kind: str
    ref: str
    shown: str
    href: str
    facts: tuple[tuple[str, str], ...]

    @property
    def value(self) -> str:
        """As it stands in an address."""
        return f"{self.kind}:{self.ref}"

    @property
    def text(self) -> str:
        return "\n".join(f"{name}: {value}" for name, value in self.facts)


def find_about(account: Account, value: str) -> About | None:
    """The thing that an address names; None where the account has no such thing."""
    kind, _, ref = value.partition(":")
    thing = find_thing(kind)
    facts = tuple(thing.facts(account, ref)) if ref else ()
    if not facts:
        return None
    return About(kind, ref, thing.shown(ref), thing.href(ref), facts)


def link(account: Account, ticket: int, value: str) -> None:
    """Keep what a ticket is about, within the caller's transaction."""
    if about := find_about(account, value):
        Link.objects.of(account).get_or_create(
            account=account, ticket=ticket, kind=about.kind, ref=about.ref
        )


def list_of_ticket(account: Account, ticket: int) -> list[tuple[str, str]]:
    """(name, address) of what a ticket is about. One query."""
    rows = Link.objects.of(account).filter(ticket=ticket).order_by("pk")
    things = [(find_thing(each.kind), each.ref) for each in rows]
    return [(f"{thing.label} {thing.shown(ref)}", thing.href(ref)) for thing, ref in things]


def list_tickets(account: Account, about: About) -> list[Ticket]:
    """The tickets about a thing, newest first. One query."""
    named = Link.objects.of(account).filter(kind=about.kind, ref=about.ref).values("ticket")
    found = Ticket.objects.of(account).filter(ticket__in=named)
    return list(found.order_by("-updated_at", "-ticket")[:MOST])
