"""Codes of the tests' second factors, as a phone would show them."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from apps.accounts.models import User
from apps.accounts.signing_in import second
from tests.cast import PASSWORD, SECRET

PERIOD = 30


def code(steps: int = 0, secret: str = SECRET) -> str:
    """The code of now, or of that many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + steps))


def wrong() -> str:
    """Six digits that are no code of now."""
    taken = {code(steps) for steps in range(-2, 3)}
    return next(
        each
        for each in ("000000", "111111", "222222", "333333", "444444", "555555")
        if each not in taken
    )


def with_factor(user: User) -> list[str]:
    """Give that person the tests' second factor; their recovery codes."""
    return second.set_secret(user, SECRET)


def give_password(user: User, client: Client | None = None) -> Client:
    """A browser in which the right password was typed."""
    client = client or Client()
    assert (
        client.post("/login/", {"login": user.email, "password": PASSWORD})["Location"]
        == "/login/code/"
    )
    return client


def signed_in(client: Client) -> bool:
    return client.get("/settings/security/").status_code == 200
