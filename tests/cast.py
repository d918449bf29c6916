"""The people and accounts that tests begin with, and the names of what fixtures give."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import DEFAULT_DB_ALIAS, router, transaction
from django.test import Client

from apps.accounts.models import Account, Membership, User
from apps.accounts.roles import Role
from apps.accounts.signing_in import second
from apps.sandbox import people

PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of the staff's two-step verification
_hash: list[str] = []

SignIn = Callable[[User], Client]


@dataclass(frozen=True)
class Cast:
    """Harbor Dental with one person a role; a stranger who owns Northwind; staff."""

    harbor: Account
    northwind: Account
    owner: User
    manager: User
    billing: User
    viewer: User
    stranger: User
    support: User
    admin: User
    password: str = PASSWORD


def person(email: str, **fields: Any) -> User:
    if not _hash:
        _hash.append(make_password(PASSWORD))
    return User.objects.create(email=email, password=_hash[0], **fields)


def connected(number: str, name: str) -> Account:
    account = Account.objects.create(number=number, name=name)
    account.set_key(people.key_of(number))
    account.save()
    return account


def make_cast() -> Cast:
    """The cast, made by the same functions as anybody else."""
    harbor, northwind = (
        connected("1000000001", "Harbor Dental"),
        connected("1000000002", "Northwind Contact Center"),
    )
    people_of = {
        role: person(f"{role.value}@harbor.test", name=f"{role.label} Harbor") for role in Role
    }
    for role, user in people_of.items():
        Membership.objects.create(user=user, account=harbor, role=role)
    stranger = person("owner@northwind.test", name="Stranger")
    support, admin = (
        person("support@demo.test", staff=User.Staff.SUPPORT),
        person("admin@demo.test", staff=User.Staff.ADMIN),
    )
    for user in (support, admin):
        second.set_secret(user, SECRET)  # staff cannot be without
    Membership.objects.create(user=stranger, account=northwind, role=Role.OWNER)
    return Cast(
        harbor,
        northwind,
        *(people_of[role] for role in (Role.OWNER, Role.MANAGER, Role.BILLING, Role.VIEWER)),
        stranger,
        support,
        admin,
    )


class Rehearsal:
    """A cast that was made once a worker and taken back. Each test gets its rows, in one insert a
    table instead of a hundred queries.
    """

    def __init__(self) -> None:
        tables = [
            model._base_manager
            for model in apps.get_models()
            if router.allow_migrate_model(DEFAULT_DB_ALIAS, model)
        ]
        with transaction.atomic():
            before = [set(table.values_list("pk", flat=True)) for table in tables]
            self._cast = make_cast()
            made = [
                list(table.exclude(pk__in=pks)) for table, pks in zip(tables, before, strict=True)
            ]
            transaction.set_rollback(True)
        self._rows = [(table, rows) for table, rows in zip(tables, made, strict=True) if rows]

    def play(self) -> Cast:
        """Writes the rows. Returns people and accounts that no other test holds."""
        with transaction.atomic():  # a row may come before the one that it points to
            for table, rows in self._rows:
                table.bulk_create(rows)
        return copy.deepcopy(self._cast)
