"""Emergency addresses."""

from tests.client.cases.base import N, case

ADDRESS = {
    "address1": "411 HACKENSACK AVE",
    "address2": "STE 200",
    "city": "HACKENSACK",
    "state": "NJ",
    "zip": "07601",
}
STREET = {
    "address1": "411 Hackensack Avenue",
    "city": "Hackensack",
    "state": "NJ",
    "zip_code": "07601",
}
E911 = {**ADDRESS, "dn": "1" + N, "callername": "ACME INC"}
CASES = (
    case(
        "e911QueryAll",
        lambda c: c.e911.list(),
        "/v2.2/e911",
        data={"records": [E911]},
        have=lambda a: [(x.number, x.dn, x.callername) for x in a],
        gives=[(N, "1" + N, "ACME INC")],
    ),
    case(
        "e911Create",
        lambda c: c.e911.create(N, caller_name="Acme Inc", **STREET),
        "/v2.2/e911",
        body={
            "dn": N,
            "callername": "Acme Inc",
            "address1": "411 Hackensack Avenue",
            "address2": "",
            "city": "Hackensack",
            "state": "NJ",
            "zip": "07601",
        },
        data={"record": E911},
        have=lambda a: a.number,
        gives=N,
    ),
    case(
        "e911Validate",
        lambda c: c.e911.validate(**STREET),
        "/v2.2/e911/validations",
        body={
            "address1": "411 Hackensack Avenue",
            "address2": "",
            "city": "Hackensack",
            "state": "NJ",
            "zip": "07601",
        },
        data={"address": {"addressid": 1234567, **ADDRESS}},
        have=lambda a: (a.addressid, a.address1),
        gives=(1234567, "411 HACKENSACK AVE"),
    ),
    case(
        "e911QueryRecord",
        lambda c: c.e911.get(N),
        f"/v2.2/e911/{N}",
        data={"record": E911},
        have=lambda a: a.address2,
        gives="STE 200",
    ),
    case(
        "e911ProvisionAddress",
        lambda c: c.e911.provision(N, 1234567, "Acme Inc"),
        f"/v2.2/e911/{N}",
        body={"addressid": 1234567, "callername": "Acme Inc"},
        data={"record": E911},
        have=lambda a: a.number,
        gives=N,
    ),
    case("e911RecordDelete", lambda c: c.e911.delete(N), f"/v2.2/e911/{N}"),
)
