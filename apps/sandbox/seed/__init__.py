"""The world at its beginning: five accounts and what they hold, the same for the same seed."""

import time

from django.db import connections

from apps.sandbox.database import ALIAS, writing
from apps.sandbox.models import Account, World
from apps.sandbox.people import PASSWORD, PEOPLE, RATES, SERVICES, Person, key_of
from apps.sandbox.seed import emergency, messages, numbers, ports, records, trunks

# Tests and the demo differ in size, and in the demo's open ports: this is the small world.
FEW_NUMBERS, FEW_CALLS = 12, 30


def forget() -> None:
    """Empty every table of the provider and begin its ids anew."""
    from django.apps import apps

    connection = connections[ALIAS]
    tables = [model._meta.db_table for model in apps.get_app_config("sandbox").get_models()]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 (our own table names)
        cursor.execute("DELETE FROM sqlite_sequence")


def seed(
    seed: int = 1, numbers_of_northwind: int = FEW_NUMBERS, calls_of_northwind: int = FEW_CALLS
) -> None:
    """Forget everything (faults, log, the hour, the clock) and begin again."""
    at = time.time()
    with writing():
        forget()
        World.objects.create(
            pk=1, seed=seed, numbers=numbers_of_northwind, calls=calls_of_northwind, rung_until=at
        )
        Account.objects.bulk_create([_account(person, seed, at) for person in PEOPLE])
        numbers.seed(numbers_of_northwind)
        records.seed(seed, calls_of_northwind, at)
        trunks.seed()
        if numbers_of_northwind > FEW_NUMBERS:
            ports.seed(at)
            emergency.seed()
        messages.seed(at)


def _account(person: Person, seed: int, at: float) -> Account:
    return Account(
        username=person.username,
        name=person.name,
        email=person.email,
        password=PASSWORD,
        apikey=key_of(person.username, seed),
        cash=person.balance,
        zone=person.zone,
        admin=person.admin,
        caller_id=person.caller_id,
        created=at - 400 * 86_400,
        master=person.username,
        agent=person.agent,
        services={name: name in person.on for name in SERVICES},
        rates=dict(RATES),
    )
