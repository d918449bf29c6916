"""Free numbers and orders."""

from decimal import Decimal

from tests.client.cases.base import OTHER, N, case

CASES = (
    case(
        "inventorySearch",
        lambda c: c.inventory.search(
            "201555*", quantity=50, province="NJ", rate_center="CLOSTER", lata=224
        ),
        "/v2.2/inventory",
        query={
            "tnMask": "201555*",
            "quantity": "50",
            "province": "NJ",
            "rateCenter": "CLOSTER",
            "lata": "224",
        },
        data={
            "numbers": [
                {
                    "number": N,
                    "city": "Closter",
                    "province": "NJ",
                    "rateCenter": "CLOSTER",
                    "lata": "224",
                }
            ]
        },
        have=lambda a: [(x.number, x.rate_center, x.lata) for x in a],
        gives=[(N, "CLOSTER", "224")],
    ),
    case(
        "inventoryCoverage",
        lambda c: c.inventory.coverage(
            "npanxx", state="NJ", city="Closter", rate_center="CLOSTER", npa="201", lata=224
        ),
        "/v2.2/inventory/coverage",
        query={
            "countBy": "npanxx",
            "locState": "NJ",
            "city": "Closter",
            "rcAbbre": "CLOSTER",
            "npa": "201",
            "lata": "224",
        },
        data={"coverage": [{"npa": "201", "nxx": "555", "count": 270026}]},
        have=lambda a: [(x.npa, x.nxx, x.count) for x in a],
        gives=[("201", "555", 270026)],
    ),
    case(
        "orderCreate",
        lambda c: c.orders.create([N, OTHER], key="k1", routes=dict.fromkeys((N, OTHER), 4)),
        "/v2.2/orders",
        body={"numbers": [{"number": N, "route": 4}, {"number": OTHER, "route": 4}]},
        data={
            "amountCharged": 1.5,
            "numbersOrdered": [N],
            "orderId": "1747345200",
            "failed": [{"number": OTHER, "reason": "taken"}],
        },
        have=lambda a: (
            a.amount_charged,
            a.numbers_ordered,
            a.order_id,
            a.failed[0].number,
            a.failed[0].reason,
        ),
        gives=(Decimal("1.5"), [N], "1747345200", OTHER, "taken"),
    ),
)
