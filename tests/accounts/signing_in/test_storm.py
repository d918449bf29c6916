"""Ten thousand wrong passwords from 1,000 addresses on 50 people (ASVS V6.3.1): the attacker is
held off, the owners are not.
"""

from collections import Counter
from random import Random

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client, RequestFactory

from apps.accounts.signing_in import services, throttle
from tests.cast import PASSWORD, person

PEOPLE, ADDRESSES, GUESSES = 50, 1_000, 10_000

pytestmark = pytest.mark.slow


def test_nobody_is_refused_in_their_own_browser_and_few_guesses_are_tried(db, monkeypatch):
    tried, verify = Counter[str](), Argon2PasswordHasher.verify

    def counted(self: Argon2PasswordHasher, password: str, encoded: str) -> bool:
        """A guess that is held off never gets here."""
        if password != PASSWORD:
            tried[encoded] += 1
        return verify(self, password, encoded)

    monkeypatch.setattr(Argon2PasswordHasher, "verify", counted)
    people = [person(f"person{n}@harbor.test") for n in range(PEOPLE)]
    for user in people:
        user.set_password(PASSWORD)  # a salt of their own tells whose password was tried
        user.save()
    homes = {user.email: Client(REMOTE_ADDR="192.0.2.7") for user in people}

    def sign_in(email: str) -> int:
        home = homes[email]
        status = home.post("/login/", {"login": email, "password": PASSWORD}).status_code
        home.post("/logout/")
        return status

    assert {sign_in(user.email) for user in people} == {302}
    chance, attacker, held = Random(9), RequestFactory(), 0
    for n in range(GUESSES):
        address = f"10.{n % ADDRESSES // 250}.0.{n % ADDRESSES % 250}"
        email = people[n % PEOPLE].email
        try:
            assert (
                services.check_sign_in(
                    attacker.post("/login/", REMOTE_ADDR=address), email, f"guess {n}"
                )
                is None
            )
        except throttle.Throttled:
            held += 1
        if n % 100 == 99:
            assert sign_in(chance.choice(people).email) == 302
    assert {sign_in(user.email) for user in people} == {302}
    assert max(tried.values()) <= throttle.NAME.most < 100
    assert held == GUESSES - sum(tried.values())
    assert len(tried) == len(homes)
