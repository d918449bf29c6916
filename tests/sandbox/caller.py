"""A caller of the sandbox that knows nothing of the portal: requests over the adapter."""

from dataclasses import dataclass, field
from typing import Any

import requests

from apps.sandbox import people
from apps.sandbox.front.adapter import InProcess

URL = "http://sandbox.test"


def session_from(peer: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", InProcess(peer))
    return session


@dataclass
class Caller:
    """Calls one account's operations; `caller("PUT", "/numbers/2015550110/forward", {...})` gives
    the requests.Response.
    """

    username: str
    peer: str = "127.0.0.1"
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.session = session_from(self.peer)

    def __call__(
        self, method: str, path: str, body: Any = None, *, timeout: Any = 5, **more: Any
    ) -> requests.Response:
        headers = (
            {"Authorization": f"Bearer {people.key_of(self.username)}"}
            | self.headers
            | more.pop("headers", {})
        )
        return self.session.request(
            method,
            f"{URL}/v2.2{path}",
            json=body,
            headers=headers,
            timeout=timeout,
            allow_redirects=False,
            **more,
        )

    def data(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        answer = self(method, path, body, **more)
        assert answer.ok, answer.text
        return answer.json()["data"] if answer.content else None

    def refusal(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, str]:
        answer = self(method, path, body, **more)
        assert answer.status_code >= 400, answer.text
        told = answer.json()
        assert told["status"] == "error"
        assert told["error"]["code"] == answer.status_code
        return answer.status_code, told["error"]["message"]
