"""Nonsense sent to every address: whatever it is, the answer is never a failure of the portal."""

import re
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote, urlencode
from zlib import crc32

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.copies.services import look
from apps.numbers import sources
from apps.running.models import Sweep
from tests.cast import Cast
from tests.matrix.checks import just_signed_in, reader
from tests.matrix.row import Row, Who
from tests.matrix.rows import ROWS, minted

Browser = Callable[[User], Client]
Form = list[tuple[str, str]]

# As they stand in an address or a form, percent-encoded.
NONSENSE = {
    "nul": "20%001",
    "surrogate": "%ED%A0%80",
    "half a letter": "%C3",
    "long digits": "9" * 400,
    "more than 64 bits": "9223372036854775808",
    "negative": "-1",
    "other digits": quote("٢٠١５５５"),
    "marks": quote("%_\\'\"`;--{{}}{%%}<b>\u202e\u200d\ufeff"),
    "json": quote('{"id": "\\ud800", "type": "public-key", "response": [[[]]]}'),
    "nested json": quote("[" * 5000),
    "long": "a" * 30_000,
    "empty": "",
}
# Every name that some view reads from its query.
NAMES = (
    "about after asked at before closed day days filter from kind label mark next number of page"
    " press q role route see show shown size sort state tries until who forwarded fax sms cnam"
)


@pytest.fixture
def harbor(sandbox: Any, cast: Cast, changes: Any) -> Cast:
    look(cast.harbor, sources.numbers)
    Sweep.objects.create(name="changes.settle", finished_at=timezone.now())  # else /readyz is 503
    return cast


def names_of(page: HttpResponse | None) -> set[str]:
    """The names of the fields and links of a page, so that what it reads is not listed by hand."""
    if page is None or page.streaming:
        return set()
    text = page.content.decode(errors="replace")
    linked = re.findall(r"[?&;]([a-z_]{1,20})=", text)
    return {*re.findall(r'\bname="([\w-]{1,40})"', text), *linked}


def bodies(good: dict[str, Any], names: set[str]) -> Iterator[str]:
    """Forms as they are sent. One field at a time is bad, each in two ways that take turns; then
    all fields are, twice each, with the good ones between.
    """
    fields: Form = [
        (name, str(each))
        for name, value in good.items()
        for each in (value if isinstance(value, list | tuple) else [value])
    ]
    turns = cycle(NONSENSE.values())
    for changed in sorted(names):
        rest = urlencode([pair for pair in fields if pair[0] != changed])
        for _ in range(2):
            yield f"{rest}&{changed}={next(turns)}"
    for bad in NONSENSE.values():
        everything = "&".join(f"{name}={bad}" for name in sorted(names))
        yield f"{everything}&{urlencode(fields)}&{everything}"


def queries(names: set[str]) -> Iterator[str]:
    """Queries of which every name is bad, twice; and, for what reaches the database most directly,
    one name alone.
    """
    for bad in NONSENSE.values():
        everything = "&".join(f"{name}={bad}" for name in sorted(names))
        yield f"{everything}&{everything}&{bad}={bad}"
        for name in ("q", "about"):
            yield f"{name}={bad}"


def nonsense_for(
    name: str, row: Row, harbor: Cast, browsers: list[Client]
) -> Iterator[tuple[Client, str, str, str]]:
    """(browser, method, address, form) of everything that is tried at an address."""
    own = row.own(harbor)
    address = reverse(name, kwargs=own)
    for browser in browsers:
        named = names_of(browser.get(address))
        if row.get is not None:
            for query in queries(named | set(NAMES.split())):
                yield browser, "GET", f"{address}?{query}", ""
        if row.post is not None:
            good = minted(row, harbor)
            for body in bodies(good, set(good) | named):
                yield browser, "POST", address, body
    for changed in (key for key, value in own.items() if isinstance(value, str)):
        for bad in filter(None, NONSENSE.values()):
            there = reverse(name, kwargs={**own, changed: "nonsense-here"})
            there = there.replace("nonsense-here", bad)
            for method in ("GET", "POST"):
                yield browsers[0], method, there, ""


def failures_at(
    name: str, harbor: Cast, sign_in: Browser, *, every: int
) -> tuple[int, list[tuple[str, str, int]]]:
    """How much was tried, and (method, what was sent, status) of what made the portal fail. every:
    of so many one is tried, another at each address.
    """
    row = ROWS[name]
    user = reader(row, harbor)
    browsers = [sign_in(user)]
    just_signed_in(browsers[0], user)
    if Who.ANYONE in {row.get, row.post}:
        browsers.append(Client())
    for browser in browsers:
        browser.raise_request_exception = False
    tried, failed = 0, []
    first = crc32(name.encode()) % every
    for browser, how, there, body in islice(
        nonsense_for(name, row, harbor, browsers), first, None, every
    ):
        kind = {"content_type": "application/x-www-form-urlencoded"} if body else {}
        status = browser.generic(how, there, body, **kind).status_code
        tried += 1
        if status >= 500:
            failed.append((how, f"{there} {body}"[:200], status))
    return tried, failed


@pytest.mark.parametrize("name", sorted(ROWS))
def test_no_nonsense_makes_an_address_fail(name: str, harbor: Cast, sign_in: Browser) -> None:
    """A fifth of it, which is another fifth at each address."""
    tried, failed = failures_at(name, harbor, sign_in, every=5)
    assert tried > 1
    assert failed == []


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(ROWS))
def test_none_of_all_the_nonsense_makes_an_address_fail(
    name: str, harbor: Cast, sign_in: Browser
) -> None:
    tried, failed = failures_at(name, harbor, sign_in, every=1)
    assert tried >= len(NONSENSE)
    assert failed == []
