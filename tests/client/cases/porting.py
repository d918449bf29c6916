"""Ports."""

from datetime import UTC, date, datetime

from apps.voicetel.client import Feature, PortOrder
from tests.client.cases.base import OTHER, N, case

ORDER = PortOrder(
    numbers=(N, OTHER),
    billing_number="2015551000",
    account_number="123456789",
    name="Acme Inc",
    name_type="business",
    authorized_by="Ann Smith",
    street_number="550",
    street="Main",
    street_type="ST",
    city="Hackensack",
    state="NJ",
    zip_code="07601",
    pin="4287",
    street_prefix="N",
    due=date(2026, 12, 1),
    features=(Feature(number=N, gateway_id=4, caller_name="ACME", campaign_id="C123456"),),
)
ORDERED = {
    "did": [N, OTHER],
    "lcBtn": "2015551000",
    "lcAccountNumber": "123456789",
    "name": "Acme Inc",
    "nameType": "business",
    "authPerson": "Ann Smith",
    "streetNumber": "550",
    "street": "Main",
    "streetType": "ST",
    "city": "Hackensack",
    "state": "NJ",
    "zip": "07601",
    "country": "US",
    "pin": "4287",
    "streetPrefix": "N",
    "desiredDueDate": "2026-12-01T00:00:00Z",
    "features": [
        {
            "number": N,
            "routing": {"gatewayId": 4},
            "lidb": {"name": "ACME"},
            "sms": {"campaignId": "C123456"},
        }
    ],
}
PORT = {
    "id": "8654d228e5f6f004e10edaed574424531da3517e",
    "pid": "y0d36",
    "status": "Complete",
    "createdAt": "2026-05-18T12:00:00Z",
    "foc": "20260601",
    "message": "Done.",
}
CASES = (
    case(
        "portList",
        lambda c: c.ports.list(),
        "/v2.2/ports",
        data={"ports": [{**PORT, "supportUrl": "https://desk.example/2107"}]},
        have=lambda a: [(x.pid, x.status, x.foc_date, x.created_at, x.support_url) for x in a],
        gives=[
            (
                "y0d36",
                "Complete",
                date(2026, 6, 1),
                datetime(2026, 5, 18, 12, tzinfo=UTC),
                "https://desk.example/2107",
            )
        ],
    ),
    case(
        "portSubmit",
        lambda c: c.ports.submit(ORDER),
        "/v2.2/ports",
        body=ORDERED,
        data={
            "pid": "a3a2a",
            "portUrl": "https://p.example/a3a2a/",
            "loaUrl": "https://l.example/a3a2a/",
            "message": "Submitted.",
            "ticket": 2114,
        },
        have=lambda a: (a.pid, a.loa_url, a.port_url, a.ticket),
        gives=("a3a2a", "https://l.example/a3a2a/", "https://p.example/a3a2a/", 2114),
    ),
    case(
        "portAvailability",
        lambda c: c.ports.availability(N),
        f"/v2.2/ports/availability/{N}",
        data={
            "number": N,
            "portable": True,
            "reason": None,
            "losingCarrier": None,
            "rateCenterTier": "0",
            "localRoutingNumber": "6463071993",
        },
        have=lambda a: (a.portable, a.losing_carrier, a.rate_center_tier),
        gives=(True, None, "0"),
    ),
    case(
        "portGet",
        lambda c: c.ports.get("y0d36"),
        "/v2.2/ports/y0d36",
        data={"port": {**PORT, "numbers": [N], "name": "Acme Inc", "email": "a@example.com"}},
        have=lambda a: (a.pid, a.numbers, a.foc_date),
        gives=("y0d36", (N,), date(2026, 6, 1)),
    ),
)
