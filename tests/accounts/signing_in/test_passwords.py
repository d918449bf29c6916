"""New passwords: long, and not a common one dressed up."""

from contextlib import suppress

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.accounts.models import User


@pytest.mark.parametrize(
    "password",
    [
        "elevenchars",
        "password",
        "password1234",
        "Password2026!",
        "P@ssw0rd!!!!",
        "qwertyuiop12",
        "qwertyuiopas",
        "123456789012",
        "123123123123",
        "abcdefghijkl",
        "aaaaaaaaaaaa",
        "abababababab",
        "letmein-letmein",
        "!!dragon!!!!",
        "ruth.okafor1",
        "ruth@harbor.test",
    ],
)
def test_these_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, User(email="ruth@harbor.test", name="Ruth Okafor"))


@pytest.mark.parametrize(
    "password",
    [
        "lamp orchard nine",
        "x" * 3 + "Tz#91-quiet-harbor",
        "пароль из четырёх слов",
        "🐎🔋📎 staple rain",
        "y9$Kd0!vRt2q",
        "a b c d e f g",
    ],
)
def test_these_pass(password):
    validate_password(password, User(email="ruth@harbor.test", name="Ruth Okafor"))


@settings(max_examples=200, deadline=50)
@given(st.text(min_size=12, max_size=2000))
def test_no_password_makes_the_check_slow_or_break(password):
    with suppress(ValidationError):
        validate_password(password)


def test_sixty_four_characters_and_more_pass():
    validate_password("lamp orchard nine " * 3 + "and a mole")
