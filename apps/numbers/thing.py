"""A number, as changes and links know it."""

from collections.abc import Mapping, Sequence

from apps.accounts.models import Account
from apps.numbers.models import Number, route_shown
from apps.things import Thing
from apps.ui.format import phone


def labels(account: Account, numbers: Sequence[str]) -> Mapping[str, str]:
    """The labels of those of the numbers that have one."""
    found = Number.objects.of(account).filter(number__in=numbers).exclude(label="")
    return dict(found.values_list("number", "label"))


def facts(account: Account, number: str) -> list[tuple[str, str]]:
    """What a ticket about a number should say. One query."""
    row = Number.objects.of(account).filter(number=number).first()
    if row is None:
        return []
    where = phone(row.forward_to) if row.forward_to else ""
    route = "" if row.route is None else route_shown(row.gateway, str(row.route))
    told = [
        ("Number", phone(row.number)),
        ("Label", row.label),
        ("Forwarded to", where),
        ("Route", route),
        ("Texting", "on" if row.sms else "off"),
        ("Fax", "on" if row.fax else "off"),
    ]
    return [(name, value) for name, value in told if value]


ORDER = Thing("order", "Order", "Order {}".format, "/numbers/orders/{}/".format)
NUMBER = Thing("number", "Number", phone, "/numbers/{}/".format, labels, facts)
