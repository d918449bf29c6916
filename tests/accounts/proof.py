"""A browser that proves its person again, as the page of /reauthenticate/ would."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import HttpResponse
from django.test import Client

from tests.cast import PASSWORD


def waits(answer: HttpResponse) -> dict[str, str]:
    """The hidden fields of the page that an answer leads to: next, and press where one waits."""
    there = answer.headers.get("HX-Redirect") or answer.headers["Location"]
    parts = urlsplit(there)
    assert parts.path == "/reauthenticate/"
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


def confirm(client: Client, answer: HttpResponse, **typed: Any) -> Any:
    """The answer to a person who was led there by `answer` and typed the right password."""
    return client.post("/reauthenticate/", {"password": PASSWORD, **waits(answer), **typed})
