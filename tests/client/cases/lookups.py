"""Lookups."""

from tests.client.cases.base import OTHER, N, case

CASES = (
    case(
        "cnamLookup",
        lambda c: c.lookups.cnam(N),
        f"/v2.2/cnam/{N}",
        data={"number": N, "cnam": "VOICETEL"},
        have=lambda a: a.cnam,
        gives="VOICETEL",
    ),
    case(
        "lrnLookup",
        lambda c: c.lookups.lrn(N, OTHER),
        f"/v2.2/lrn/{N}/{OTHER}",
        data={
            "destination": N,
            "ani": OTHER,
            "lrn": {"lrn": "12125550000", "lec": "Carrier", "lecType": "CLEC", "lata": "132"},
        },
        have=lambda a: (a.lrn.lrn, a.lrn.lec_type, a.lrn.lata),
        gives=("12125550000", "CLEC", "132"),
    ),
)
