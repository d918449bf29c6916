"""The works of bench/journal.py, each run in a process of its own: `python -m bench._journal WORK
ARGS` prints JSON.
"""

import json
import random
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import NOT_PROVIDED, Model  # noqa: E402
from django.test import Client  # noqa: E402

from apps.accounts.models import Account, Membership, User  # noqa: E402
from apps.audit.models import Event  # noqa: E402
from apps.changes.models import Entry  # noqa: E402

BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
BATCH = 50_000


def seed(many: str, some: str) -> dict[str, str]:
    """Two accounts with so many changes each, a tenth as many events: name to session cookie."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    return {
        name: signed_in(name, number, int(count))
        for name, number, count in (("many", "1000000001", many), ("some", "1000000002", some))
    }


def signed_in(name: str, number: str, count: int) -> str:
    account = Account.objects.create(number=number, name="Bench", key_state="live")
    owner = User.objects.create(email=f"{name}@bench.test", name="Ruth Okafor")
    Membership.objects.create(user=owner, account=account, role="owner")
    dice = random.Random(number)  # noqa: S311 - nobody's secret
    insert(entry(account, owner), entries(number, count, dice))
    event = Event(actor=owner, actor_name=str(owner), account=account, action="signed_in")
    insert(event, ({"at": BEGAN + timedelta(seconds=600 * each)} for each in range(count // 10)))
    browser = Client()
    browser.force_login(owner)
    return f"sessionid={browser.cookies['sessionid'].value}"


def entry(account: Account, owner: User) -> Entry:
    return Entry(
        account=account, kind="SetForward", thing="number", by=owner, by_name=str(owner), print="x"
    )


def entries(account: str, count: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    """A change a minute, a hundred to each number; a hundred of all were refused."""
    for each in range(count):
        subject = f"201555{dice.randrange(count // 100):04}"
        yield {
            "subject": subject,
            "lane": f"number:{subject}",
            "what": f"forward (201) 555-{subject[6:]} to (917) 555-{dice.randrange(10_000):04}",
            "token": f"{dice.getrandbits(128):032x}",
            "state": "refused" if dice.random() < 100 / count else "done",
            "created_at": BEGAN + timedelta(seconds=60 * each),
        }


def insert(pattern: Model, rows: Iterator[dict[str, Any]]) -> None:
    """The pattern's row once for each of these, with their columns in place of its own."""
    meta = pattern._meta
    # what the database has a default for stays out
    fields = [
        each
        for each in meta.concrete_fields
        if not each.primary_key and each.db_default is NOT_PROVIDED
    ]
    given = {
        each.attname: each.get_db_prep_save(each.pre_save(pattern, add=True), connection)
        for each in fields
    }
    columns = ", ".join(f'"{each.column}"' for each in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({marks})'  # noqa: S608
    named = {each.attname: each for each in fields}
    batch: list[list[Any]] = []
    for row in rows:
        own = {name: named[name].get_db_prep_save(value, connection) for name, value in row.items()}
        batch.append([own.get(each.attname, given[each.attname]) for each in fields])
        if len(batch) == BATCH:
            write(statement, batch)
    write(statement, batch)


def write(statement: str, batch: list[list[Any]]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(statement, batch)
    batch.clear()


WORKS: dict[str, Callable[..., Any]] = {"seed": seed}

if __name__ == "__main__":
    print(json.dumps(WORKS[sys.argv[1]](*sys.argv[2:])))
