"""Every way a call can end badly, one class per remedy.

VoiceTelError
  NotSent             nothing left us: send again when you like
    BudgetSpent       our share of the hour is used up: wait until retry_at
  Unavailable         a read came back broken: nothing changed, look again later
  OutcomeUnknown      it was sent and we cannot tell: look, never resend
  Refused             the provider said no, in words: nothing was done
    Malformed         we said no before it left: correct the fields
    Unauthorized      401   Forbidden   403   Absent       404
    BalanceTooLow     402   Conflict    409
      PartlyDone      409: parts were done, and the others refused
    RateLimited       429: wait until retry_at
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any


class VoiceTelError(Exception):
    """A provider call that did not give its answer.

    `operation` is the document's operationId, "" where no call was begun.
    """

    def __init__(self, message: str, *, operation: str = "") -> None:
        # of a broken status line or header: PostgreSQL keeps none, and messages are kept
        message = message.replace("\0", "")
        super().__init__(message)
        self.message = message
        self.operation = operation


class NotSent(VoiceTelError):
    """No byte of the request left us: refused, name or certificate wrong, no connection in time,
    provider known to be down.
    """


class BudgetSpent(NotSent):
    """Our share of the provider's hour is used up.

    `retry_at`: the aware moment when there is room again.
    """

    def __init__(self, message: str, *, operation: str = "", retry_at: datetime) -> None:
        super().__init__(message, operation=operation)
        self.retry_at = retry_at


class Unavailable(VoiceTelError):
    """A read failed: a 5xx, a cut, a time-out or nonsense.

    Nothing changed there. `status` is None when no status line came.
    """

    def __init__(self, message: str, *, operation: str = "", status: int | None = None) -> None:
        super().__init__(message, operation=operation)
        self.status = status


class OutcomeUnknown(VoiceTelError):
    """The request was sent and no readable answer proves what it did. Look before anything else;
    never send it again blindly.

    `likely_done`: a 2xx came, but its body could not be read. `status` is None when no status line
    came.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str = "",
        status: int | None = None,
        likely_done: bool = False,
    ) -> None:
        super().__init__(message, operation=operation)
        self.status = status
        self.likely_done = likely_done


class Refused(VoiceTelError):
    """The provider's own refusal, in its envelope: nothing was done.

    `message` is its text, `body` the whole answer as it came.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str = "",
        status: int,
        body: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, operation=operation)
        self.status = status
        self.body: Mapping[str, Any] = body if body is not None else {}


class Malformed(Refused):
    """Refused by us before it left, because the provider would.

    `fields`: one sentence for each wrong field.
    """

    def __init__(self, fields: Mapping[str, str], *, operation: str = "") -> None:
        super().__init__(" ".join(fields.values()), operation=operation, status=400)
        self.fields = dict(fields)


class Unauthorized(Refused):
    """401.

    Not always a dead key (some operations answer it for a number that is not yours): confirm with
    gatewaysList.
    """


class BalanceTooLow(Refused):
    """402: the balance does not cover it; of cnamLookup also: the service is off."""


class Forbidden(Refused):
    """403."""


class Absent(Refused):
    """404."""


class Conflict(Refused):
    """409: refused as things stand there.

    `failed` lists the parts that were refused, as they came, where the provider lists them
    (aclCreate, aclDelete, authPut). Nothing was done, but for PartlyDone.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str = "",
        status: int = 409,
        body: Mapping[str, Any] | None = None,
        failed: list[Any] | None = None,
    ) -> None:
        super().__init__(message, operation=operation, status=status, body=body)
        self.failed = failed or []


class PartlyDone(Conflict):
    """409 of aclCreate, aclDelete or authPut: parts were done and parts were not.

    `done` and `failed` list them as they came.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str = "",
        status: int = 409,
        body: Mapping[str, Any] | None = None,
        done: list[Any] | None = None,
        failed: list[Any] | None = None,
    ) -> None:
        super().__init__(message, operation=operation, status=status, body=body, failed=failed)
        self.done = done or []


def part_in_words(part: Any) -> tuple[str, str]:
    """(name, reason) of one part that a 409 lists: {"cidr": ..., "reason": ...}, {"field": ...,
    "message": ...}, or a bare text. The reason is empty where none is given.
    """
    if not isinstance(part, Mapping):
        return str(part)[:120], ""
    texts = {name: str(value)[:200] for name, value in part.items() if isinstance(value, str)}
    reason = next((texts.pop(name) for name in ("reason", "message", "error") if name in texts), "")
    return next(iter(texts.values()), "")[:120], reason


class RateLimited(Refused):
    """429.

    `retry_at`: when the provider said to come back, clamped to within an hour; an hour from now
    when it said nothing usable.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str = "",
        retry_at: datetime,
        body: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, operation=operation, status=429, body=body)
        self.retry_at = retry_at


BY_STATUS: Mapping[int, type[Refused]] = {
    401: Unauthorized,
    402: BalanceTooLow,
    403: Forbidden,
    404: Absent,
    409: Conflict,
}
