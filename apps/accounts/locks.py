"""One decision about an account at a time: who its members are, which key it has."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from apps.accounts.models import Account


@contextmanager
def locked(account: Account) -> Iterator[Account]:
    """A transaction that holds the account's row, read anew.

    Whoever also touches its wishes or members locks it first.
    """
    with transaction.atomic():
        yield Account.objects.select_for_update().get(pk=account.pk)
