"""Gateways, access list, authentication."""

from tests.client.cases.base import NUMBER, OTHER, N, case

GATEWAY = {"id": 1000, "gateway": "203.0.113.10:5060", "system": False, "prefix": "9", "limit": 23}
CASES = (
    case("aclList", lambda c: c.acl.list(), "/v2.2/acl", data={"acl": [{"cidr": "203.0.113.0/24"}]}, gives=["203.0.113.0/24"]),
    case(
        "aclCreate",
        lambda c: c.acl.add(["203.0.113.0/24"]),
        "/v2.2/acl",
        body={"acl": [{"cidr": "203.0.113.0/24"}]},
        data={"added": [{"cidr": "203.0.113.0/24"}]},
        gives=["203.0.113.0/24"],
    ),
    case(
        "aclDelete",
        lambda c: c.acl.remove(["203.0.113.0/24", "8.8.8.8/32"]),
        "/v2.2/acl",
        query={"cidrs": "203.0.113.0/24,8.8.8.8/32"},
        data={"removed": [{"cidr": "203.0.113.0/24"}]},
        gives=["203.0.113.0/24"],
    ),
    case(
        "authGet",
        lambda c: c.auth.get(),
        "/v2.2/auth",
        data={"authType": 1, "authTypeDescription": "IP Auth", "acl": [{"cidr": "203.0.113.0/24"}]},
        have=lambda a: (a.auth_type, a.auth_type_description, a.acl[0].cidr),
        gives=(1, "IP Auth", "203.0.113.0/24"),
    ),
    case(
        "authPut",
        lambda c: c.auth.update(auth_type=2, password="abc123"),
        "/v2.2/auth",
        body={"authType": 2, "password": "abc123"},
        data={"updated": [{"field": "authType", "value": 2}, {"field": "password"}]},
        have=lambda a: a.fields,
        gives=["authType", "password"],
    ),
    case(
        "gatewaysList",
        lambda c: c.gateways.list(),
        "/v2.2/gateways",
        data={"gateways": [GATEWAY, {"id": 4, "gateway": "DID", "system": True, "limit": None}]},
        have=lambda a: [(x.id, x.gateway, x.system, x.limit) for x in a],
        gives=[(1000, "203.0.113.10:5060", False, 23), (4, "DID", True, None)],
    ),
    case(
        "gatewaysCreate",
        lambda c: c.gateways.create("203.0.113.10:5060", prefix="9", limit=23),
        "/v2.2/gateways",
        body={"gateway": "203.0.113.10:5060", "prefix": "9", "limit": 23},
        data=GATEWAY,
        have=lambda a: a.id,
        gives=1000,
    ),
    case(
        "gatewaysGet",
        lambda c: c.gateways.get(1000),
        "/v2.2/gateways/1000",
        data=GATEWAY,
        have=lambda a: (a.prefix, a.limit),
        gives=("9", 23),
    ),
    case(
        "gatewaysPut",
        lambda c: c.gateways.update(1000, address="sip.example.com", prefix="", limit=100),
        "/v2.2/gateways/1000",
        body={"gateway": "sip.example.com", "prefix": "", "limit": 100},
        data=GATEWAY,
        have=lambda a: a.gateway,
        gives="203.0.113.10:5060",
    ),
    case("gatewaysDelete", lambda c: c.gateways.delete(1000), "/v2.2/gateways/1000"),
    case(
        "gatewaysNumbers",
        lambda c: c.gateways.numbers(1000),
        "/v2.2/gateways/1000/numbers",
        data={"numbers": [{k: v for k, v in NUMBER.items() if k not in ("route", "gateway")}]},
        have=lambda a: [(x.number, x.route, x.forward_to) for x in a],
        gives=[(N, None, OTHER)],
    ),
)
