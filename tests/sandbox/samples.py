"""Calls whose answers are held against the provider's document: each played operation, well and
badly asked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from apps.sandbox import people
from apps.sandbox.operations import Operation
from apps.sandbox.world import porting
from apps.sandbox.world.geography import exchanges

HARBOR, NORTHWIND, QUIET, OPERATOR = (
    person.username for person in (people.HARBOR, people.NORTHWIND, people.QUIET, people.OPERATOR)
)
OWN, FOREIGN, FREE = "2015550110", "3123001000", "9175550123"
DIMENSIONS = ("state", "city", "rateCenter", "npanxx", "block")
_stock = [number for exchange in exchanges()["201"] for number in exchange.lines()]
IN_STOCK = next(number for number in _stock if not number.endswith("96"))
FAILS = next(
    number
    for found in exchanges().values()
    for exchange in found
    for number in exchange.lines()
    if number.endswith("96")
)
SUBACCOUNT = {
    "username": "1000000077",
    "name": "Sub",
    "email": "sub@demo.test",
    "masterAccount": HARBOR,
}
UNCOVERED = "9735550150"
ADDRESS = {
    "address1": "411 Hackensack Avenue",
    "address2": "Suite 200",
    "city": "Hackensack",
    "state": "NJ",
    "zip": "07601",
}
TEXT = {"fromNumber": OWN, "toNumber": FREE, "text": "Reminder: appointment 3pm."}
CAMPAIGN = {
    "externalCampaignId": "CNEW001",
    "campaignDescription": "Reminders",
    "messagingBrandId": "BHARBOR1",
}
PID = porting.ids(HARBOR, 0, 0)[1]
PORT = {
    "did": [FREE],
    "lcBtn": FREE,
    "lcAccountNumber": "123456789",
    "name": "Harbor Dental",
    "nameType": "business",
    "authPerson": "Jane Smith",
    "streetNumber": "550",
    "street": "Main",
    "streetType": "ST",
    "city": "Hackensack",
    "state": "NJ",
    "zip": "07601",
    "country": "US",
    "features": [
        {
            "number": FREE,
            "routing": {"gatewayId": 1000},
            "lidb": {"name": "Harbor"},
            "sms": {"campaignId": "CHARBR1"},
        }
    ],
}


def broke(sandbox: Any, caller: Any) -> None:
    sandbox.set_account(HARBOR, cash=0)


def checked(sandbox: Any, caller: Any) -> None:
    caller("GET", f"/ports/availability/{FREE}")


def serviceless(sandbox: Any, caller: Any) -> None:
    sandbox.set_account(HARBOR, services={})


def leaving(sandbox: Any, caller: Any) -> None:
    sandbox.set_number(OWN, porting=True)


def unrouted(sandbox: Any, caller: Any) -> None:
    for number in sandbox.numbers_of(HARBOR):
        sandbox.set_number(number, route=4)


@dataclass(frozen=True)
class Sample:
    """One call and the status that it must get. first: what happens before; lacking: properties
    rightly left out.
    """

    operation: str
    status: int
    why: str = ""
    where: dict[str, str] = field(default_factory=dict)
    query: str = ""
    body: Any = None
    account: str = HARBOR
    headers: dict[str, str] = field(default_factory=dict)
    first: tuple[Callable[[Any, Any], Any], ...] = ()
    lacking: frozenset[str] = frozenset()

    def path(self, row: Operation) -> str:
        return (
            row.path.removeprefix("/v2.2").format(
                **{"number": OWN, "id": "1000", "dn": OWN, **self.where}
            )
            + self.query
        )


SAMPLES = [
    Sample("accountApiKey", 200, body={"username": HARBOR, "password": "demo1234"}),
    Sample("accountApiKey", 401, body={"username": HARBOR, "password": "wrong"}),
    Sample("accountApiKey", 400, body={}),
    Sample("accountGet", 200),
    Sample("accountCdr", 200, query="?start=9999999999&end=0"),
    Sample("accountCdr", 400, "no time", query="?start=soon"),
    Sample("accountRecurringCharges", 200),
    Sample("numbersList", 200),
    Sample("numbersList", 404, account=QUIET),
    Sample("numbersGet", 200),
    Sample("numbersGet", 404, where={"number": FOREIGN}),
    Sample("numbersForwardSet", 200, body={"destination": FREE}),
    Sample("numbersForwardSet", 400, body={"destination": "x"}),
    Sample("numbersForwardSet", 404, where={"number": FOREIGN}, body={"destination": FREE}),
    Sample("numbersForwardSet", 409, "to itself", body={"destination": OWN}),
    Sample("numbersForwardDelete", 204),
    Sample("numbersForwardDelete", 404, where={"number": FOREIGN}),
    Sample("numbersRoute", 200, body={"route": 1001}),
    Sample("numbersRoute", 400, "no such gateway", body={"route": 77}),
    Sample("numbersRoute", 400, "not ours", where={"number": FOREIGN}, body={"route": 4}),
    Sample("gatewaysList", 200),
    Sample("gatewaysGet", 200),
    Sample("gatewaysGet", 200, "system", where={"id": "4"}),
    Sample("gatewaysGet", 404, where={"id": "77"}),
    Sample("gatewaysNumbers", 200),
    Sample("gatewaysNumbers", 404, where={"id": "77"}),
    # what is set on a number
    Sample("numbersCnam", 200, body={"enabled": False}),
    Sample("numbersCnam", 400, body={"enabled": "yes"}),
    Sample("numbersCnam", 409, body={"enabled": True}, first=(serviceless,)),
    Sample("numbersCnam", 404, where={"number": FOREIGN}, body={"enabled": True}),
    Sample("numbersTranslation", 200, body={"translation": FREE}),
    Sample("numbersTranslation", 400, body={}),
    Sample("numbersTranslation", 404, where={"number": FOREIGN}, body={"translation": FREE}),
    Sample("numbersPortOutPinUpdate", 200, body={"pin": "4287"}),
    Sample("numbersPortOutPinUpdate", 400, body={"pin": 4287}),
    Sample("numbersPortOutPinUpdate", 404, where={"number": FOREIGN}, body={"pin": "4287"}),
    Sample("numbersLidb", 200, body={"cnam": "Harbor Dental"}),
    Sample(
        "numbersLidb",
        200,
        "refused by the network",
        body={"cnam": "12345", "customerOrderReference": "r-1"},
    ),
    Sample("numbersLidb", 400, body={"cnam": "Harbor Dental of New Jersey"}),
    Sample("numbersLidb", 404, where={"number": FOREIGN}, body={"cnam": "Harbor"}),
    Sample("numbersFaxGet", 200, where={"number": "2015550115"}),
    Sample("numbersFaxGet", 404),
    Sample("numbersFaxSet", 200, body={"email": "fax@harbor.test"}),
    Sample("numbersFaxSet", 400, body={"email": "fax"}),
    Sample("numbersFaxSet", 404, where={"number": FOREIGN}, body={"email": "fax@harbor.test"}),
    Sample("numbersFaxDelete", 204, where={"number": "2015550115"}),
    Sample("numbersFaxDelete", 404),
    Sample("numbersSmsGet", 200),
    Sample("numbersSmsGet", 404, where={"number": "2015550111"}),
    Sample("numbersSmsSet", 200, body={"type": "webhook", "resource": "https://example.com/sms"}),
    Sample("numbersSmsSet", 400, body={"type": "webhook", "resource": "http://example.com/sms"}),
    Sample(
        "numbersSmsSet",
        404,
        where={"number": FOREIGN},
        body={"type": "email", "resource": "a@b.test"},
    ),
    Sample("numbersSmsDelete", 204),
    Sample("numbersSmsDelete", 404, where={"number": "2015550111"}),
    # numbers that come and go
    Sample("numbersCreate", 201, body={"number": IN_STOCK}),
    Sample("numbersCreate", 402, body={"number": IN_STOCK}, first=(broke,)),
    Sample("numbersCreate", 409, body={"number": OWN}),
    Sample("numbersDelete", 204),
    Sample("numbersDelete", 404, where={"number": FOREIGN}),
    Sample("numbersDelete", 409, first=(leaving,)),
    Sample("numbersRelease", 204),
    Sample("numbersRelease", 409, where={"number": FOREIGN}),
    Sample("numbersMove", 200, body={"accountId": int(NORTHWIND), "route": 1002}),
    Sample(
        "numbersMove", 400, "not their gateway", body={"accountId": int(NORTHWIND), "route": 1000}
    ),
    Sample("numbersMove", 400, "nothing said", body={}),
    Sample(
        "numbersMove",
        404,
        where={"number": FOREIGN},
        body={"accountId": int(NORTHWIND), "route": 4},
    ),
    Sample("numbersMove", 409, body={"accountId": int(NORTHWIND), "route": 4}, first=(leaving,)),
    Sample("inventorySearch", 200, query="?tnMask=201"),
    Sample("inventorySearch", 400, query="?tnMask=2"),
    *(
        Sample("inventoryCoverage", 200, kind, query=f"?countBy={kind}&npa=201")
        for kind in DIMENSIONS
    ),
    Sample("inventoryCoverage", 400, query="?countBy=color"),
    Sample("orderCreate", 201, body={"numbers": [IN_STOCK, {"number": FAILS, "route": 1000}]}),
    Sample("orderCreate", 400, body={"numbers": []}),
    Sample("orderCreate", 402, body={"numbers": [IN_STOCK]}, first=(broke,)),
    # trunking
    Sample("aclList", 200),
    Sample("aclList", 404, account=QUIET),
    Sample("aclCreate", 200, body={"acl": [{"cidr": "198.51.100.0/24"}]}),
    Sample("aclCreate", 409, body={"acl": [{"cidr": "198.51.100.0/24"}, {"cidr": "10.0.0.0/8"}]}),
    Sample("aclCreate", 409, "nothing said", body={}),
    Sample("aclDelete", 200, query="?cidrs=203.0.113.10/32"),
    Sample("aclDelete", 409, query="?cidrs=203.0.113.10/32,203.0.113.99/32"),
    Sample("aclDelete", 409, "nothing said"),
    Sample("authGet", 200),
    Sample("authPut", 200, body={"authType": 3}),
    Sample("authPut", 200, "password", body={"password": "abc1234"}, lacking=frozenset({"value"})),
    Sample("authPut", 400, body={}),
    Sample("authPut", 409, body={"authType": 1, "password": "short"}),
    Sample("accountRegistration", 200),
    Sample("accountRegistration", 404, account=QUIET),
    Sample("gatewaysCreate", 201, body={"gateway": "203.0.113.77:5060", "prefix": "9", "limit": 5}),
    Sample("gatewaysCreate", 400, body={"gateway": "192.168.1.1"}),
    Sample("gatewaysCreate", 409, body={"gateway": "203.0.113.10:5060"}),
    Sample("gatewaysPut", 200, body={"limit": 5}),
    Sample("gatewaysPut", 404, where={"id": "4"}, body={"limit": 5}),
    Sample("gatewaysDelete", 204, first=(unrouted,)),
    Sample("gatewaysDelete", 404, where={"id": "4"}),
    Sample("gatewaysDelete", 409),
    # the account
    Sample(
        "accountPut",
        200,
        body={
            "timezone": "America/Chicago",
            "notify": False,
            "notifyThreshold": 5,
            "callerId": OWN,
        },
    ),
    Sample("accountPut", 400, "admin only", body={"ccs": 5}),
    Sample("accountPut", 200, "admin", account=OPERATOR, body={"ccs": 5, "intl": True}),
    Sample("accountCredits", 200),
    Sample("accountCredits", 400, query="?status=maybe"),
    Sample("accountPayments", 200),
    Sample("accountCreate", 201, body={"name": "Acme", "email": "new@demo.test"}),
    Sample("accountCreate", 400, body={"name": "Acme"}),
    Sample("accountCreate", 409, body={"name": "Acme", "email": "harbor@demo.test"}),
    Sample("accountSubaccountCreate", 201, account=OPERATOR, body=SUBACCOUNT),
    Sample("accountSubaccountCreate", 403, body=SUBACCOUNT),
    Sample(
        "accountSubaccountCreate", 409, account=OPERATOR, body={**SUBACCOUNT, "username": HARBOR}
    ),
    Sample("accountRecovery", 200, body={"email": "harbor@demo.test"}),
    Sample("accountRecovery", 400, body={"email": "harbor"}),
    Sample("accountRecovery", 404, body={"email": "nobody@demo.test"}),
    # look-ups
    Sample("cnamLookup", 200, where={"number": FREE}),
    Sample("cnamLookup", 402, "service off", where={"number": FREE}, account=QUIET),
    Sample("cnamLookup", 402, "broke", where={"number": FREE}, first=(broke,)),
    Sample("lrnLookup", 200, where={"number": FREE, "ani": OWN}),
    Sample("lrnLookup", 400, where={"number": FREE, "ani": "1"}),
    # e911
    Sample("e911Validate", 200, body=ADDRESS),
    Sample("e911Validate", 409, body={**ADDRESS, "state": "ZZ"}),
    Sample("e911Validate", 409, "nothing said", body={}),
    Sample("e911Create", 201, body={**ADDRESS, "dn": UNCOVERED, "callername": "HARBOR"}),
    Sample("e911Create", 400, body={**ADDRESS, "dn": UNCOVERED}),
    Sample("e911Create", 403, body={**ADDRESS, "dn": FOREIGN, "callername": "HARBOR"}),
    Sample(
        "e911Create",
        409,
        body={**ADDRESS, "address1": "0 Nowhere", "dn": UNCOVERED, "callername": "HARBOR"},
    ),
    Sample(
        "e911ProvisionAddress",
        200,
        where={"dn": UNCOVERED},
        body={"addressid": 1234567, "callername": "HARBOR"},
    ),
    Sample(
        "e911ProvisionAddress",
        409,
        where={"dn": FOREIGN},
        body={"addressid": 1234567, "callername": "HARBOR"},
    ),
    Sample("e911QueryAll", 200),
    Sample("e911QueryAll", 404, account=QUIET),
    Sample("e911QueryRecord", 200),
    Sample("e911QueryRecord", 401, where={"dn": FOREIGN}),
    Sample("e911QueryRecord", 409, where={"dn": UNCOVERED}),
    Sample("e911RecordDelete", 204),
    Sample("e911RecordDelete", 409, where={"dn": UNCOVERED}),
    # messages
    Sample("messageSend", 201, body=TEXT),
    Sample(
        "messageSend",
        201,
        "mms",
        body={**TEXT, "mediaUrls": ["https://example.com/a.png"], "subject": "Look"},
    ),
    Sample("messageSend", 400, body={**TEXT, "toNumber": "1"}),
    Sample("messageSend", 402, body=TEXT, first=(broke,)),
    Sample("messageSend", 403, body={**TEXT, "fromNumber": FOREIGN}),
    Sample("messageSend", 409, "no route", body={**TEXT, "fromNumber": "2015550111"}),
    Sample("messageSend", 409, "opted out", body={**TEXT, "toNumber": "9175550198"}),
    Sample("messageHistory", 200, query=f"?number={OWN}"),
    Sample("messageHistory", 200, "dlr", query=f"?number={OWN}&type=dlr"),
    Sample("messageHistory", 400, query=f"?number={OWN}&type=fax"),
    Sample("messageHistory", 403, query=f"?number={FOREIGN}"),
    Sample(
        "messagingBrandCreate", 201, body={"messagingBrandId": "BNEW1", "messagingBrandName": "New"}
    ),
    Sample(
        "messagingBrandCreate", 400, body={"messagingBrandId": "XNEW1", "messagingBrandName": "New"}
    ),
    Sample("messagingCampaignCreate", 201, body=CAMPAIGN),
    Sample("messagingCampaignCreate", 400, body={**CAMPAIGN, "messagingBrandId": "BNOBODY"}),
    Sample("messagingCampaignStatus", 200, query="?ids=CHARBR1,CNOBODY"),
    Sample("messagingCampaignStatus", 400),
    Sample("numbersMessagingGet", 200),
    Sample("numbersMessagingGet", 200, "unbound", where={"number": "2015550111"}),
    Sample("numbersMessagingGet", 404, where={"number": FOREIGN}),
    Sample("numbersMessagingList", 200, query=f"?numbers={OWN},{FOREIGN}"),
    Sample("numbersMessagingList", 400),
    Sample("numbersMessagingPatch", 200, body={"routeIn": 0, "routeOut": 19}),
    Sample("numbersMessagingPatch", 400, body={}),
    Sample("numbersMessagingPatch", 403, body={"routeIn": 1}),
    Sample("numbersMessagingPatch", 404, where={"number": FOREIGN}, body={"routeIn": 0}),
    Sample(
        "numbersMessagingCampaignAssign",
        200,
        where={"number": "2015550111"},
        body={"campaignId": "CHARBR1"},
    ),
    Sample("numbersMessagingCampaignAssign", 400, body={"campaignId": "c-1"}),
    Sample("numbersMessagingCampaignAssign", 404, body={"campaignId": "CNRTHW1"}),
    Sample("numbersMessagingCampaignUnassign", 200, query="?campaignId=CHARBR1"),
    Sample("numbersMessagingCampaignUnassign", 400),
    Sample(
        "numbersMessagingCampaignUnassign",
        404,
        where={"number": FOREIGN},
        query="?campaignId=CHARBR1",
    ),
    Sample(
        "numbersMessagingCampaignBulkUnassign",
        200,
        query=f"?campaignId=CHARBR1&numbers={OWN},{FOREIGN},2015550111",
    ),
    Sample("numbersMessagingCampaignBulkUnassign", 400, query="?campaignId=CHARBR1"),
    Sample("numbersMessagingCampaignBulkUnassign", 409, query=f"?campaignId=CNRTHW1&numbers={OWN}"),
    # ports
    Sample("portAvailability", 200, where={"number": FREE}),
    Sample("portAvailability", 200, "not portable", where={"number": "9175550100"}),
    Sample("portAvailability", 400, where={"number": "1"}),
    Sample("portSubmit", 201, body=PORT, first=(checked,)),
    Sample("portSubmit", 400, "not checked", body=PORT),
    Sample("portSubmit", 402, body=PORT, first=(checked, broke)),
    Sample("portList", 200),
    Sample("portGet", 200, where={"id": PID}),
    Sample("portGet", 404, where={"id": "zzzzz"}),
    # tickets
    Sample("ticketsList", 200),
    Sample("ticketsList", 200, "everyone's", account=OPERATOR),
    Sample("ticketsCreate", 201, body={"subject": "Help", "message": "Please help me."}),
    Sample("ticketsCreate", 400, body={"subject": "Help"}),
    Sample("ticketsGet", 200, where={"id": "4000"}),
    Sample("ticketsGet", 403, where={"id": "4000"}, account=NORTHWIND),
    Sample("ticketsGet", 404, where={"id": "1"}),
    Sample("ticketsPut", 200, where={"id": "4001"}, body={"status": "closed"}),
    Sample("ticketsPut", 400, where={"id": "4001"}, body={"status": "happy"}),
    Sample("ticketsPut", 403, where={"id": "4001"}, body={"status": "closed"}, account=NORTHWIND),
    Sample("ticketsPut", 404, where={"id": "1"}, body={"status": "closed"}),
    Sample("ticketsDelete", 204, where={"id": "4001"}, account=OPERATOR),
    Sample("ticketsDelete", 403, where={"id": "4001"}),
    Sample("ticketsDelete", 404, where={"id": "1"}, account=OPERATOR),
    Sample("supportTicketMessages", 200, where={"id": "4000"}),
    Sample("supportTicketMessages", 403, where={"id": "4000"}, account=NORTHWIND),
    Sample("supportTicketMessages", 404, where={"id": "1"}),
    Sample("supportTicketReplyCreate", 201, where={"id": "4001"}, body={"message": "Thank you."}),
    Sample("supportTicketReplyCreate", 400, where={"id": "4001"}, body={}),
    Sample(
        "supportTicketReplyCreate",
        403,
        where={"id": "4001"},
        body={"message": "Hi"},
        account=NORTHWIND,
    ),
    Sample("supportTicketReplyCreate", 404, where={"id": "1"}, body={"message": "Hi"}),
]


# Answers of the document that nothing but a fault (kind conflict) brings about here: the provider's
# own failures.
UNREACHED = {("numbersTranslation", 409), ("numbersForwardDelete", 409)}
