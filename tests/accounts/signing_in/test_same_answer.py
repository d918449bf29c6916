"""Known and unknown get the same status, the same words and the same time (ASVS V6.3.8): 200 looks
at each, in turn, so that whatever else this machine does slows both alike."""

import time
from collections.abc import Callable, Iterator
from itertools import count
from statistics import median

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.http import HttpResponse
from django.test import Client

from apps.accounts.arriving import invitations, link_tokens
from apps.accounts.models import ConnectLink, Invitation, Membership, User
from apps.accounts.roles import Role
from apps.accounts.signing_in import people, services
from apps.voicetel import clock
from tests.accounts.arriving.walking_in import elsewhere
from tests.cast import connected, person

LOOKS, WITHIN = 200, 0.05
# Django's own; conftest.py takes the smallest
PRODUCTION = {"time_cost": 2, "memory_cost": 102_400, "parallelism": 8}
Ask = Callable[[], tuple[HttpResponse, str]]  # an answer, and what was typed for it


def look(ask: Ask) -> tuple[float, int, str]:
    """Seconds, status, and the words without what was typed and without the page's own secret."""
    began = time.perf_counter()
    response, typed = ask()
    seconds = time.perf_counter() - began
    words = response.content.decode().replace(typed, "…")
    secret = response.context and response.context.get("csrf_token")
    return (
        seconds,
        response.status_code,
        words.replace(str(secret), "…") + response.get("Location", ""),
    )


def same(known: Ask, unknown: Ask, looks: int = LOOKS) -> bool:
    """Whether a status or a word ever differs (then it fails here), and with LOOKS looks at each
    whether the medians of the times do.

    Up to twice as many more are taken where they do: a busy machine needs them, and what really
    differs goes on differing.
    """
    for ask in (known, unknown) * 3:
        look(ask)  # what the first ones load
    taken: tuple[list[float], list[float]] = ([], [])
    for n in range(3 * looks):
        one, other = (
            (look(known), look(unknown)) if n % 2 else reversed((look(unknown), look(known)))
        )
        assert one[1:] == other[1:]
        taken[0].append(one[0])
        taken[1].append(other[0])
        if (n + 1) % looks == 0:
            ratio = median(taken[0]) / median(taken[1])
            print(f"{ratio:.3f} of {median(taken[1]) * 1000:.1f} ms after {n + 1}")
            if looks < LOOKS or abs(ratio - 1) <= WITHIN:
                return True
    return False


def post(path: str, **typed: str) -> tuple[HttpResponse, str]:
    """As a browser that nobody knows, each time from somewhere else."""
    return Client(REMOTE_ADDR=elsewhere()).post(path, typed), next(iter(typed.values()))


def get(path: str) -> tuple[HttpResponse, str]:
    return Client(REMOTE_ADDR=elsewhere()).get(path), path


@pytest.fixture(
    params=[pytest.param(3, id="words"), pytest.param(LOOKS, id="time", marks=pytest.mark.slow)]
)
def looks(request: pytest.FixtureRequest) -> int:
    """Words and status are compared in every run of the suite, times where there is time for it."""
    return int(request.param)


# Everybody's limits are by the day, so nobody is asked for twice


@pytest.fixture
def somebody(db: None) -> Iterator[str]:
    return iter([person(f"person{n:04}@harbor.test").email for n in range(3 * LOOKS + 3)])


@pytest.fixture
def nobody() -> Iterator[str]:
    return (f"nobody{n:04}@harbor.test" for n in count())


@pytest.fixture
def costly(db: None, monkeypatch: pytest.MonkeyPatch) -> list[User]:
    """People, each an account's owner, whose passwords cost what they cost in production."""
    for name, value in PRODUCTION.items():
        monkeypatch.setattr(Argon2PasswordHasher, name, value)
    password = make_password("correct horse battery staple")
    found = []
    for n in range(20):
        user = User.objects.create(email=f"costly{n}@harbor.test", password=password)
        Membership.objects.create(
            user=user, account=connected(f"20000000{n:02}", f"Account {n}"), role=Role.OWNER
        )
        found.append(user)
    return found


def sign_in(names: list[str]) -> Ask:
    turn = count()
    return lambda: post(
        "/login/", login=names[next(turn) % len(names)], password="wrong horse battery staple"
    )


def test_sign_in_by_address(costly, looks):
    """Twenty of each: so many wrong passwords a day are tried for a name, and no more."""
    assert same(
        sign_in([user.email for user in costly]),
        sign_in([f"nobody{n}@harbor.test" for n in range(20)]),
        looks,
    )


def test_sign_in_by_account_number(costly, looks):
    assert same(
        sign_in([f"20000000{n:02}" for n in range(20)]),
        sign_in([f"19999999{n:02}" for n in range(20)]),
        looks,
    )


@pytest.mark.slow
def test_control_without_the_work_for_nobody_sign_in_tells(costly, monkeypatch):
    monkeypatch.setattr(
        services,
        "has_password",
        lambda user, password: user is not None and people.has_password(user, password),
    )
    assert not same(
        sign_in([user.email for user in costly]),
        sign_in([f"nobody{n}@harbor.test" for n in range(20)]),
    )


def test_recovery(somebody, nobody, looks):
    assert same(
        lambda: post("/recover/", login=next(somebody)),
        lambda: post("/recover/", login=next(nobody)),
        looks,
    )


def test_the_first_step_of_connecting(somebody, nobody, looks):
    assert same(
        lambda: post("/connect/", email=next(somebody)),
        lambda: post("/connect/", email=next(nobody)),
        looks,
    )


@pytest.mark.slow
def test_control_a_little_more_work_for_who_is_known_tells(somebody, nobody, monkeypatch):
    real = services.ask_recovery

    def looks_first(request, typed):
        for _ in range(4):
            if not people.find_person(typed):
                break
        real(request, typed)

    monkeypatch.setattr(services, "ask_recovery", looks_first)
    assert not same(
        lambda: post("/recover/", login=next(somebody)),
        lambda: post("/recover/", login=next(nobody)),
    )


def over(path: str, token: str) -> Ask:
    return lambda: get(f"/{path}/{token}/")


def test_a_connection_link_that_is_over_and_one_that_never_was(db, looks):
    old = link_tokens.mint()
    ConnectLink.objects.create(
        email="lark@demo.test", print=link_tokens.print_of(old), expires_at=clock.now()
    )
    assert same(over("connect", old), over("connect", link_tokens.mint()), looks)


@pytest.mark.parametrize("state", ["accepted", "withdrawn", "open"])
def test_an_invitation_that_is_over_and_one_that_never_was(cast, state, looks):
    """An open one is over when its three days are."""
    token, now = link_tokens.mint(), clock.now()
    ends = now if state == "open" else now + invitations.LIVES
    row = {
        "email": "new@person.test",
        "role": Role.VIEWER,
        "invited_by": cast.owner,
        "invited_at": now,
        "expires_at": ends,
    }
    Invitation.objects.of(cast.harbor).create(
        account=cast.harbor, state=state, print=link_tokens.print_of(token), **row
    )
    assert same(over("invitations", token), over("invitations", link_tokens.mint()), looks)
