"""The same verbs for a provider in a process of its own, over /_sandbox/: for tests that kill and
restart things, and benches.
"""

from typing import Any

import requests


class Remote:
    """`Remote("http://127.0.0.1:8090")`.

    Raises requests.HTTPError for a control call that the sandbox refuses.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.session = requests.Session()
        self.session.trust_env = False

    def _call(self, method: str, name: str, **options: Any) -> dict[str, Any]:
        answer = self.session.request(method, f"{self.url}/_sandbox/{name}", timeout=60, **options)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def reset(self, seed: int = 1, numbers: int | None = None, calls: int | None = None) -> None:
        self._call("POST", "reset", json={"seed": seed, "numbers": numbers, "calls": calls})

    def requests(self, operation: str | None = None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._call(
            "GET", "requests", params={"operation": operation} if operation else {}
        )["requests"]
        return found

    def charges(self, account: str) -> dict[str, Any]:
        return self._call("GET", "charges", params={"account": account})

    def fault(self, operation: str, kind: str, times: int | None = 1, **options: Any) -> None:
        self._call(
            "POST", "faults", json={"operation": operation, "kind": kind, "times": times, **options}
        )

    def clear_faults(self) -> None:
        self._call("DELETE", "faults")

    def advance(self, seconds: float) -> None:
        self._call("POST", "clock", json={"advance": seconds})
