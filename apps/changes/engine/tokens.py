"""The token of a form: minted when the form is shown, so that whatever is clicked twice ends at the
first change.
"""

import secrets

from django.core import signing

_signer = signing.Signer(salt="apps.changes.token")


class BadToken(ValueError):
    """Not a token of ours: the form was not opened here."""


def mint() -> str:
    """A fresh signed token. What is kept, and sent as Idempotency-Key, is its 22 random letters."""
    return _signer.sign(secrets.token_urlsafe(16))


def read(token: str) -> str:
    """The 22 letters of a signed token. Raises BadToken."""
    try:
        return _signer.unsign(token)
    except signing.BadSignature:
        raise BadToken("this form was not opened here") from None


def child(letters: str, number: int) -> str:
    """The token of a job's nth row, from the letters of the job's own."""
    return f"{letters}-{number}"
