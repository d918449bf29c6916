"""Numbers and gateways of the seeded accounts."""

from apps.sandbox.models import Gateway, Number
from apps.sandbox.people import HARBOR, LARK, NORTHWIND

DID, HARBOR_PBX, HARBOR_BACKUP, NORTHWIND_EAST, NORTHWIND_WEST = 4, 1000, 1001, 1002, 1003
GATEWAYS = (
    (HARBOR_PBX, HARBOR, "203.0.113.10:5060", "", 23),
    (HARBOR_BACKUP, HARBOR, "203.0.113.20:5060", "9", 10),
    (NORTHWIND_EAST, NORTHWIND, "198.51.100.10:5060", "", 400),
    (NORTHWIND_WEST, NORTHWIND, "198.51.100.20:5080", "", 400),
)
# Harbor's three offices: area code and first line of the 555-01xx range that is kept free of real people.
OFFICES = (("201", 110, 12), ("551", 130, 8), ("973", 150, 4))
NORTHWIND_AREAS = ("312", "773", "872", "630", "708", "847", "224", "331", "815", "779")
A_BLOCK = 500  # numbers in a row of one exchange


def harbor() -> list[Number]:
    lines = [f"{area}5550{first + step:03d}" for area, first, count in OFFICES for step in range(count)]
    return [
        Number(
            number=line,
            account=HARBOR.username,
            route=(HARBOR_PBX, HARBOR_PBX, HARBOR_BACKUP, DID)[place % 4],
            carrier=17 if place % 3 == 0 else 0,
            forward_to="2015550199" if place % 7 == 3 else "",
            cnam=place % 2 == 0,
            fax="fax@harbor.test" if place in {5, 17} else "",
            sms_type="email" if place % 3 == 0 else "",
            sms_resource="desk@harbor.test" if place % 3 == 0 else "",
            route_in=7000 + place if place % 3 == 0 else 0,
        )
        for place, line in enumerate(lines)
    ]


def northwind(count: int) -> list[Number]:
    """Blocks of 500 in Chicago's area codes; every fifth exchange goes west."""
    made = []
    for place in range(count):
        block, line = divmod(place, A_BLOCK)
        area, exchange = NORTHWIND_AREAS[block % len(NORTHWIND_AREAS)], 300 + block // len(NORTHWIND_AREAS)
        made.append(
            Number(
                number=f"{area}{exchange}{line * 17 + 1000:04d}",
                account=NORTHWIND.username,
                route=NORTHWIND_WEST if block % 5 == 4 else NORTHWIND_EAST,
                carrier=17 if place % 2 else 19,
                forward_to="3125550177" if place % 11 == 5 else "",
                cnam=place % 4 == 0,
            )
        )
    return made


def seed(count: int) -> None:
    Gateway.objects.bulk_create(
        [
            Gateway(pk=pk, account=person.username, gateway=address, prefix=prefix, limit=limit)
            for pk, person, address, prefix, limit in GATEWAYS
        ]
    )
    lark = [Number(number=f"50355501{40 + step}", account=LARK.username, route=DID) for step in (1, 2, 3)]
    Number.objects.bulk_create([*harbor(), *lark, *northwind(count)], batch_size=2000)
