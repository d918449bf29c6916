"""Sends one request and says what became of it.

It never sleeps, reads no settings, and has no case for any one operation.
"""

import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import quote, urlencode

import msgspec
import requests
import urllib3
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from apps.voicetel.client import answers
from apps.voicetel.client.errors import (
    BY_STATUS,
    Conflict,
    Malformed,
    NotSent,
    OutcomeUnknown,
    PartlyDone,
    RateLimited,
    Refused,
    Unavailable,
)
from apps.voicetel.client.operations import Operation, Retry
from apps.voicetel.client.wire import time_left, wire

T = TypeVar("T")
HOUR = timedelta(hours=1)
IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9_-]{1,128}")
KEY = re.compile(r"[\x21-\x7e]{1,256}")
NO_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)
# What proves that no connection was made. Two of these derive from the time-out and HTTP errors
# that prove nothing.
NEVER_OPENED = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.NameResolutionError,
)


class Meter(Protocol):
    """Who counts the hour.

    Every call is asked for, so that an operation may join a pool later; None is "not counted".
    """

    def reserve(self, pool: str | None, operation: str) -> Any:
        """A ticket before the sending. Raises BudgetSpent."""

    def settle(self, ticket: Any) -> None:
        """The answer came, or may never come: the call counts from now."""

    def release(self, ticket: Any) -> None:
        """Nothing was sent: the call is given back."""

    def worked(self, ticket: Any, pool: str | None, operation: str) -> None:
        """The provider took the call: it gave an answer of its own that is no 429."""

    def shut(self, pool: str | None, operation: str, wait: timedelta | None) -> None:
        """The provider answered 429: nothing more for so long; None: it named no usable time."""


class Guard(Protocol):
    """Who knows that the provider is down."""

    def check(self, operation: str) -> None:
        """Raises NotSent while the provider is known to be down."""

    def report(self, operation: str, ok: bool, *, connected: bool = True) -> None:
        """How it went: True for any answer of the provider's own, refusals included.

        connected: False when no connection was made.
        """


class Transport:
    """base_url without a trailing slash; adapter: where requests go (default: sockets); before:
    raises when our transaction is open.

    `seconds` is the whole call's deadline, `connect` of that for connecting. `now`: the clock by
    which RateLimited.retry_at is told.
    """

    def __init__(
        self,
        base_url: str,
        *,
        adapter: BaseAdapter | None = None,
        meter: Meter | None = None,
        guard: Guard | None = None,
        before: Callable[[], None] | None = None,
        seconds: float = 30.0,
        connect: float = 3.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.adapter = adapter
        self.meter = meter
        self.guard = guard
        self.before = before
        self.seconds = seconds
        self.connect = connect
        self.now = now

    def call(
        self,
        operation: Operation,
        record: type[T] | None,
        *,
        key: str = "",
        path: Mapping[str, str | int] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        idempotency_key: str = "",
    ) -> T | None:
        """The answer's data as `record`; None for a status that means "nothing here".

        Raises the tree of errors.py, and only that.
        """
        until = time.monotonic() + self.seconds
        request = self._prepare(operation, key, path, query, body, idempotency_key)
        try:
            return self._once(operation, record, request, until)
        except (NotSent, Unavailable) as error:
            if not self._again(operation, error) or time.monotonic() >= until:
                raise
        return self._once(operation, record, request, until)

    @staticmethod
    def _again(operation: Operation, error: NotSent | Unavailable) -> bool:
        """Once more: a read outside a pool, after a connection that never opened or a gateway's 502
        or 503.
        """
        if operation.retry is not Retry.SAFE or operation.pool:
            return False
        return (
            error.status in (502, 503)
            if isinstance(error, Unavailable)
            else isinstance(error, NeverOpened)
        )

    def _prepare(
        self,
        operation: Operation,
        key: str,
        path: Mapping[str, str | int] | None,
        query: Mapping[str, Any] | None,
        body: Mapping[str, Any] | None,
        idempotency_key: str,
    ) -> requests.PreparedRequest:
        url = self.base_url + operation.path
        for name, value in (path or {}).items():
            url = url.replace("{" + name + "}", quote(str(value), safe=""))
        if query:
            url += "?" + urlencode(query, safe=",")
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": "voicetel-portal",
        }
        if not operation.public:
            if not KEY.fullmatch(key):
                raise Malformed(
                    {"key": "An API key is 32 letters and digits without spaces."},
                    operation=operation.id,
                )
            headers["Authorization"] = "Bearer " + key
        if idempotency_key:
            if not IDEMPOTENCY_KEY.fullmatch(idempotency_key):
                raise Malformed(
                    {
                        "idempotency_key": (
                            "An idempotency key is up to 128 letters, digits, - and _."
                        )
                    },
                    operation=operation.id,
                )
            headers["Idempotency-Key"] = idempotency_key
        request = requests.PreparedRequest()
        request.method = operation.method
        request.url = url
        if body is not None:
            request.body = msgspec.json.encode(body)
            headers["Content-Type"] = "application/json"
            headers["Content-Length"] = str(len(request.body))
        request.headers = CaseInsensitiveDict(headers)
        return request

    def _once(
        self,
        operation: Operation,
        record: type[T] | None,
        request: requests.PreparedRequest,
        until: float,
    ) -> T | None:
        """One attempt, counted by the meter: given back only when it surely never left."""
        if self.before:
            self.before()
        if self.guard:
            self.guard.check(operation.id)
        ticket = self.meter.reserve(operation.pool, operation.id) if self.meter else None
        try:
            response = self._send(operation, request, until)
        except NotSent:
            if self.meter and ticket is not None:
                self.meter.release(ticket)
            self._report(operation, False, connected=False)
            raise
        except BaseException:
            if self.meter and ticket is not None:
                self.meter.settle(ticket)
            self._report(operation, False)
            raise
        if self.meter and ticket is not None:
            self.meter.settle(ticket)
        try:
            data = self._classify(operation, record, request, response)
        except Exception as error:
            self._report(operation, isinstance(error, Refused))
            if isinstance(error, Refused) and not isinstance(error, RateLimited):
                self._worked(operation, ticket)
            raise
        self._report(operation, True)
        self._worked(operation, ticket)
        return data

    def _report(self, operation: Operation, ok: bool, *, connected: bool = True) -> None:
        if self.guard:
            self.guard.report(operation.id, ok, connected=connected)

    def _worked(self, operation: Operation, ticket: Any) -> None:
        if self.meter:
            self.meter.worked(ticket, operation.pool, operation.id)

    def _send(
        self, operation: Operation, request: requests.PreparedRequest, until: float
    ) -> requests.Response:
        """Up to the answer's headers."""
        left = until - time.monotonic()
        if left <= 0:
            raise NotSent("There was no time left to send it.", operation=operation.id)
        adapter = self.adapter or wire(fresh=operation.fresh)
        try:
            return adapter.send(
                request,
                stream=True,
                timeout=time_left(self.connect, left),  # type: ignore[arg-type]
                verify=True,
                proxies={},
            )
        except NO_ADDRESS as error:
            raise NotSent(
                f"VoiceTel's address cannot be used: {error}", operation=operation.id
            ) from error
        except (*answers.BROKEN, ValueError) as error:
            if never_opened(error):
                raise NeverOpened(
                    f"No connection to VoiceTel: {reason(error)}.", operation=operation.id
                ) from error
            raise self._lost(
                operation, f"The connection to VoiceTel broke: {reason(error)}."
            ) from error

    def _classify(
        self,
        operation: Operation,
        record: type[T] | None,
        request: requests.PreparedRequest,
        response: requests.Response,
    ) -> T | None:
        status = response.status_code
        good = 200 <= status < 300
        try:
            body = answers.read(response, operation.largest if good else answers.LARGEST_REFUSAL)
            if good:
                return answers.decode(body, record)
        except answers.Unreadable as error:
            if status == 429:
                raise self._limited(operation, response, None) from error
            raise self._lost(
                operation,
                f"VoiceTel's answer could not be read: {error}.",
                status,
                likely_done=good,
            ) from error
        told = answers.refusal(body)
        if status == 429:
            raise self._limited(operation, response, told)
        if told is None or not (400 <= status < 500 or status in operation.nothing_done):
            words = told[0] if told else f"status {status}, in a shape that is not VoiceTel's"
            raise self._lost(operation, f"VoiceTel answered: {words}.", status)
        message, answer = told
        if status in operation.empty:
            return None
        if (
            status == 409
            and operation.retry is Retry.KEYED
            and "Idempotency-Key" in request.headers
        ):
            raise OutcomeUnknown(
                f"VoiceTel is still busy with the same request: {message}",
                operation=operation.id,
                status=status,
            )
        if status == 409 and operation.partly:
            raise partly(operation, message, answer)
        raise BY_STATUS.get(status, Refused)(
            message, operation=operation.id, status=status, body=answer
        )

    def _lost(
        self,
        operation: Operation,
        message: str,
        status: int | None = None,
        *,
        likely_done: bool = False,
    ) -> Exception:
        if operation.retry is Retry.SAFE:
            return Unavailable(message, operation=operation.id, status=status)
        return OutcomeUnknown(
            message, operation=operation.id, status=status, likely_done=likely_done
        )

    def _limited(
        self,
        operation: Operation,
        response: requests.Response,
        told: tuple[str, Mapping[str, Any]] | None,
    ) -> RateLimited:
        said = wait_of(response.headers)
        wait = HOUR if said is None else said
        if self.meter:
            self.meter.shut(operation.pool, operation.id, said)
        message, body = told or ("Too many requests.", {})
        return RateLimited(message, operation=operation.id, retry_at=self.now() + wait, body=body)


class NeverOpened(NotSent):
    """A connection was tried and never opened: the one kind of NotSent that is tried
    again at once.
    """


def never_opened(error: BaseException) -> bool:
    """Looks inside: requests' ConnectionError is the same outside for a refused connection and for
    an answer cut after a charge.
    """
    seen: set[int] = set()
    todo: list[Any] = [error]
    while todo:
        one = todo.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, NEVER_OPENED):
            return True
        todo += [*one.args, getattr(one, "reason", None), one.__cause__]
    return False


def reason(error: BaseException) -> str:
    """The innermost error's class and words, without addresses of objects."""
    while inner := next(
        (
            each
            for each in (getattr(error, "reason", None), *error.args)
            if isinstance(each, BaseException)
        ),
        None,
    ):
        error = inner
    told = (isinstance(error, OSError) and error.strerror) or str(error)
    words = told.rsplit(": ", 1)[-1] or type(error).__name__
    return words[:200].rstrip(".")


def wait_of(headers: Mapping[str, str]) -> timedelta | None:
    """Retry-After, in seconds or as an HTTP date (told against the answer's own Date), from a
    second to an hour; None without one, and for one that nobody can read or that is longer.
    """
    said = headers.get("Retry-After", "").strip()
    try:
        if said.lstrip("+-").isdecimal():
            seconds = float(said) if len(said) < 12 else float("inf")
        else:
            then = parsedate_to_datetime(said)
            base = (
                parsedate_to_datetime(headers["Date"]) if "Date" in headers else datetime.now(UTC)
            )
            seconds = (then - base).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return timedelta(seconds=max(seconds, 1.0)) if seconds <= HOUR.total_seconds() else None


def partly(operation: Operation, message: str, answer: Mapping[str, Any]) -> Refused:
    """The 409 that lists parts: acl's {"data": {"added" or "removed", "failed"}}, auth's
    {"updated", "errors"}.
    """
    data = answer.get("data")
    told: Mapping[str, Any] = data if isinstance(data, dict) else answer
    done = [part for name in ("added", "removed", "updated") for part in listed(told.get(name))]
    failed = [part for name in ("failed", "errors") for part in listed(told.get(name))]
    if done:
        return PartlyDone(message, operation=operation.id, body=answer, done=done, failed=failed)
    return Conflict(message, operation=operation.id, body=answer, failed=failed)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
