"""Secrets of links in mail: 256 random bits, of which only a print is stored."""

import hashlib
import secrets


def mint() -> str:
    """A fresh token, for one mail."""
    return secrets.token_urlsafe(32)


def print_of(token: str) -> str:
    """What the database keeps: 64 hex digits, from which nobody makes the token again."""
    return hashlib.sha256(token.encode()).hexdigest()
