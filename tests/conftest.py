"""The cast and the provider that every test may call on.

The provider is the sandbox, in this process: never a mock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.test import Client
from pytest_django import DjangoDbBlocker

from apps.accounts.models import Account, Membership, User
from apps.accounts.roles import Role
from apps.accounts.signing_in import second, sessions
from apps.sandbox import control, people
from apps.voicetel import breaker, clock
from apps.voicetel.hour import budget

NEEDS_DATABASE = {"db", "transactional_db", "sandbox", "cast", "changes"}
# Each holds dozens of connections, and PostgreSQL has 100 by default: tests with these run in one
# worker, one after the other.
MANY_PROCESSES = {"stand", "hour"}


@pytest.hookimpl(tryfirst=True)  # before the workers name the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test that touches a database may touch both: the portal's and the provider's.

    Those with many processes stay together.
    """
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark or NEEDS_DATABASE & set(getattr(item, "fixturenames", ())):
            options = {"databases": "__all__", **(mark.kwargs if mark else {})}
            if "transactional_db" in getattr(item, "fixturenames", ()):
                options["transaction"] = True
            item.add_marker(pytest.mark.django_db(**options), append=False)
        if MANY_PROCESSES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group("processes"))


# argon2 is slow on purpose, and the suite signs in hundreds of times: the same algorithm at its
# smallest cost.
(
    Argon2PasswordHasher.time_cost,
    Argon2PasswordHasher.memory_cost,
    Argon2PasswordHasher.parallelism,
) = 1, 8, 1

PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of the staff's second factor
_hash: list[str] = []


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
        _hash.append(make_password(PASSWORD))  # argon2 is slow on purpose: once a process
    return User.objects.create(email=email, password=_hash[0], **fields)


def connected(number: str, name: str) -> Account:
    account = Account.objects.create(number=number, name=name)
    account.set_key(people.key_of(number))
    account.save()
    return account


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process keeps for a second must not reach the next test, nor cost a counted query here
    and none there.
    """
    # as read a moment ago: no offset, nothing joined the pool, the provider is well
    for_good = float("inf")
    monkeypatch.setattr(clock, "_cached", (for_good, 0.0))
    monkeypatch.setattr(budget, "_joined", (for_good, frozenset()))
    monkeypatch.setattr(breaker, "_cached", (for_good, breaker.State()))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Seeds the provider once a worker: the transaction around each test takes back what it does."""
    with django_db_blocker.unblock():
        control.reset()


@pytest.fixture
def sandbox(request: pytest.FixtureRequest) -> Any:
    """The provider, seeded: state, faults, log and clock as after a reset."""
    request.getfixturevalue(
        "transactional_db" if "transactional_db" in request.fixturenames else "db"
    )
    control.ready()  # a test that commits leaves the provider's tables empty
    return control


@pytest.fixture
def cast(db: None) -> Cast:
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


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A browser in which that person is signed in (sign-in itself is tested in tests/accounts)."""

    def browser(user: User) -> Client:
        client = Client()
        client.force_login(user)
        if user.factor_at:
            session = client.session
            # shown, but long ago: no more fresh than a forced sign-in is
            session[sessions.SECOND] = [user.pk, 0.0]
            session.save()
        return client

    return browser


@pytest.fixture
def changes(db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """submit() sends here and now: no broker, no thread, no wait.

    `changes.later()` leaves rows READY.
    """
    from apps.changes import machine
    from apps.changes.models import Entry

    class Changes:
        def now(self) -> None:
            monkeypatch.setattr(machine, "nudge", machine.run)

        def later(self) -> None:
            monkeypatch.setattr(machine, "nudge", lambda pk: False)

    monkeypatch.setattr(
        machine,
        "wait",
        lambda entry, *rest, **named: Entry.objects.across_accounts().get(pk=entry.pk),
    )
    changes = Changes()
    changes.now()
    return changes
