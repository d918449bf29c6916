"""The cast and the provider that every test may call on.

The provider is the sandbox, in this process: never a mock.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.signals import setting_changed
from django.test import Client
from django.test.client import ClientHandler
from pytest_django import DjangoDbBlocker

from apps.accounts.models import User
from apps.accounts.signing_in import sessions
from apps.running import broker
from apps.sandbox import control
from apps.voicetel import breaker, clock
from apps.voicetel.hour import limits
from tests.cast import Cast, Rehearsal, SignIn
from tests.worker import Messages, Worker

NEEDS_DATABASE = {"db", "transactional_db", "sandbox", "cast", "changes"}
# Each holds dozens of connections, and PostgreSQL has 100 by default: tests with these run in one
# worker, one after the other.
MANY_PROCESSES = {"stand", "hour"}

# Who gets what, and what the provider's operations are: nothing of it depends on which database
# answers, and it is a third of the suite's time.
ON_ONE_DATABASE = ("tests/matrix/", "tests/accounts/test_shown.py", "tests/test_operations.py")


@pytest.hookimpl(tryfirst=True)  # before the workers name the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test that touches a database may touch both: the portal's and the provider's.

    Those with many processes stay together. What touches none, or is the same on all, is `once`.
    """
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark or NEEDS_DATABASE & set(getattr(item, "fixturenames", ())):
            options = {"databases": "__all__", **(mark.kwargs if mark else {})}
            if "transactional_db" in getattr(item, "fixturenames", ()):
                options["transaction"] = True
            item.add_marker(pytest.mark.django_db(**options), append=False)
        if item.nodeid.startswith(ON_ONE_DATABASE) or not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.once)
        if MANY_PROCESSES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group("processes"))


# argon2 is slow on purpose, and the suite signs in hundreds of times: the same algorithm at its
# smallest cost.
(
    Argon2PasswordHasher.time_cost,
    Argon2PasswordHasher.memory_cost,
    Argon2PasswordHasher.parallelism,
) = 1, 8, 1


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process keeps for a second must not reach the next test, nor cost a counted query here
    and none there.
    """
    # as read a moment ago: no offset, nothing joined the pool, the provider is well
    for_good = float("inf")
    monkeypatch.setattr(clock, "_cached", (for_good, 0.0))
    monkeypatch.setattr(limits, "_cached", (for_good, limits.Known()))
    monkeypatch.setattr(breaker, "_cached", (for_good, breaker.State()))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The provider is seeded once a worker: each test's transaction takes back what it did."""
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


@pytest.fixture(scope="session")
def rehearsal(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Rehearsal:
    with django_db_blocker.unblock():
        return Rehearsal()


@pytest.fixture
def cast(rehearsal: Rehearsal, db: None) -> Cast:
    """Harbor Dental with one person a role, a stranger, and staff."""
    return rehearsal.play()


@pytest.fixture(autouse=True, scope="session")
def _one_chain() -> Iterator[None]:
    """The middleware is built once, as in a server, not anew for each browser of each test; and
    again after a setting has changed.
    """
    load, built = ClientHandler.load_middleware, list[Any]()

    def load_once(handler: ClientHandler) -> None:
        if not built:
            load(handler)
            built.append(handler._middleware_chain)
        handler._middleware_chain = built[0]

    def forget(**changed: Any) -> None:
        built.clear()

    setting_changed.connect(forget)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", load_once)
        yield
    setting_changed.disconnect(forget)


@pytest.fixture
def sign_in() -> SignIn:
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
def changes(db: None, monkeypatch: pytest.MonkeyPatch) -> Worker:
    """Changes are sent as they are pressed. `changes.later()` leaves them READY."""
    return Worker(monkeypatch)


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> Messages:
    """A broker that takes every message and gives none to a worker until `messages.run()`."""
    sent = Messages()
    monkeypatch.setattr(
        broker, "send", lambda task, *given, queue: sent.append((task, *given)) or True
    )
    return sent


@pytest.fixture
def toy_setting(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers have one setting more, as if a release had it (tests/numbers/toys.py)."""
    from apps.changes.change import REGISTRY
    from apps.numbers import settings as numbers
    from tests.numbers import toys

    settings.ROOT_URLCONF = "tests.numbers.toy_urls"
    monkeypatch.setitem(REGISTRY, "SetToy", toys.SetToy)
    monkeypatch.setattr(numbers, "SETTINGS", (*numbers.SETTINGS, toys.TOY))
