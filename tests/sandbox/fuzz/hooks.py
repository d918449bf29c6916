"""What schemathesis must know of this provider: whose key, which numbers and ids exist, and that six calls an hour are few.

Loaded by schemathesis itself (SCHEMATHESIS_HOOKS); FUZZ_URL and FUZZ_USERNAME say where and who.
Without real numbers and ids in them nearly all requests would end at 404, and nothing behind that would be tried.
"""

import hashlib
import os
from typing import Any

import requests
import schemathesis

from apps.sandbox import people
from apps.sandbox.operations import BY_ID
from apps.sandbox.remote import Remote

HARBOR, FREE = people.HARBOR.username, "9175550123"
URL, USERNAME = os.environ.get("FUZZ_URL", ""), os.environ.get("FUZZ_USERNAME", HARBOR)
HOUR, A_CALL = 3600.0, 900.0  # seconds: the clock moves on so much with each limited call, so that few are refused
KNOWN_IN_TEN = 8  # of ten generated values, so many give way to known ones

control, session = Remote(URL), requests.Session()
session.trust_env = False
key = [people.key_of(USERNAME)]


def ask(method: str, path: str, **more: Any) -> requests.Response:
    return session.request(method, f"{URL}/v2.2{path}", headers={"Authorization": f"Bearer {key[0]}"}, timeout=30, **more)


def listed(path: str, name: str, *fields: str) -> list[Any]:
    """A field of each row of a list there; nothing when the list is empty (404)."""
    answer = ask("GET", path)
    return [row[field] for row in answer.json()["data"][name] for field in fields] if answer.ok else []


def pools() -> dict[str, list[Any]]:
    """Values that mean something at the provider, by the name of the field or parameter."""
    own = listed("/numbers", "numbers", "number")[:12]
    routes = listed("/gateways", "gateways", "id")
    free = listed("/inventory?tnMask=201&quantity=100", "numbers", "number")
    numbers = [*own, FREE, "3123001000"]
    return {
        "number": numbers,
        "dn": [*own, FREE],
        "ani": own or [FREE],
        "route": [*routes, 77],
        "gatewayId": routes,
        "destination": [FREE, *own[:2]],
        "translation": [FREE],
        "callerId": own or [FREE],
        "stock": free,
        "fromNumber": own or [FREE],
        "toNumber": [FREE, "9175550197", "9175550198"],
        "campaignId": ["CHARBR1", "CNRTHW1", "CNEW001"],
        "externalCampaignId": ["CHARBR1", "CNEW001", "CNEW002"],
        "messagingBrandId": ["BHARBOR1", "BNEW1", "BNEW2"],
        "ids": ["CHARBR1,CNEW001", "CNOBODY"],
        "numbers": [",".join(own[:3]), FREE],
        "cidrs": ["203.0.113.10/32", "198.51.100.0/24,203.0.113.10/32"],
        "cidr": ["198.51.100.0/24", "203.0.113.10/32", "8.8.8.0/24"],
        "tnMask": ["201", "2015551XXX", "201555", "NXX"],
        "npa": ["201", "312"],
        "countBy": ["state", "city", "rateCenter", "npanxx", "block"],
        "username": [USERNAME, people.QUIET.username],
        "password": [people.PASSWORD],
        "email": ["harbor@demo.test", "fuzz@demo.test", "a@b.test"],
        "masterAccount": [HARBOR],
        "accountId": [int(people.NORTHWIND.username), int(HARBOR), int(people.LARK.username)],
        "timezone": ["America/Denver", "UTC"],
        "addressid": [1234567],
        "gateway": ["203.0.113.77:5060", "8.8.4.4"],
        "address1": ["411 Hackensack Avenue", "0 Nowhere"],
        "state": ["NJ", "ZZ", "CA"],
        "resource": ["https://example.com/sms", "user@example.com", "8.8.4.4:5060"],
        "gateway id": routes,
        "ticket id": [*range(4000, 4012), *listed("/support/tickets", "tickets", "id")[:8]],
        "port id": listed("/ports", "ports", "pid"),
    }


POOLS: dict[str, list[Any]] = {}
# What a name means depends on the operation.
MEANT: dict[tuple[str, str], str] = {
    ("numbersCreate", "number"): "stock",
    ("orderCreate", "number"): "stock",
    ("orderCreate", "numbers"): "",
}


def known(operation: str, name: str, generated: Any) -> Any:
    """The generated value, or most times a known one: the same for the same value, so that a failure can be replayed."""
    row = BY_ID[operation]
    if name == "id":
        kind = "ticket id" if "/tickets/" in row.path else "port id" if "/ports/" in row.path else "gateway id"
    else:
        kind = MEANT.get((operation, name), name)
    values = POOLS.get(kind)
    dice = int.from_bytes(hashlib.blake2b(f"{operation} {name} {generated!r}".encode(errors="replace"), digest_size=4).digest(), "big")
    if not values or dice % 10 >= KNOWN_IN_TEN:
        return generated
    return values[dice // 10 % len(values)]


def put(operation: str, value: Any, name: str = "") -> Any:
    """Known values into a body, at every depth; only where the generated one is of their type."""
    if isinstance(value, dict):
        return {inner: put(operation, value[inner], inner) for inner in value}
    if isinstance(value, list):
        return [
            known(operation, "toNumber", item) if name == "did" and isinstance(item, str) else put(operation, item, name) for item in value
        ]
    found = known(operation, name, value)
    return found if type(found) is type(value) else value


def positive(case: Any, part: str) -> bool:
    """Was this part of the request meant to be valid? What is wrong on purpose stays wrong."""
    for location, info in case.meta.components.items() if case.meta else ():
        if location.value == part:
            return bool(info.mode.is_positive)
    return False


@schemathesis.hook
def map_case(context: Any, case: Any) -> Any:
    if not POOLS:
        POOLS.update(pools())
    operation = case.operation.definition.raw["operationId"]
    if case.path_parameters and positive(case, "path"):
        case.path_parameters = {name: known(operation, name, value) for name, value in case.path_parameters.items()}
    if case.query and positive(case, "query"):
        case.query = {name: known(operation, name, value) for name, value in case.query.items()}
    if isinstance(case.body, dict) and positive(case, "body"):
        case.body = put(operation, case.body)
    return case


def check_portability(body: Any) -> None:
    """A port's numbers must have been found portable within the hour."""
    for number in body.get("did") or () if isinstance(body, dict) else ():
        if isinstance(number, str) and number.isascii() and number.isdigit():
            ask("GET", f"/ports/availability/{number[:20]}")


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    operation = case.operation.definition.raw["operationId"]
    if BY_ID[operation].limited:
        control.advance(A_CALL)
    elif operation == "portSubmit":
        check_portability(case.body)


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """A new password has made the key another one: the customer exchanges it, as in life."""
    if case.operation.definition.raw["operationId"] == "authPut" and case.method == "PUT" and response.status_code in (200, 409):
        told = response.json()
        done = told.get("updated") or told.get("data", {}).get("updated") or []
        if any(part.get("field") == "password" for part in done) and isinstance(case.body, dict):
            control.advance(HOUR)
            answer = session.post(f"{URL}/v2.2/account/api-key", json={"username": USERNAME, "password": case.body["password"]}, timeout=30)
            key[0] = answer.json()["data"]["apikey"]


@schemathesis.auth(refresh_interval=None)  # type: ignore[untyped-decorator, unused-ignore]
class Key:
    def get(self, case: Any, context: Any) -> str:
        return key[0]

    def set(self, case: Any, data: str, context: Any) -> None:
        case.headers["Authorization"] = f"Bearer {data}"
