"""Ports by the clock, the letter's page, and the support desk."""

from typing import Any

import pytest

from tests.sandbox.caller import URL, Caller
from tests.sandbox.samples import PORT

DAY = 86_400
FREE, REJECTED, TOLL_FREE = "9175550123", "9175550199", "8885550123"


def submit(caller: Caller, *numbers: str, **fields: Any) -> Any:
    for number in numbers:
        assert caller.data("GET", f"/ports/availability/{number}")["portable"]
    return caller.data("POST", "/ports", {**PORT, "did": list(numbers), "features": [], **fields})


def statuses(caller: Caller, sandbox: Any, pid: str, days: int) -> list[str]:
    """The status of each day, repeated ones once."""
    seen: list[str] = []
    for _ in range(days):
        port = caller.data("GET", f"/ports/{pid}")["port"]
        if not seen or seen[-1] != port["status"]:
            seen.append(port["status"])
        sandbox.advance(DAY)
    return seen


def test_an_unsigned_port_completes_within_14_days_and_brings_its_number(
    harbor: Caller, sandbox: Any
) -> None:
    features = [
        {
            "number": FREE,
            "routing": {"gatewayId": 1000},
            "lidb": {"name": "Harbor"},
            "sms": {"campaignId": "CHARBR1"},
        }
    ]
    pid = submit(harbor, FREE, features=features)["pid"]
    assert harbor("GET", f"/numbers/{FREE}").status_code == 404
    assert statuses(harbor, sandbox, pid, 14) == [
        "Submitted",
        "Waiting for LOA",
        "Filed",
        "FOC received",
        "Complete",
    ]
    port = harbor.data("GET", f"/ports/{pid}")["port"]
    assert len(port["foc"]) == 8
    assert port["numbers"] == [FREE]
    number = harbor.data("GET", f"/numbers/{FREE}")
    assert number["route"] == 1000
    row = sandbox.number_of(harbor.username, FREE)
    assert (row.lidb, row.campaign) == ("HARBOR", "CHARBR1")


def test_a_signed_letter_moves_it_on(harbor: Caller, sandbox: Any) -> None:
    made = submit(harbor, FREE)
    sandbox.advance(DAY)
    assert made["loaUrl"].startswith(URL)
    assert b"authorize VoiceTel" in harbor.session.get(made["loaUrl"], timeout=5).content
    assert b"signed" in harbor.session.post(made["loaUrl"], timeout=5).content
    assert statuses(harbor, sandbox, made["pid"], 7) == ["Filed", "FOC received", "Complete"]
    assert harbor.session.get(made["portUrl"], timeout=5).status_code == 200


def test_a_port_goes_a_step_a_minute_at_the_demo_s_speed(
    harbor: Caller, sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_SPEED", "1440")
    pid = submit(harbor, FREE)["pid"]
    sandbox.advance(11 * 60)
    assert harbor.data("GET", f"/ports/{pid}")["port"]["status"] == "Complete"
    assert FREE in sandbox.numbers_of(harbor.username)


def test_a_number_ending_99_is_rejected_after_filing_and_never_comes(
    harbor: Caller, sandbox: Any
) -> None:
    pid = submit(harbor, REJECTED)["pid"]
    assert statuses(harbor, sandbox, pid, 30) == [
        "Submitted",
        "Waiting for LOA",
        "Filed",
        "Rejected",
    ]
    assert REJECTED not in sandbox.numbers_of(harbor.username)


def test_a_number_ending_00_is_not_portable(harbor: Caller) -> None:
    answer = harbor.data("GET", "/ports/availability/9175550100")
    assert (answer["portable"], bool(answer["reason"])) == (False, True)
    assert (
        harbor.refusal("POST", "/ports", {**PORT, "did": ["9175550100"], "features": []})[0] == 400
    )


def test_a_portability_answer_is_good_for_an_hour_whatever_the_speed(
    harbor: Caller, sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_SPEED", "1440")
    harbor.data("GET", f"/ports/availability/{FREE}")
    sandbox.advance(3590)
    harbor.data("POST", "/ports", PORT)
    harbor.data("GET", f"/ports/availability/{TOLL_FREE}")
    sandbox.advance(3601)
    assert harbor.refusal("POST", "/ports", {**PORT, "did": [TOLL_FREE], "features": []})[0] == 400


def test_toll_free_numbers_become_a_port_of_their_own_and_all_cost_six_dollars(
    harbor: Caller, sandbox: Any
) -> None:
    before = len(harbor.data("GET", "/ports")["ports"])
    submit(harbor, FREE, TOLL_FREE)
    ports = harbor.data("GET", "/ports")["ports"]
    assert len(ports) == before + 2
    assert [
        harbor.data("GET", f"/ports/{port['pid']}")["port"]["numbers"] for port in ports[:2]
    ] in (
        [[FREE], [TOLL_FREE]],
        [[TOLL_FREE], [FREE]],
    )
    assert [charge.amount for charge in sandbox.charges(harbor.username)] == [12]


def test_a_number_is_not_ported_twice_at_once(harbor: Caller) -> None:
    submit(harbor, FREE)
    assert harbor.refusal("POST", "/ports", PORT)[0] == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"did": []},
        {"did": ["1"]},
        {"state": "ZZ"},
        {"streetNumber": "0"},
        {"lcBtn": "12"},
        {"nameType": "shop"},
        {"streetPrefix": "UP"},
        {"desiredDueDate": "soon"},
        {"country": ""},
        {"authPerson": " "},
        {"features": [{"number": "2015550110"}]},
        {"features": [{"number": FREE, "sms": None}]},
        {"features": [{"number": FREE, "sms": {"campaignId": None}}]},
        {"features": [{"number": FREE, "routing": {"gatewayId": 1002}}]},
        {"features": [{"number": FREE, "lidb": {"name": "Harbor Dental of New Jersey"}}]},
    ],
)
def test_a_wrong_field_is_refused_before_anything_happens(
    harbor: Caller, sandbox: Any, wrong: dict[str, Any]
) -> None:
    harbor.data("GET", f"/ports/availability/{FREE}")
    assert harbor.refusal("POST", "/ports", {**PORT, **wrong})[0] == 400
    assert sandbox.charges(harbor.username) == []


def test_a_port_opens_a_ticket_and_lists_where_it_is(harbor: Caller) -> None:
    made = submit(harbor, FREE)
    assert (
        harbor.data("GET", f"/support/tickets/{made['ticket']}")["ticket"]["subject"]
        == f"Port request {made['pid']}"
    )
    assert harbor.data("GET", "/ports")["ports"][0]["supportUrl"].endswith(
        f"/conversation/{made['ticket']}"
    )


def test_another_account_s_port_does_not_exist(harbor: Caller, northwind: Caller) -> None:
    pid = submit(harbor, FREE)["pid"]
    assert northwind("GET", f"/ports/{pid}").status_code == 404


# Tickets


def test_an_agent_answers_after_a_while_with_a_note_and_a_draft_besides(
    harbor: Caller, sandbox: Any
) -> None:
    ticket = harbor.data("POST", "/support/tickets", {"subject": "Help", "message": "Please"})[
        "ticket"
    ]["id"]
    path = f"/support/tickets/{ticket}"
    assert [thread["type"] for thread in harbor.data("GET", f"{path}/messages")["messages"]] == [
        "customer"
    ]
    sandbox.advance(601)
    threads = harbor.data("GET", f"{path}/messages")["messages"]
    assert [(thread["type"], thread["state"]) for thread in threads] == [
        ("customer", "published"),
        ("note", "published"),
        ("message", "published"),
        ("message", "draft"),
    ]
    harbor.data("POST", f"{path}/replies", {"message": "Thank you"})
    sandbox.advance(601)
    assert len(harbor.data("GET", path)["ticket"]["embedded"]["threads"]) == 8


def test_a_reply_opens_a_closed_ticket_again(harbor: Caller) -> None:
    harbor.data("PUT", "/support/tickets/4001", {"status": "closed"})
    assert harbor.data("GET", "/support/tickets/4001")["ticket"]["status"] == "closed"
    harbor.data("POST", "/support/tickets/4001/replies", {"message": "Still there"})
    assert harbor.data("GET", "/support/tickets/4001")["ticket"]["status"] == "active"


def test_customers_see_their_own_tickets_and_administrators_everyone_s(
    harbor: Caller, northwind: Caller, operator: Caller
) -> None:
    northwind.data("POST", "/support/tickets", {"subject": "Ours", "message": "Please"})
    assert harbor.data("GET", "/support/tickets")["totalCount"] == 2
    assert operator.data("GET", "/support/tickets")["totalCount"] == 3
    mine = operator.data(
        "POST",
        "/support/tickets",
        {"subject": "For you", "message": "Hi", "email": "quiet@demo.test"},
    )["ticket"]
    assert mine["customer"]["email"] == "quiet@demo.test"
    assert Caller("1000000003").data("GET", "/support/tickets")["tickets"][0]["id"] == mine["id"]


def test_a_long_list_of_tickets_is_cut_and_says_how_many_there_are(harbor: Caller) -> None:
    for place in range(55):
        harbor.data("POST", "/support/tickets", {"subject": f"No. {place}", "message": "Please"})
    answer = harbor.data("GET", "/support/tickets")
    assert (answer["totalCount"], len(answer["tickets"])) == (57, 50)
    assert answer["tickets"][0]["subject"] == "No. 54"
