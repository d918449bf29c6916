"""Searching the inventory and ordering from it."""

from typing import Any

from apps.sandbox import rules
from apps.sandbox.handlers.registry import plays
from apps.sandbox.models import Kept, Number
from apps.sandbox.rules import Asked, Refusal
from apps.sandbox.wire import dollars
from apps.sandbox.world import charges, inventory, routes

DAY = 86_400.0
MOST = 100
UNORDERABLE = "96"  # a number ending so fails when it is ordered (docs/provider.md, endings)


def _query(asked: Asked, name: str, pattern: str, what: str) -> str:
    value = asked.query.get(name, "").strip()
    if value and not rules.matches(pattern, value):
        raise Refusal(400, f"Invalid {name}: {what}")
    return value


@plays("inventorySearch")
def search(asked: Asked) -> dict[str, Any]:
    mask = _query(asked, "tnMask", r"[2-9]\d{2}[\d*]{0,8}", "three to ten digits, * for any")
    if not mask:
        raise Refusal(400, "Field Required: tnMask")
    quantity = int(_query(asked, "quantity", r"\d{1,6}", "1 to 1000") or 10)
    if not 1 <= quantity <= 1000:
        raise Refusal(400, "Invalid quantity: 1 to 1000")
    found = inventory.search(
        mask,
        province=_query(asked, "province", r"[A-Za-z]{2}", "two letters"),
        rate_center=asked.query.get("rateCenter", "").strip(),
        lata=_query(asked, "lata", r"\d{1,5}", "digits"),
        most=quantity,
    )
    return {
        "numbers": [
            {
                "number": number,
                "province": place.state,
                "rateCenter": place.rate_center,
                "city": place.city,
                "lata": place.lata,
            }
            for place, number in found
        ]
    }


@plays("inventoryCoverage")
def coverage(asked: Asked) -> dict[str, Any]:
    count_by = asked.query.get("countBy", "")
    if count_by not in inventory.DIMENSIONS:
        raise Refusal(400, f"Invalid countBy: one of {', '.join(inventory.DIMENSIONS)}")
    found = inventory.coverage(
        count_by,
        state=_query(asked, "locState", r"[A-Za-z]{2}", "two letters"),
        city=asked.query.get("city", "").strip(),
        rate_center=asked.query.get("rcAbbre", "").strip(),
        npa=_query(asked, "npa", r"[2-9]\d{2}", "three digits"),
        lata=_query(asked, "lata", r"\d{1,5}", "digits"),
    )
    return {"coverage": found}


@plays("orderCreate")
def order(asked: Asked) -> dict[str, Any]:
    """All or nothing up to the balance; then each number by itself.

    The same key within 24 h: the first answer again.
    """
    key = asked.headers.get("idempotency-key", "")
    if key and not rules.KEY.fullmatch(key):
        raise Refusal(400, "Invalid Idempotency-Key")
    if key:
        kept = Kept.objects.filter(account=asked.account.pk, key=key, at__gt=asked.at - DAY).first()
        if kept:
            return dict(kept.data)
    wanted = _wanted(asked)
    price = asked.account.rates["did"]
    charges.afford(asked, price * len(wanted), "Insufficient funds for the order total")
    ordered = [number for number in wanted if not number.endswith(UNORDERABLE)]
    failed = [
        {"number": number, "reason": "Number is no longer available"}
        for number in wanted
        if number.endswith(UNORDERABLE)
    ]
    Number.objects.bulk_create(
        [
            Number(number=number, account=asked.account.pk, route=wanted[number])
            for number in ordered
        ]
    )
    for number in ordered:
        inventory.take(number)
    if ordered:
        charges.take(asked, price * len(ordered), ",".join(ordered)[:200])
    data = {
        "orderId": str(int(asked.at)),
        "numbersOrdered": ordered,
        "failed": failed,
        "amountCharged": dollars(price * len(ordered)),
    }
    if key:
        Kept.objects.filter(account=asked.account.pk, key=key).delete()
        stored = {**data, "amountCharged": float(data["amountCharged"])}  # type: ignore[arg-type]
        Kept.objects.create(account=asked.account.pk, key=key, at=asked.at, data=stored)
        return stored
    return data


def _wanted(asked: Asked) -> dict[str, int]:
    """Number to route, in order. Everything wrong with the list is 400, before any side effect."""
    numbers = asked.body.get("numbers")
    if not isinstance(numbers, list) or not numbers:
        raise Refusal(400, "Field Required: numbers")
    if len(numbers) > MOST:
        raise Refusal(400, f"Too many numbers: at most {MOST}")
    allowed = routes.names_of(asked.account.pk)
    wanted: dict[str, int] = {}
    for item in numbers:
        number = item.get("number") if isinstance(item, dict) else item
        route = item.get("route", routes.DEFAULT) if isinstance(item, dict) else routes.DEFAULT
        if not isinstance(number, str) or not rules.TEN_DIGITS.fullmatch(number):
            raise Refusal(400, "Field Invalid: numbers (ten-digit telephone numbers)")
        if isinstance(route, bool) or not isinstance(route, int) or route not in allowed:
            raise Refusal(400, f"Invalid route for {number}")
        if number in wanted:
            raise Refusal(400, f"Number listed twice: {number}")
        wanted[number] = route
    missing = [number for number in wanted if not inventory.is_free(number)]
    if missing:
        raise Refusal(400, f"Not available: {', '.join(missing[:10])}")
    return wanted
