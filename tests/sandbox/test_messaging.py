"""Messages, receipts, campaigns and the numbers bound to them."""

from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.caller import Caller

OWN, UNTEXTED, FOREIGN, FREE = "2015550110", "2015550111", "3123001000", "9175550123"


def text(caller: Caller, to: str = FREE, **fields: Any) -> Any:
    return caller(
        "POST", "/messages", {"fromNumber": OWN, "toNumber": to, "text": "Hello", **fields}
    )


# Messages


def test_a_message_is_charged_by_the_segment_and_shows_in_the_history(
    harbor: Caller, sandbox: Any
) -> None:
    sent = text(harbor, text="x" * 161).json()["data"]
    assert (sent["type"], sent["parts"]) == ("sms", 2)
    assert [charge.amount for charge in sandbox.charges(harbor.username)] == [Decimal("0.015")]
    newest = harbor.data("GET", f"/messages?number={OWN}")["messages"][0]
    value = newest["value"]
    assert newest["id"] != sent["id"]
    assert newest["key"][0] == FREE
    assert (value["number"], value["direction"], value["message"], value["rate"]) == (
        int(FREE),
        "out",
        "x" * 161,
        "0.015",
    )


def test_a_receipt_comes_within_five_minutes_of_the_provider_s_clock(
    harbor: Caller, sandbox: Any
) -> None:
    text(harbor)
    before = harbor.data("GET", f"/messages?number={OWN}&type=dlr")["messages"]
    sandbox.advance(300)
    after = harbor.data("GET", f"/messages?number={OWN}&type=dlr")["messages"]
    assert FREE not in [row["value"]["destinationNumber"] for row in before]
    assert after[0]["key"][:2] == [harbor.username, f"1{OWN}"]
    assert after[0]["value"]["destinationNumber"] == FREE
    assert after[0]["value"]["sourceNumber"] == OWN


def test_a_message_to_97_is_never_delivered_and_98_has_opted_out(
    harbor: Caller, sandbox: Any
) -> None:
    assert text(harbor, "9175550197").status_code == 201
    sandbox.advance(3600)
    receipts = harbor.data("GET", f"/messages?number={OWN}&type=dlr")["messages"]
    assert "9175550197" not in [row["value"]["destinationNumber"] for row in receipts]
    assert text(harbor, "9175550198").status_code == 409
    assert len(sandbox.charges(harbor.username)) == 1


def test_a_message_to_a_number_of_ours_comes_in_there(harbor: Caller) -> None:
    other = "2015550113"
    text(harbor, other)
    came = harbor.data("GET", f"/messages?number={other}")["messages"][0]["value"]
    assert (came["direction"], came["number"], came["message"]) == ("in", int(OWN), "Hello")


def test_history_with_its_ends_mixed_up_is_empty_and_both_ends_belong(
    harbor: Caller, sandbox: Any
) -> None:
    text(harbor)
    at = harbor.data("GET", f"/messages?number={OWN}")["messages"][0]["key"][1]
    assert len(harbor.data("GET", f"/messages?number={OWN}&from={at}&to={at}")["messages"]) == 1
    assert harbor.data("GET", f"/messages?number={OWN}&from={at - 5}&to={at + 5}")["messages"] == []


def test_some_far_ends_write_back_and_one_of_them_stops(harbor: Caller, sandbox: Any) -> None:
    text(harbor, "9175550195")
    text(harbor, "9175550194")
    sandbox.advance(120)
    heard = {
        row["value"]["sourceNumber"]: row["value"]["message"]
        for row in harbor.data("GET", f"/messages?number={OWN}")["messages"]
        if row["value"]["direction"] == "in"
    }
    assert heard["9175550194"] == "STOP"
    assert heard["9175550195"]
    assert text(harbor, "9175550194").status_code == 409
    assert text(harbor, "9175550195").status_code == 201


# Campaigns


def test_a_number_may_send_with_a_route_in_and_an_accepted_campaign(
    harbor: Caller, sandbox: Any
) -> None:
    campaign = {
        "externalCampaignId": "CNEW001",
        "campaignDescription": "Reminders",
        "messagingBrandId": "BHARBOR1",
    }
    harbor.data("POST", "/messaging/campaigns", campaign)
    harbor.data("PUT", f"/numbers/{UNTEXTED}/messaging-campaign", {"campaignId": "CNEW001"})
    assert not harbor.data("GET", f"/numbers/{UNTEXTED}/messaging")["enabled"]
    row_id = harbor.data("GET", f"/numbers/{OWN}/messaging")["routeIn"]
    harbor.data("PATCH", f"/numbers/{UNTEXTED}/messaging", {"routeIn": row_id})
    status = harbor.data("GET", "/messaging/campaigns?ids=CNEW001")["campaigns"][0]
    assert (status["status"], status["numbers"]) == ("CAMPAIGN_PENDING_DCA", [UNTEXTED])
    assert text(harbor, fromNumber=UNTEXTED).status_code == 409
    sandbox.advance(2 * 86_400)
    state = harbor.data("GET", f"/numbers/{UNTEXTED}/messaging")
    assert (state["enabled"], state["campaign"]["status"]) == (True, "ACTIVE")
    assert text(harbor, fromNumber=UNTEXTED).status_code == 201
    assert (
        harbor.data("GET", "/messaging/campaigns?ids=CNEW001")["campaigns"][0]["status"]
        == "CAMPAIGN_DCA_COMPLETE"
    )


def test_review_goes_faster_with_sandbox_speed_and_nothing_else_does(
    harbor: Caller, sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_SPEED", "1440")
    harbor.data(
        "POST",
        "/messaging/campaigns",
        {
            "externalCampaignId": "CNEW002",
            "campaignDescription": "reject this",
            "messagingBrandId": "BHARBOR1",
        },
    )
    for _ in range(6):
        harbor("GET", "/account")
    sandbox.advance(121)
    assert (
        harbor.data("GET", "/messaging/campaigns?ids=CNEW002")["campaigns"][0]["status"]
        == "CAMPAIGN_DCA_REJECTED"
    )
    assert harbor("GET", "/account").status_code == 429


def test_numbers_are_unbound_one_by_one_or_many_with_each_one_s_outcome(harbor: Caller) -> None:
    bound = harbor.data("GET", "/messaging/campaigns?ids=CHARBR1")["campaigns"][0]["numbers"]
    harbor.data("DELETE", f"/numbers/{bound[0]}/messaging-campaign?campaignId=CHARBR1")
    answer = harbor.data(
        "DELETE",
        f"/numbers/messaging-campaign?campaignId=CHARBR1&numbers={','.join([*bound, FOREIGN])}",
    )
    assert answer["unassignedNumbers"] == bound[1:]
    assert [row["number"] for row in answer["failed"]] == [bound[0], FOREIGN]
    assert harbor.data("GET", "/messaging/campaigns?ids=CHARBR1")["campaigns"][0]["numbers"] == []


def test_the_messaging_state_of_a_thousand_numbers_at_once_and_no_more(harbor: Caller) -> None:
    many = [f"201555{line:04d}" for line in range(1000)]
    states = harbor.data("GET", f"/numbers/messaging?numbers={','.join(many)}")["numbers"]
    assert len(states) == 1000
    assert [state["number"] for state in states if state["onAccount"]] == [
        n for n in many if "2015550110" <= n <= "2015550121"
    ]
    assert harbor.refusal("GET", f"/numbers/messaging?numbers={','.join([*many, FREE])}")[0] == 400
