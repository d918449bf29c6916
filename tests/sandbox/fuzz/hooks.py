"""What schemathesis must know of this provider: whose key, which numbers and ids exist, and that
six calls an hour are few.

Loaded by schemathesis itself (SCHEMATHESIS_HOOKS); FUZZ_URL and FUZZ_USERNAME say where and who.
Without real numbers and ids in them nearly all requests would end at 404, and nothing behind that
would be tried.
"""

import hashlib
import os
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
import schemathesis
from jsonschema import Draft202012Validator

from apps.sandbox import people
from apps.sandbox.front.remote import Remote
from apps.sandbox.operations import BY_ID
from tests.sandbox import schema

HARBOR, FREE = people.HARBOR.username, "9175550123"
URL, USERNAME = os.environ.get("FUZZ_URL", ""), os.environ.get("FUZZ_USERNAME", HARBOR)
# seconds: the clock moves on so much with each limited call, as schemathesis makes calls of its own
# after it
HOUR = 3600.0
KNOWN_IN_TEN = 8  # of ten generated values, so many give way to known ones
LACKING = frozenset({"value"})  # of authPut: a password is not said back

control, session = Remote(URL), requests.Session()
session.trust_env = False
key = [people.key_of(USERNAME)]


def ask(method: str, path: str, **more: Any) -> requests.Response:
    return session.request(
        method,
        f"{URL}/v2.2{path}",
        headers={"Authorization": f"Bearer {key[0]}"},
        timeout=30,
        **more,
    )


def listed(path: str, name: str, *fields: str) -> list[Any]:
    """A field of each row of a list there; nothing when the list is empty (404)."""
    answer = ask("GET", path)
    return (
        [row[field] for row in answer.json()["data"][name] for field in fields] if answer.ok else []
    )


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
        "mediaUrls": ["https://example.com/a.png"],
        "lcBtn": [FREE],
        "gateway id": routes,
        "ticket id": [*range(4000, 4012), *listed("/support/tickets", "tickets", "id")[:8]],
        "port id": listed("/ports", "ports", "pid"),
    }


POOLS: dict[str, list[Any]] = {}
# numbers that were moved or released: schemathesis knows DELETE only as an end
GONE: set[str] = set()
# what successful POSTs answered: a value that the run itself made stays as it is
MADE: set[str] = set()
# What a name means depends on the operation.
MEANT = {("numbersCreate", "number"): "stock", ("orderCreate", "number"): "stock"}
# fields of accountPut; of everybody else the whole call is refused
FOR_ADMINS = {"ccs", *people.SERVICES}


def dice(*words: Any) -> int:
    """A number that follows from the words, so that a failure can be replayed."""
    return int.from_bytes(
        hashlib.blake2b(repr(words).encode(errors="replace"), digest_size=4).digest(), "big"
    )


def known(operation: str, name: str, generated: Any, always: bool = False) -> Any:
    """The generated value, or most times a known one."""
    row, thrown = BY_ID[operation], dice(operation, name, generated)
    kind = MEANT.get((operation, name), name)
    if name == "id":
        kind = (
            "ticket id"
            if "/tickets/" in row.path
            else "port id"
            if "/ports/" in row.path
            else "gateway id"
        )
    values = POOLS.get(kind)
    if not values or str(generated) in MADE or (not always and thrown % 10 >= KNOWN_IN_TEN):
        return generated
    return values[thrown // 10 % len(values)]


def put(operation: str, value: Any, always: bool, name: str = "") -> Any:
    """Known values into a body, at every depth; only where the generated one is of their type."""
    if isinstance(value, dict):
        return {inner: put(operation, value[inner], always, inner) for inner in value}
    if isinstance(value, list):
        meant = {"did": "toNumber", "numbers": "number", "mediaUrls": "mediaUrls"}.get(name, name)
        return [put(operation, item, always, meant) for item in value]
    found = known(operation, name, value, always)
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
    # its ids come from the answers before it
    linked = case.meta and case.meta.phase.name.value == "stateful"
    if case.path_parameters and positive(case, "path") and not linked:
        case.path_parameters = {
            name: known(operation, name, value) for name, value in case.path_parameters.items()
        }
    if case.query and positive(case, "query"):
        case.query = {name: known(operation, name, value) for name, value in case.query.items()}
    if isinstance(case.body, dict) and positive(case, "body"):
        thrown = dice(operation, case.body)
        # in one body of three some of it stays strange
        case.body = put(operation, case.body, always=thrown % 3 > 0)
        if operation == "accountPut" and thrown % 2:
            case.body = {name: value for name, value in case.body.items() if name not in FOR_ADMINS}
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
        control.advance(HOUR)
    elif operation == "portSubmit":
        check_portability(case.body)


def leaves(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        return [
            leaf
            for inner in (value.values() if isinstance(value, dict) else value)
            for leaf in leaves(inner)
        ]
    return [str(value)]


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """What was made is remembered; a new password has made the key another one: the customer
    exchanges it, as in life.
    """
    if (
        case.operation.definition.raw["operationId"] in ("numbersMove", "numbersRelease")
        and response.status_code < 300
    ):
        GONE.add(str(case.path_parameters["number"]))
    if case.method == "POST" and response.status_code in (200, 201):
        MADE.update(leaves(response.json()))
    if (
        case.operation.definition.raw["operationId"] == "authPut"
        and case.method == "PUT"
        and response.status_code in (200, 409)
    ):
        told = response.json()
        done = told.get("updated") or told.get("data", {}).get("updated") or []
        if any(part.get("field") == "password" for part in done) and isinstance(case.body, dict):
            control.advance(HOUR)
            answer = session.post(
                f"{URL}/v2.2/account/api-key",
                json={"username": USERNAME, "password": case.body["password"]},
                timeout=30,
            )
            key[0] = answer.json()["data"]["apikey"]


@schemathesis.auth(refresh_interval=None)  # type: ignore[untyped-decorator, unused-ignore]
class Key:
    def get(self, case: Any, context: Any) -> str:
        return key[0]

    def set(self, case: Any, data: str, context: Any) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.check
def promised_answer(ctx: Any, response: Any, case: Any) -> None:
    """The status is the document's, and its answer carries every property that the schema names.

    Beyond the document: malformed input may get 400 everywhere, and what is another address is 404
    or 405; in the envelope.
    """
    operation = case.operation.definition.raw["operationId"]
    documented = schema.operations()[operation][2]["responses"]
    path = unquote(urlsplit(response.request.url).path)
    same_address = case.method == BY_ID[operation].method and path.rstrip("/").count("/") == BY_ID[
        operation
    ].path.count("/")
    if same_address and str(response.status_code) in documented:
        schema.check(operation, response.status_code, response.content, lacking=LACKING)
        return
    assert response.status_code == 400 or (
        not same_address and response.status_code in (404, 405)
    ), f"{response.status_code} is not promised"
    told = response.json()
    assert told["status"] == "error"
    assert told["error"]["code"] == response.status_code
    assert told["error"]["message"]


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """False for what is no failure of the provider's."""
    raw = case.operation.definition.raw
    if (
        type(failure).__name__ == "AcceptedNegativeData"
        and isinstance(case.body, dict)
        and None in case.body.values()
    ):
        # null in an optional field: left out
        told = {name: value for name, value in case.body.items() if value is not None}
        wanted = {
            **raw["requestBody"]["content"]["application/json"]["schema"],
            "components": schema.document()["components"],
        }
        return not Draft202012Validator(wanted).is_valid(told)
    # a 404 may be about another thing: its campaign, its fax
    if type(failure).__name__ == "EnsureResourceAvailability":
        said = response.json()["error"]["message"]
        gone = GONE.intersection(map(str, (case.path_parameters or {}).values()))
        return "not found" in said and not said.startswith("Campaign") and not gone
    return True
