"""Numbers and gateways of the seeded accounts."""

from collections.abc import Iterator
from itertools import chain

from apps.sandbox.database import insert
from apps.sandbox.models import Gateway, Number, SmsRow
from apps.sandbox.people import HARBOR, LARK, NORTHWIND
from apps.sandbox.world import campaigns

DID, HARBOR_PBX, HARBOR_BACKUP, NORTHWIND_EAST, NORTHWIND_WEST = 4, 1000, 1001, 1002, 1003
GATEWAYS = (
    (HARBOR_PBX, HARBOR, "203.0.113.10:5060", "", 23),
    (HARBOR_BACKUP, HARBOR, "203.0.113.20:5060", "9", 10),
    (NORTHWIND_EAST, NORTHWIND, "198.51.100.10:5060", "", 400),
    (NORTHWIND_WEST, NORTHWIND, "198.51.100.20:5080", "", 400),
)
# Harbor's three offices: area code and first line of the 555-01xx range that is kept free of real
# people.
OFFICES = (("201", 110, 12), ("551", 130, 8), ("973", 150, 4))
NORTHWIND_AREAS = ("312", "773", "872", "630", "708", "847", "224", "331", "815", "779")
A_BLOCK = 500  # numbers in a row of one exchange


COLUMNS = (
    *("number", "account", "route", "carrier", "forward_to", "cnam", "fax", "route_in"),
    *("translated", "lidb", "pin", "campaign", "porting"),
)
Row = tuple[str | int, ...]
FIRST_SMS_ROW = 7000
BRAND, CAMPAIGN = "BHARBOR1", "CHARBR1"  # accepted long ago
TEXT_CARRIER = campaigns.CARRIER[campaigns.network(CAMPAIGN)]
NORTHWIND_BRAND, NORTHWIND_CAMPAIGN = "BNORTHW1", "CNRTHW1"
BARE: Row = ("", "", "", "", 0)


def harbor() -> Iterator[Row]:
    """Every third number takes texts, two take faxes, every seventh forwards to the front desk."""
    lines = [
        f"{area}5550{first + step:03d}" for area, first, count in OFFICES for step in range(count)
    ]
    for place, line in enumerate(lines):
        route = (HARBOR_PBX, HARBOR_PBX, HARBOR_BACKUP, DID)[place % 4]
        fax = "fax@harbor.test" if place in {5, 17} else ""
        texts = place % 3 == 0
        forward = "2015550199" if place % 7 == 3 else ""
        yield (
            *(
                line,
                HARBOR.username,
                route,
                TEXT_CARRIER if texts else 0,
                forward,
                int(place % 2 == 0),
                fax,
            ),
            *(FIRST_SMS_ROW + place if texts else 0, "", "", "", CAMPAIGN if texts else "", 0),
        )


def northwind(count: int) -> Iterator[Row]:
    """Blocks of 500 in Chicago's area codes; every fifth block goes west."""
    for place in range(count):
        block, line = divmod(place, A_BLOCK)
        area, exchange = (
            NORTHWIND_AREAS[block % len(NORTHWIND_AREAS)],
            300 + block // len(NORTHWIND_AREAS),
        )
        route = NORTHWIND_WEST if block % 5 == 4 else NORTHWIND_EAST
        number = f"{area}{exchange}{line * 17 + 1000:04d}"
        forward = "3125550177" if place % 11 == 5 else ""
        yield (
            number,
            NORTHWIND.username,
            route,
            17 if place % 2 else 19,
            forward,
            int(place % 4 == 0),
            "",
            0,
            *BARE,
        )


def lark() -> Iterator[Row]:
    for step in (1, 2, 3):
        yield f"50355501{40 + step}", LARK.username, DID, 0, "", 0, "", 0, *BARE


def seed(count: int) -> None:
    Gateway.objects.bulk_create(
        [
            Gateway(pk=pk, account=person.username, gateway=address, prefix=prefix, limit=limit)
            for pk, person, address, prefix, limit in GATEWAYS
        ]
    )
    texted = [row for row in harbor() if row[7]]
    SmsRow.objects.bulk_create(
        [
            SmsRow(
                pk=row[7], account=row[1], number=row[0], type="email", resource="desk@harbor.test"
            )
            for row in texted
        ]
    )
    insert(Number, COLUMNS, chain(harbor(), lark(), northwind(count)))
