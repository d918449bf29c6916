"""Calls whose answers are held against the provider's document: each played operation, well and badly asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from apps.sandbox import people
from apps.sandbox.operations import Operation

HARBOR, NORTHWIND, QUIET, OPERATOR = (person.username for person in (people.HARBOR, people.NORTHWIND, people.QUIET, people.OPERATOR))
OWN, FOREIGN, FREE = "2015550110", "3123001000", "9175550123"


@dataclass(frozen=True)
class Sample:
    """One call and the status that it must get. first: what happens before; lacking: properties rightly left out."""

    operation: str
    status: int
    why: str = ""
    where: dict[str, str] = field(default_factory=dict)
    query: str = ""
    body: Any = None
    account: str = HARBOR
    headers: dict[str, str] = field(default_factory=dict)
    first: tuple[Callable[[Any, Any], Any], ...] = ()
    lacking: frozenset[str] = frozenset()

    def path(self, row: Operation) -> str:
        return row.path.removeprefix("/v2.2").format(**{"number": OWN, "id": "1000", "dn": OWN, **self.where}) + self.query


SAMPLES = [
    Sample("accountApiKey", 200, body={"username": HARBOR, "password": "demo1234"}),
    Sample("accountApiKey", 401, body={"username": HARBOR, "password": "wrong"}),
    Sample("accountApiKey", 400, body={}),
    Sample("accountGet", 200),
    Sample("accountCdr", 200, query="?start=9999999999&end=0"),
    Sample("accountCdr", 400, "no time", query="?start=soon"),
    Sample("accountRecurringCharges", 200),
    Sample("numbersList", 200),
    Sample("numbersList", 404, account=QUIET),
    Sample("numbersGet", 200),
    Sample("numbersGet", 404, where={"number": FOREIGN}),
    Sample("numbersForwardSet", 200, body={"destination": FREE}),
    Sample("numbersForwardSet", 400, body={"destination": "x"}),
    Sample("numbersForwardSet", 404, where={"number": FOREIGN}, body={"destination": FREE}),
    Sample("numbersForwardSet", 409, "to itself", body={"destination": OWN}),
    Sample("numbersForwardDelete", 204),
    Sample("numbersForwardDelete", 404, where={"number": FOREIGN}),
    Sample("numbersRoute", 200, body={"route": 1001}),
    Sample("numbersRoute", 400, "no such gateway", body={"route": 77}),
    Sample("numbersRoute", 400, "not ours", where={"number": FOREIGN}, body={"route": 4}),
    Sample("gatewaysList", 200),
    Sample("gatewaysGet", 200),
    Sample("gatewaysGet", 200, "system", where={"id": "4"}),
    Sample("gatewaysGet", 404, where={"id": "77"}),
    Sample("gatewaysNumbers", 200),
    Sample("gatewaysNumbers", 404, where={"id": "77"}),
]
