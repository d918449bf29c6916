"""Messages, brands, campaigns."""

from datetime import UTC, datetime
from decimal import Decimal

from tests.client.cases.base import NEWEST, OLDEST, OTHER, N, case

STATE = {
    "number": N,
    "enabled": True,
    "onAccount": True,
    "routeIn": 1234,
    "resource": "https://example.com/sms",
    "carrier": 17,
    "network": "A",
    "campaign": {"id": "CH5K5IZ", "status": "ACTIVE", "network": "A", "upstreamCnpId": "SFL9UTQ"},
}
MESSAGE = {
    "id": "m1",
    "key": [N, 1747345100],
    "value": {"direction": "in", "rate": "0.0075", "message": "Hi", "number": 2015550199},
}
RECEIPT = {
    "id": "r1",
    "key": ["1000000001", "1" + N, "1747345101"],
    "value": {"sourceNumber": N, "destinationNumber": OTHER},
}

CASES = (
    case(
        "messageHistory",
        lambda c: c.messages.history(N, "sms", NEWEST, OLDEST),
        "/v2.2/messages",
        query={"number": N, "type": "sms", "from": "1747345200", "to": "1747258800"},
        data={
            "number": N,
            "type": "sms",
            "fromTs": 1747345200,
            "toTs": 1747258800,
            "messages": [MESSAGE, RECEIPT],
        },
        have=lambda a: [(x.id, x.at, x.far_end, x.cost, x.text, x.outbound) for x in a.messages],
        gives=[
            (
                "m1",
                datetime(2025, 5, 15, 21, 38, 20, tzinfo=UTC),
                OTHER,
                Decimal("0.0075"),
                "Hi",
                False,
            ),
            ("r1", datetime(2025, 5, 15, 21, 38, 21, tzinfo=UTC), OTHER, None, "", False),
        ],
    ),
    case(
        "messageSend",
        lambda c: c.messages.send(
            N, OTHER, "Hello", media=["https://example.com/a.png"], subject="Hi"
        ),
        "/v2.2/messages",
        body={
            "fromNumber": N,
            "toNumber": OTHER,
            "text": "Hello",
            "mediaUrls": ["https://example.com/a.png"],
            "subject": "Hi",
        },
        data={
            "id": "abc123",
            "fromNumber": N,
            "toNumber": OTHER,
            "type": "mms",
            "mediaUrls": ["https://example.com/a.png"],
            "subject": "Hi",
        },
        have=lambda a: (a.id, a.type, a.parts),
        gives=("abc123", "mms", None),
    ),
    case(
        "messagingBrandCreate",
        lambda c: c.messaging.create_brand("BMQ8L9X", "Acme Inc", "Reminders"),
        "/v2.2/messaging/brands",
        body={
            "messagingBrandId": "BMQ8L9X",
            "messagingBrandName": "Acme Inc",
            "messagingBrandDescription": "Reminders",
        },
        data={"result": {"statusCode": "200", "status": "Success"}},
        have=lambda a: (a.result.status_code, a.result.status),
        gives=("200", "Success"),
    ),
    case(
        "messagingCampaignStatus",
        lambda c: c.messaging.campaigns(["ABC123", "DEF456"]),
        "/v2.2/messaging/campaigns",
        query={"ids": "ABC123,DEF456"},
        data={"campaigns": [{"id": "ABC123", "status": "CAMPAIGN_DCA_COMPLETE", "numbers": [N]}]},
        have=lambda a: [(x.id, x.status, x.numbers) for x in a],
        gives=[("ABC123", "CAMPAIGN_DCA_COMPLETE", (N,))],
    ),
    case(
        "messagingCampaignCreate",
        lambda c: c.messaging.create_campaign(
            "CH5K5IZ", "BMQ8L9X", "Reminders", kind="T", start=NEWEST
        ),
        "/v2.2/messaging/campaigns",
        body={
            "externalCampaignId": "CH5K5IZ",
            "messagingBrandId": "BMQ8L9X",
            "campaignDescription": "Reminders",
            "campaignClassName": "T",
            "campaignStartDate": "2025-05-15T21:40:00Z",
        },
        data={"result": {"statusCode": "200", "status": "Success"}},
        have=lambda a: a.result.status,
        gives="Success",
    ),
    case(
        "numbersMessagingList",
        lambda c: c.messaging.numbers([N, OTHER]),
        "/v2.2/numbers/messaging",
        query={"numbers": f"{N},{OTHER}"},
        data={"numbers": [STATE, {"number": OTHER, "onAccount": False}]},
        have=lambda a: [(x.number, x.on_account, x.campaign and x.campaign.id) for x in a],
        gives=[(N, True, "CH5K5IZ"), (OTHER, False, None)],
    ),
    case(
        "numbersMessagingCampaignBulkUnassign",
        lambda c: c.messaging.unassign_many([N, OTHER], "CH5K5IZ"),
        "/v2.2/numbers/messaging-campaign",
        query={"numbers": f"{N},{OTHER}", "campaignId": "CH5K5IZ"},
        data={
            "campaignId": "CH5K5IZ",
            "unassignedNumbers": [N],
            "failed": [{"number": OTHER, "reason": "not bound"}],
            "network": "A",
            "upstreamCnpId": None,
        },
        have=lambda a: (a.unassigned_numbers, a.failed[0].reason),
        gives=([N], "not bound"),
    ),
    case(
        "numbersMessagingGet",
        lambda c: c.messaging.number(N),
        f"/v2.2/numbers/{N}/messaging",
        data=STATE,
        have=lambda a: (a.enabled, a.route_in, a.network),
        gives=(True, 1234, "A"),
    ),
    case(
        "numbersMessagingPatch",
        lambda c: c.messaging.route(N, inbound=0, outbound=17),
        f"/v2.2/numbers/{N}/messaging",
        body={"routeIn": 0, "routeOut": 17},
        data={"number": N, "updated": ["routeIn", "routeOut"]},
        have=lambda a: a.updated,
        gives=("routeIn", "routeOut"),
    ),
    case(
        "numbersMessagingCampaignUnassign",
        lambda c: c.messaging.unassign(N, "CH5K5IZ"),
        f"/v2.2/numbers/{N}/messaging-campaign",
        query={"campaignId": "CH5K5IZ"},
        data={
            "number": N,
            "campaignId": "CH5K5IZ",
            "unassigned": True,
            "network": "A",
            "upstreamCnpId": "SFL9UTQ",
        },
        have=lambda a: a.unassigned,
        gives=True,
    ),
    case(
        "numbersMessagingCampaignAssign",
        lambda c: c.messaging.assign(N, "CH5K5IZ"),
        f"/v2.2/numbers/{N}/messaging-campaign",
        body={"campaignId": "CH5K5IZ"},
        data={
            "number": N,
            "campaignId": "CH5K5IZ",
            "carrier": 17,
            "network": "A",
            "upstreamCnpId": "SFL9UTQ",
            "previousNetwork": None,
            "previousNetworkCleared": False,
        },
        have=lambda a: (a.campaign_id, a.carrier, a.previous_network),
        gives=("CH5K5IZ", 17, None),
    ),
)
