"""Port-in orders: portability, submitting, looking."""

import re
from typing import Any

from apps.sandbox import clock
from apps.sandbox.handlers.lookups import pick
from apps.sandbox.handlers.registry import plays
from apps.sandbox.handlers.tickets import open_ticket
from apps.sandbox.models import Number, Port, Portable
from apps.sandbox.rules import TEN_DIGITS, Asked, Refusal
from apps.sandbox.world import campaigns, charges, geography, porting, routes

HOUR = 3600.0
FEE = 6_000_000  # micro-dollars a number
REQUIRED = (
    "lcBtn",
    "street",
    "nameType",
    "lcAccountNumber",
    "streetNumber",
    "streetType",
    "name",
    "authPerson",
    "state",
    "zip",
    "city",
)
OPTIONAL = (
    "room",
    "floor",
    "unitValue",
    "pin",
    "building",
    "streetSuffix",
    "streetPrefix",
    "desiredDueDate",
)
DIRECTIONS = {"", "N", "NE", "E", "SE", "S", "SW", "W", "NW"}
LOSING = ("Sinch Voice-NSR-10X-Port/1", "Verizon", "Comcast IP Phone", "Bandwidth.com CLEC", None)
LIDB_NAME = re.compile(r"[A-Za-z0-9 ]{0,15}", re.ASCII)


@plays("portAvailability")
def availability(asked: Asked) -> dict[str, Any]:
    """A portable answer is good for an hour, whatever SANDBOX_SPEED."""
    number = asked.path["number"]
    if not TEN_DIGITS.fullmatch(number):
        raise Refusal(400, "Number malformed")
    reason = _why_not(number)
    if reason is None:
        Portable.objects.update_or_create(
            account=asked.account.pk, number=number, defaults={"at": asked.at}
        )
    place = geography.where(number)
    return {
        "number": number,
        "portable": reason is None,
        "reason": reason,
        "losingCarrier": pick(number, LOSING),
        "rateCenterTier": pick(number, ("0", "1", "2")) if place else None,
        "localRoutingNumber": f"{number[:3]}{place.nxx}1993" if place else None,
    }


def _why_not(number: str) -> str | None:
    if number.endswith(porting.UNPORTABLE_ENDING):
        return "Rate center is not covered"
    if Number.objects.filter(pk=number).exists():
        return "Number is already on this network"
    return None


@plays("portSubmit")
def submit(asked: Asked) -> dict[str, Any]:
    """Everything is checked before anything is done.

    Toll-free numbers become an order of their own.
    """
    numbers = _numbers(asked)
    fields = {name: asked.text(name, most=200) for name in REQUIRED} | {
        name: asked.maybe_text(name, most=200) for name in OPTIONAL
    }
    _check(asked, fields)
    features = _features(asked, numbers)
    fee = FEE * len(numbers)
    charges.afford(asked, fee, "Insufficient funds for port-in fee")
    split = [
        [n for n in numbers if not n.startswith(porting.TOLL_FREE)],
        [n for n in numbers if n.startswith(porting.TOLL_FREE)],
    ]
    orders = [_open(asked, fields, group, features) for group in split if group]
    charges.take(asked, fee, ",".join(numbers)[:200])
    first = orders[0]
    more = f" Toll-free numbers follow as {orders[1].pid}." if len(orders) > 1 else ""
    return {
        "pid": first.pid,
        "portUrl": f"{asked.base}/a/port/{first.pid}/",
        "loaUrl": f"{asked.base}/a/loa/{first.pid}/",
        "message": f"Port request {first.pid} submitted. Please complete the LOA to proceed.{more}",
        "ticket": first.ticket,
    }


def _numbers(asked: Asked) -> list[str]:
    numbers = asked.body.get("did")
    if not isinstance(numbers, list) or not numbers:
        raise Refusal(400, "Field Required: did")
    if not all(
        isinstance(number, str) and TEN_DIGITS.fullmatch(number) for number in numbers
    ) or len(set(numbers)) < len(numbers):
        raise Refusal(400, "Field Invalid: did (ten-digit telephone numbers, each once)")
    good = Portable.objects.filter(
        account=asked.account.pk, number__in=numbers, at__gt=asked.at - HOUR
    )
    unchecked = sorted(set(numbers) - set(good.values_list("number", flat=True)))
    if unchecked:
        raise Refusal(
            400, f"Not confirmed portable within the last hour: {', '.join(unchecked[:10])}"
        )
    moving = {
        number
        for port in Port.objects.filter(arrived=False)
        if porting.standing(port, asked.at).status != "Rejected"
        for number in port.numbers
    }
    taken = sorted(number for number in numbers if number in moving or _why_not(number))
    if taken:
        raise Refusal(400, f"Already porting or on this network: {', '.join(taken[:10])}")
    return numbers


def _check(asked: Asked, fields: dict[str, str]) -> None:
    asked.text("country", most=50)
    if not re.fullmatch(r"[A-Za-z]{2}", fields["state"]):
        raise Refusal(400, "Field Invalid: state (two letters)")
    if fields["nameType"] not in {"business", "residential"}:
        raise Refusal(400, "Field Invalid: nameType (business or residential)")
    if not DIRECTIONS.issuperset({fields["streetPrefix"], fields["streetSuffix"]}):
        raise Refusal(400, "Field Invalid: streetPrefix or streetSuffix")
    if not re.fullmatch(r"\d{10}", fields["lcBtn"], re.ASCII):
        raise Refusal(400, "Field Invalid: lcBtn (ten-digit telephone number)")
    if fields["desiredDueDate"] and not re.match(
        r"\d{4}-\d{2}-\d{2}", fields["desiredDueDate"], re.ASCII
    ):
        raise Refusal(400, "Field Invalid: desiredDueDate (YYYY-MM-DD)")
    if (
        fields["state"].upper() == "ZZ"
        or fields["streetNumber"] == "0"
        or fields["street"].startswith("0 ")
    ):
        raise Refusal(400, "Address validation failed")


def _features(asked: Asked, numbers: list[str]) -> dict[str, dict[str, Any]]:
    """What each number shall be set to when it has come."""
    listed = asked.body.get("features")
    if listed is None:
        return {}
    if not isinstance(listed, list):
        raise Refusal(400, "Field Invalid: features")
    allowed = routes.names_of(asked.account.pk)
    wanted: dict[str, dict[str, Any]] = {}
    for feature in listed:
        if not isinstance(feature, dict) or feature.get("number") not in numbers:
            raise Refusal(400, "Field Invalid: features (a number of this order)")
        # left out, or an object: the document allows no null
        parts = [feature.get(name, {}) for name in ("routing", "lidb", "sms")]
        if not all(isinstance(part, dict) for part in parts):
            raise Refusal(400, "Field Invalid: features")
        route, name, campaign = (
            parts[0].get("gatewayId", routes.DEFAULT),
            parts[1].get("name", ""),
            parts[2].get("campaignId", ""),
        )
        if not isinstance(route, int) or isinstance(route, bool) or route not in allowed:
            raise Refusal(400, "Field Invalid: features (unknown gatewayId)")
        if not isinstance(name, str) or not LIDB_NAME.fullmatch(name):
            raise Refusal(400, "Field Invalid: features (lidb name, max 15 characters)")
        if not isinstance(campaign, str) or (
            campaign and campaigns.of(asked.account.pk, campaign) is None
        ):
            raise Refusal(400, "Field Invalid: features (unknown campaignId)")
        wanted[feature["number"]] = {"route": route, "lidb": name.upper(), "campaign": campaign}
    return wanted


def _open(
    asked: Asked, fields: dict[str, str], numbers: list[str], features: dict[str, dict[str, Any]]
) -> Port:
    row_id, pid = porting.ids(asked.account.pk, asked.at, Port.objects.count())
    ticket = open_ticket(
        asked.account.pk,
        asked.account.email,
        f"Port request {pid}",
        f"Port {', '.join(numbers)} in.",
        asked.at,
    )
    mendable = fields["lcAccountNumber"].startswith("REJECT")
    port = Port(
        id=row_id,
        pid=pid,
        account=asked.account.pk,
        at=asked.at,
        name=fields["name"],
        email=asked.account.email,
        numbers=numbers,
        features={number: features[number] for number in numbers if number in features},
        rejected=mendable or any(n.endswith(porting.REJECTED_ENDING) for n in numbers),
        mendable=mendable,
        moves=fields["lcAccountNumber"].startswith("MOVE"),
        ticket=ticket.pk,
    )
    port.done_at = porting.due_at(port)
    port.save()
    return port


@plays("portList")
def list_ports(asked: Asked) -> dict[str, Any]:
    rows = Port.objects.filter(account=asked.account.pk).order_by("-at", "-id")
    return {
        "ports": [
            _summary(asked, port) | {"supportUrl": f"{asked.base}/conversation/{port.ticket}"}
            for port in rows
        ]
    }


def _summary(asked: Asked, port: Port) -> dict[str, Any]:
    now = porting.standing(port, asked.at)
    return {
        "id": port.pk,
        "pid": port.pid,
        "status": now.status,
        "message": now.message,
        "foc": now.foc,
        "createdAt": clock.iso(port.at),
    }


@plays("portGet")
def get_port(asked: Asked) -> dict[str, Any]:
    port = Port.objects.filter(account=asked.account.pk, pid=asked.path["id"]).first()
    if port is None:
        raise Refusal(404, "No port record matches that id")
    return {
        "port": _summary(asked, port)
        | {"name": port.name, "email": port.email, "numbers": port.numbers}
    }
