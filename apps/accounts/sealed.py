"""Secrets at rest: authenticated encryption, bound to the account, or the person, that owns them
(OWASP ASVS V11.3).
"""

import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unsealable(Exception):
    """The box was sealed for another account, or with a key that FIELD_KEYS no longer holds."""


@lru_cache(maxsize=4)
def _keys(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _box() -> MultiFernet:
    return _keys(tuple(settings.FIELD_KEYS))


def seal(owner: int | str, value: Any) -> bytes:
    """Encrypt a JSON value for one owner with the newest key. owner: an account's id, or
    `person:<id>`.
    """
    return _box().encrypt(json.dumps([owner, value]).encode())


def unseal(owner: int | str, sealed: bytes) -> Any:
    """The value again. Raises Unsealable: a box moved to another's row does not open."""
    try:
        sealed_for, value = json.loads(_box().decrypt(bytes(sealed)))
    except InvalidToken:
        raise Unsealable("no key of FIELD_KEYS opens it") from None
    if sealed_for != owner:
        raise Unsealable("sealed for another owner")
    return value


def reseal(sealed: bytes) -> bytes:
    """The same box under the newest key (`manage.py rotate_keys`). Raises Unsealable."""
    try:
        return _box().rotate(bytes(sealed))
    except InvalidToken:
        raise Unsealable("no key of FIELD_KEYS opens it") from None
