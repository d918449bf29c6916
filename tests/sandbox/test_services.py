"""What behaves over time and by rule: number settings, trunking, e911, look-ups,
accounts, calls.
"""

from decimal import Decimal
from typing import Any

import pytest

from apps.sandbox import people
from apps.sandbox.models import Call
from tests.sandbox.caller import Caller

OWN, UNTEXTED, OFFICE3, FOREIGN, FREE = (
    "2015550110",
    "2015550111",
    "9735550150",
    "3123001000",
    "9175550123",
)
ADDRESS = {
    "address1": "411 Hackensack Avenue",
    "address2": "Suite 200",
    "city": "Hackensack",
    "state": "nj",
    "zip": "07601",
}


# Numbers


def test_settings_show_in_the_number(harbor: Caller, sandbox: Any) -> None:
    harbor.data("PUT", f"/numbers/{UNTEXTED}/cnam", {"enabled": True})
    harbor.data("PUT", f"/numbers/{UNTEXTED}/translation", {"translation": FREE})
    harbor.data("PUT", f"/numbers/{UNTEXTED}/fax", {"email": "fax@harbor.test"})
    harbor.data("PUT", f"/numbers/{UNTEXTED}/sms", {"type": "sip", "resource": "203.0.113.9"})
    harbor.data("PUT", f"/numbers/{UNTEXTED}/lidb", {"cnam": "Harbor Dental"})
    harbor.data("PATCH", f"/numbers/{UNTEXTED}/port-out-pin", {"pin": "4287"})
    number = harbor.data("GET", f"/numbers/{UNTEXTED}")
    assert [number[name] for name in ("cnam", "translated", "faxEnabled", "smsEnabled")] == [
        True,
        FREE,
        True,
        True,
    ]
    assert harbor.data("GET", f"/numbers/{UNTEXTED}/sms") == {
        "number": UNTEXTED,
        "type": "sip",
        "resource": "203.0.113.9",
    }
    row = sandbox.number_of(harbor.username, UNTEXTED)
    assert (row.lidb, row.pin) == ("HARBOR DENTAL", "4287")
    harbor.data("DELETE", f"/numbers/{UNTEXTED}/sms")
    harbor.data("DELETE", f"/numbers/{UNTEXTED}/fax")
    number = harbor.data("GET", f"/numbers/{UNTEXTED}")
    assert (number["faxEnabled"], number["smsEnabled"]) == (False, False)
    assert (
        harbor("GET", f"/numbers/{UNTEXTED}/sms").status_code
        == harbor("DELETE", f"/numbers/{UNTEXTED}/fax").status_code
        == 404
    )


@pytest.mark.parametrize(
    ("kind", "resource"),
    [
        ("email", "desk"),
        ("webhook", "http://example.com/"),
        ("webhook", "https://127.0.0.1/"),
        ("webhook", "https://user@example.com/"),
        ("webhook", "https://example.com:99999/"),
        ("webhook", "https://[::1"),
        ("sip", "10.0.0.1"),
        ("fax", "desk@harbor.test"),
    ],
)
def test_texts_go_only_where_they_can(harbor: Caller, kind: str, resource: str) -> None:
    assert (
        harbor.refusal("PUT", f"/numbers/{OWN}/sms", {"type": kind, "resource": resource})[0] == 400
    )


def test_a_caller_name_that_the_network_refuses_is_kept_all_the_same(
    harbor: Caller, sandbox: Any
) -> None:
    assert (
        harbor.data("PUT", f"/numbers/{OWN}/lidb", {"cnam": "12345"})["carrierStatus"] != "Success"
    )
    assert sandbox.number_of(harbor.username, OWN).lidb == "12345"


# Trunking


def test_an_access_list_takes_what_is_good_and_names_the_rest(harbor: Caller) -> None:
    asked = ("198.51.100.0/24", "10.0.0.0/8", "8.8.8.0/25", "203.0.113.10/32", "x")
    answer = harbor("POST", "/acl", {"acl": [{"cidr": cidr} for cidr in asked]})
    assert answer.status_code == 409
    told = answer.json()["data"]
    assert told["added"] == [{"cidr": "198.51.100.0/24"}]
    assert [(row["cidr"], row["reason"].split(":")[0]) for row in told["failed"]] == [
        ("10.0.0.0/8", "CIDR range must be routable"),
        ("8.8.8.0/25", "Invalid mask"),
        ("203.0.113.10/32", "DB Insert failed"),
        ("x", "Invalid mask"),
    ]
    seeded = ["203.0.113.10/32", "203.0.113.11/32", "192.0.2.0/24"]
    assert [row["cidr"] for row in harbor.data("GET", "/acl")["acl"]] == [
        *seeded,
        "198.51.100.0/24",
    ]
    assert harbor("DELETE", "/acl?cidrs=198.51.100.0/24,198.51.100.7/32").status_code == 409
    assert harbor.data("GET", "/auth")["acl"] == [{"cidr": cidr} for cidr in seeded]
    harbor.data("DELETE", f"/acl?cidrs={','.join(seeded)}")
    assert harbor("GET", "/acl").status_code == 404


def test_a_new_password_makes_a_new_key_and_leaves_the_old_one_dead(
    harbor: Caller, sandbox: Any
) -> None:
    assert harbor.data("PUT", "/auth", {"password": "abc1234"})["updated"] == [
        {"field": "password"}
    ]
    assert harbor("GET", "/gateways").status_code == 401
    answer = harbor.session.post(
        "http://sandbox.test/v2.2/account/api-key",
        json={"username": harbor.username, "password": "abc1234"},
        timeout=5,
    )
    assert (
        answer.json()["data"]["apikey"]
        == sandbox.key(harbor.username)
        != people.key_of(harbor.username)
    )


@pytest.mark.parametrize(
    "password",
    ["abc12", "abcdefgh", "12345678", "abc1234567x", "abc 1234", "abc1234é", 1234567, None],
)
def test_a_password_by_the_rule_or_none(harbor: Caller, password: Any) -> None:
    answer = harbor("PUT", "/auth", {"authType": 1, "password": password})
    assert answer.status_code == 409
    assert answer.json()["updated"] == [{"field": "authType", "value": 1}]
    assert [row["field"] for row in answer.json()["errors"]] == ["password"]
    assert harbor.data("GET", "/auth")["authTypeDescription"] == "IP Auth"


def test_a_gateway_lives_and_dies(harbor: Caller) -> None:
    made = harbor.data("POST", "/gateways", {"gateway": "sip.harbor.example.com:5070"})
    assert (made["limit"], made["prefix"], made["system"]) == (23, "", False)
    changed = harbor.data("PUT", f"/gateways/{made['id']}", {"limit": 7, "prefix": "9"})
    assert changed == {**made, "limit": 7, "prefix": "9"}
    harbor.data("PUT", f"/numbers/{OWN}/route", {"route": made["id"]})
    assert harbor("DELETE", f"/gateways/{made['id']}").status_code == 409
    harbor.data("PUT", f"/numbers/{OWN}/route", {"route": 4})
    harbor.data("DELETE", f"/gateways/{made['id']}")
    assert harbor("GET", f"/gateways/{made['id']}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "",
        "10.1.2.3",
        "127.0.0.1:5060",
        "256.1.1.1",
        "sip",
        "sip.local",
        "a b.com",
        "1.2.3.4:0",
        "1.2.3.4:x",
        5,
    ],
)
def test_a_gateway_must_be_public(harbor: Caller, address: Any) -> None:
    assert harbor.refusal("POST", "/gateways", {"gateway": address})[0] == 400


# e911


def test_an_address_is_corrected_and_provisioned_as_corrected(harbor: Caller) -> None:
    checked = harbor.data("POST", "/e911/validations", ADDRESS)["address"]
    assert (checked["address1"], checked["address2"], checked["city"], checked["state"]) == (
        "411 HACKENSACK AVE",
        "STE 200",
        "HACKENSACK",
        "NJ",
    )
    record = harbor.data(
        "PUT", f"/e911/{OFFICE3}", {"addressid": checked["addressid"], "callername": "HARBOR"}
    )["record"]
    assert record["dn"] == "1" + OFFICE3
    assert harbor.data("GET", f"/e911/{OFFICE3}")["record"] == record
    assert harbor.data("GET", f"/e911/1{OFFICE3}")["record"] == record
    harbor.data("DELETE", f"/e911/{OFFICE3}")
    assert harbor.refusal("GET", f"/e911/{OFFICE3}") == (409, "Query failed")
    assert "1" + OFFICE3 not in [row["dn"] for row in harbor.data("GET", "/e911")["records"]]


@pytest.mark.parametrize("wrong", [{"state": "ZZ"}, {"address1": "0 Main"}])
def test_the_fixed_addresses_fail_validation(harbor: Caller, wrong: dict[str, str]) -> None:
    assert harbor.refusal("POST", "/e911/validations", {**ADDRESS, **wrong}) == (
        409,
        "Address validation failed",
    )
    assert (
        harbor.refusal("POST", "/e911", {**ADDRESS, **wrong, "dn": OFFICE3, "callername": "H"})[0]
        == 409
    )


def test_a_removed_number_takes_its_record_along(harbor: Caller) -> None:
    assert "1" + OWN in [row["dn"] for row in harbor.data("GET", "/e911")["records"]]
    harbor.data("DELETE", f"/numbers/{OWN}")
    assert "1" + OWN not in [row["dn"] for row in harbor.data("GET", "/e911")["records"]]


# Look-ups and accounts


def test_each_look_up_is_charged_and_says_the_same(harbor: Caller, sandbox: Any) -> None:
    assert harbor.data("GET", f"/cnam/{FREE}") == harbor.data("GET", f"/cnam/{FREE}")
    lrn = harbor.data("GET", f"/lrn/{FREE}/{OWN}")["lrn"]
    assert (lrn["state"], lrn["jurisdiction"], lrn["local"]) == ("NY", "INTERSTATE", "N")
    assert [charge.amount for charge in sandbox.charges(harbor.username)] == [
        Decimal("0.006"),
        Decimal("0.006"),
        Decimal("0.002"),
    ]


def test_an_account_signed_up_can_be_exchanged(sandbox: Any) -> None:
    caller = Caller("nobody")
    made = caller.data(
        "POST", "/accounts", {"name": "Acme", "email": "acme@demo.test", "promo": "X"}
    )
    assert made["username"].isdigit()
    key = caller.data(
        "POST", "/account/api-key", {"username": made["username"], "password": made["password"]}
    )["apikey"]
    assert (
        Caller(made["username"], headers={"Authorization": f"Bearer {key}"})(
            "GET", "/numbers"
        ).status_code
        == 404
    )
    assert caller("POST", "/account/recovery", {"email": "acme@demo.test"}).status_code == 200


def test_settings_of_the_account_show_in_its_profile(harbor: Caller) -> None:
    harbor.data(
        "PUT",
        "/account",
        {"timezone": "America/Chicago", "notify": False, "notifyThreshold": 25, "callerId": OWN},
    )
    profile = harbor.data("GET", "/account")
    assert [profile[name] for name in ("timezone", "notify", "notifyThreshold", "callerId")] == [
        "America/Chicago",
        False,
        25,
        OWN,
    ]
    assert harbor.refusal("PUT", "/account", {"timezone": "Mars/Base"})[0] == 400
    assert harbor.refusal("PUT", "/account", {"sms": False})[0] == 400
    assert harbor.refusal("PUT", "/account", {})[0] == 400


def test_credits_are_filtered_and_newest_first(northwind: Caller) -> None:
    every = northwind.data("GET", "/account/credits")["credits"]
    unpaid = northwind.data("GET", "/account/credits?status=unpaid")["credits"]
    assert [row["date"] for row in every] == sorted((row["date"] for row in every), reverse=True)
    assert unpaid == every[:1]
    assert len(northwind.data("GET", "/account/credits?status=paid")["credits"]) == len(every) - 1


def test_quiet_pines_has_nothing_at_all(quiet: Caller, sandbox: Any) -> None:
    assert quiet.data("GET", "/account/recurring-charges") == {"charges": [], "total": 0}
    assert [
        quiet("GET", path).status_code
        for path in ("/numbers", "/e911", "/acl", "/account/registration")
    ] == [404] * 4
    for path, name in (
        ("/account/credits", "credits"),
        ("/account/payments", "payments"),
        ("/ports", "ports"),
    ):
        assert quiet.data("GET", path)[name] == []
    assert quiet.data("GET", "/support/tickets") == {"totalCount": 0, "tickets": []}
    assert quiet.data("GET", "/account")["cash"] == 1


# Call records


def test_a_long_answer_of_calls_is_cut_and_goes_on_from_its_oldest_row(
    northwind: Caller, sandbox: Any
) -> None:
    sandbox.shorten(most_calls=10)
    seen: list[str] = []
    newest = 9_999_999_999
    for _ in range(5):
        rows = northwind.data("GET", f"/account/cdr?start={newest}&end=0")["cdr"]
        assert len(rows) <= 10
        seen += [row["id"] for row in rows if row["id"] not in seen]
        if len(rows) < 10:
            break
        newest = int(rows[-1]["key"][1])
    assert len(seen) == sandbox.calls_of(northwind.username)


def test_some_calls_appear_late_at_the_place_where_they_belong(
    northwind: Caller, sandbox: Any
) -> None:
    sandbox.advance(40 * 86_400)
    northwind.data("GET", "/account/cdr")  # the calls go on up to here
    moment = sandbox.requests("accountCdr")[-1].at.timestamp()
    late = (
        Call.objects.filter(account=northwind.username, at__lte=moment, shown_at__gt=moment + 1)
        .order_by("shown_at")
        .last()
    )
    assert late is not None
    assert late.shown_at > late.at + late.dur
    path = f"/account/cdr?start={late.at}&end={late.at}"
    assert late.id not in [row["id"] for row in northwind.data("GET", path)["cdr"]]
    sandbox.advance(7300)
    assert late.id in [row["id"] for row in northwind.data("GET", path)["cdr"]]


def test_what_a_call_cost_is_its_time_at_its_rate(northwind: Caller) -> None:
    for row in northwind.data("GET", "/account/cdr?start=9999999999&end=0")["cdr"]:
        value = row["value"]
        exact = Decimal(value["dur"]) * Decimal(value["nr"]) / 60
        assert 0 <= exact - Decimal(value["ba"]) < Decimal("0.000001")
