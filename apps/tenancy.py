"""Tables of customers: a query that does not say whose rows it wants does not run.

Here, as this is the lowest floor with one.
"""

from typing import Any, Generic, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class Unscoped(RuntimeError):
    """A query of a customer's table said neither `of(account)` nor `across_accounts()`."""


class Scoped(models.Manager[M], Generic[M]):
    """`Model.objects` of a tenant table.

    `of(account)`: that account's rows, for everything that a person sees or does.
    `across_accounts()`: everybody's, said aloud, for sweeps and staff. Anything else raises
    Unscoped, so a forgotten filter is an error and never a leak. Django's own machinery (foreign
    keys, refresh_from_db, deletes) uses the plain `_base_manager`.
    """

    use_in_migrations = False

    def of(self, account: Any) -> models.QuerySet[M]:
        """Rows of one account, given as an Account or its primary key.

        Raises Unscoped for None: rows without an account are nobody's but the staff's.
        """
        if account is None:
            raise Unscoped(f"{self.model.__name__}.objects.of(None): name the account")
        return super().get_queryset().filter(account=account)

    def across_accounts(self) -> models.QuerySet[M]:
        """Rows of all accounts."""
        return super().get_queryset()

    def get_queryset(self) -> models.QuerySet[M]:
        raise Unscoped(f"{self.model.__name__}.objects: say of(account) or across_accounts()")
