"""Bring the copy of `gatewaysList` up to date: a short list, written by the ORM."""

from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import Account, User
from apps.audit.services import record
from apps.copies import claims, source
from apps.copies.models import Copy
from apps.numbers.facets import Facets
from apps.numbers.models import GATEWAYS, NUMBERS, Gateway
from apps.numbers.services.shape import text, whole
from apps.voicetel import clock
from apps.voicetel.client import Client, errors

# a gateway's id to its address, whether it is the system's, its prefix, and its calls at once
Told = dict[int, tuple[str, bool, str, int | None]]
COLUMNS = ("address", "system", "prefix", "limit")


class Difference(source.Difference):
    """What differs between their gateways and ours, by id."""

    def __init__(self, account: Account, told: Told) -> None:
        ours = {
            pk: tuple(each)
            for pk, *each in Gateway.objects.of(account).values_list("gateway", *COLUMNS)
        }
        self.account, self.held = account, len(ours)
        self.gone = ours.keys() - told.keys()
        self.changed = [
            Gateway(account=account, gateway=pk, **dict(zip(COLUMNS, each, strict=True)))
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

    def spare(self, copy: Copy, asked: datetime) -> None:
        """A short list: what a change wrote meanwhile waits for the next one as a whole."""
        if copy.touched_at and copy.touched_at >= asked:
            self.gone, self.changed = set(), []

    def write(self, copy: Copy) -> None:
        Gateway.objects.of(self.account).filter(gateway__in=self.gone).delete()
        Gateway.objects.across_accounts().bulk_create(
            self.changed,
            update_conflicts=True,
            unique_fields=["account", "gateway"],
            update_fields=[*COLUMNS],
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


def told_of(record: Any) -> tuple[str, bool, str, int | None]:
    """What a record of the provider's says of one gateway, in the order of COLUMNS."""
    system = record.system is True
    limit = None if system else whole(record.limit)
    return text(record.gateway, 255), system, text(record.prefix or "", 20), limit


def write_one(account: Account, record: Any, *, asked: datetime | None = None) -> bool:
    """Keep what one answer told of one gateway. asked: when a read was begun; a change made since
    is newer, and stays. False: nothing was written.
    """
    route = whole(record.id)
    if route is None:
        return False
    values = dict(zip(COLUMNS, told_of(record), strict=True))
    with transaction.atomic():
        copy = claims.locked(account, GATEWAYS)
        if asked and copy.touched_at and copy.touched_at >= asked:
            return False
        Gateway.objects.of(account).update_or_create(
            account=account, gateway=route, defaults=values
        )
        if not asked:
            _touch(copy)
    return True


def remove_one(account: Account, route: int) -> None:
    """A gateway is gone: a change of ours deleted it, or the provider doesn't know it any more."""
    with transaction.atomic():
        copy = claims.locked(account, GATEWAYS)
        Gateway.objects.of(account).filter(gateway=route, system=False).delete()
        _touch(copy)


def _touch(copy: Copy) -> None:
    """A list that was asked for before now tells nothing of what was just written."""
    copy.touched_at = clock.now()
    copy.save(update_fields=["touched_at"])


def ask(client: Client) -> Told:
    """What `gatewaysList` tells.

    Raises Unavailable for an empty answer: the system routes are always there.
    """
    told = {
        pk: told_of(each) for each in client.gateways.list() if (pk := whole(each.id)) is not None
    }
    if not told:
        raise errors.Unavailable("no gateway in the answer", operation="gatewaysList")
    return told
