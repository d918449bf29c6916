"""What a resource needs: someone to send for it, with the account's key."""

from typing import Any, Protocol, TypeVar

from apps.voicetel.client.operations import BY_ID

T = TypeVar("T")


class Caller(Protocol):
    key: str

    @property
    def transport(self) -> Any: ...


class Resource:
    def __init__(self, client: Caller) -> None:
        self._client = client

    def _call(self, operation: str, record: type[T], **request: Any) -> T:
        """The answer's record, for operations that always have one."""
        answer: T = self._client.transport.call(
            BY_ID[operation], record, key=self._client.key, **request
        )
        return answer

    def _find(self, operation: str, record: type[T], **request: Any) -> T | None:
        """The same where "nothing here" is an answer: None."""
        answer: T | None = self._client.transport.call(
            BY_ID[operation], record, key=self._client.key, **request
        )
        return answer

    def _do(self, operation: str, **request: Any) -> None:
        """For operations that answer without data."""
        self._client.transport.call(BY_ID[operation], None, key=self._client.key, **request)
