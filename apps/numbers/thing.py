"""A number, as changes and links know it."""

from collections.abc import Mapping, Sequence

from apps.accounts.models import Account
from apps.numbers.models import Number
from apps.things import Thing
from apps.ui.format import phone


def labels(account: Account, numbers: Sequence[str]) -> Mapping[str, str]:
    """The labels of those of the numbers that have one."""
    found = Number.objects.of(account).filter(number__in=numbers).exclude(label="")
    return dict(found.values_list("number", "label"))


ORDER = Thing("order", "Order", "Order {}".format, "/numbers/orders/{}/".format)
NUMBER = Thing("number", "Number", phone, "/numbers/{}/".format, labels)
