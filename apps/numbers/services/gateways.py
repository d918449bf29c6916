"""Bring the copy of `gatewaysList` up to date: a short list, written by the ORM."""

from django.db import transaction

from apps.accounts.models import Account, User
from apps.audit.services import record
from apps.copies import claims, source
from apps.copies.models import Copy
from apps.numbers.facets import Facets
from apps.numbers.models import NUMBERS, Gateway
from apps.numbers.services.shape import text, whole
from apps.voicetel.client import Client, errors

Told = dict[int, tuple[str, bool]]  # a gateway's id to its address, and whether it is the system's


class Difference(source.Difference):
    """What differs between their gateways and ours, by id."""

    def __init__(self, account: Account, told: Told) -> None:
        ours = {
            pk: (address, system)
            for pk, address, system in Gateway.objects.of(account).values_list(
                "gateway", "address", "system"
            )
        }
        self.account, self.held = account, len(ours)
        self.gone = ours.keys() - told.keys()
        self.changed = [
            Gateway(account=account, gateway=pk, address=each[0], system=each[1])
            for pk, each in told.items()
            if ours.get(pk) != each
        ]

    @property
    def any(self) -> bool:
        return bool(self.gone or self.changed)

    @property
    def suspect(self) -> bool:
        """Numbers are routed to gateways: none goes before a second look agrees."""
        return bool(self.gone)

    def write(self, copy: Copy) -> None:
        Gateway.objects.of(self.account).filter(gateway__in=self.gone).delete()
        Gateway.objects.across_accounts().bulk_create(
            self.changed,
            update_conflicts=True,
            unique_fields=["account", "gateway"],
            update_fields=["address", "system"],
        )


def name_route(account: Account, route: int, name: str, *, by: User) -> bool:
    """Give a route the customer's own name; an empty one takes it away. False: the account has no
    such route. The provider never hears of it.
    """
    with transaction.atomic():
        copy = claims.locked(account, NUMBERS)  # its lock orders the writers of the counts
        row = Gateway.objects.of(account).select_for_update().filter(gateway=route).first()
        if row is None:
            return False
        before, row.name = str(row), name
        row.save(update_fields=["name"])
        facets = Facets.load(copy.facts)
        facets.named = names_given(account)
        copy.facts = facets.dump()
        copy.save(update_fields=["facts"])
        if before != str(row):
            about = row.address or str(row.gateway)
            record(by, account, "route_named", about, before=before, after=str(row))
    return True


def add_named(account: Account, names: dict[int, str]) -> None:
    """Rows for routes that no list has told yet, with the customer's names; the next list fills
    them in. Routes that we hold already stay as they are.
    """
    Gateway.objects.of(account).bulk_create(
        [Gateway(account=account, gateway=route, name=name) for route, name in names.items()],
        ignore_conflicts=True,
    )


def names_given(account: Account) -> dict[str, str]:
    """The customer's own names for routes, by their keys."""
    named = Gateway.objects.of(account).exclude(name="").values_list("gateway", "name")
    return {str(route): name for route, name in named}


def ask(client: Client) -> Told:
    """What `gatewaysList` tells.

    Raises Unavailable for an empty answer: the system routes are always there.
    """
    told = {
        pk: (text(each.gateway, 255), each.system is True)
        for each in client.gateways.list()
        if (pk := whole(each.id)) is not None
    }
    if not told:
        raise errors.Unavailable("no gateway in the answer", operation="gatewaysList")
    return told
