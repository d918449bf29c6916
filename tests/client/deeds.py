"""One good call of each operation to the sandbox as it is seeded, and what is true there
afterwards.

`make(client)` is the call; `there(answer)` compares the caller's answer with the provider's own
rows. `first`: calls before it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.sandbox import control, people
from apps.sandbox.models import (
    E911,
    Account,
    Acl,
    Brand,
    Campaign,
    Gateway,
    Message,
    Number,
    Port,
    SmsRow,
    Thread,
    Ticket,
)
from apps.voicetel.client import Client, PortOrder
from tests.sandbox.samples import (
    FAILS,
    FREE,
    HARBOR,
    IN_STOCK,
    NORTHWIND,
    OPERATOR,
    OWN,
    PID,
    UNCOVERED,
)

OTHER, FAXED, BARE = "2015550111", "2015550115", "2015550112"
STREET = {
    "address1": "411 Hackensack Avenue",
    "city": "Hackensack",
    "state": "NJ",
    "zip_code": "07601",
}
ORDER = PortOrder(
    numbers=(FREE,),
    billing_number=FREE,
    account_number="123456789",
    name="Harbor Dental",
    name_type="business",
    authorized_by="Ann Smith",
    street_number="550",
    street="Main",
    street_type="ST",
    city="Hackensack",
    state="NJ",
    zip_code="07601",
)


@dataclass(frozen=True)
class Deed:
    operation: str
    make: Callable[[Client], Any]
    there: Callable[[Any], Any]
    account: str = HARBOR
    first: Callable[[Client], Any] = lambda client: None


def number(text: str = OWN) -> Number:
    return Number.objects.get(pk=text)


def account() -> Account:
    return Account.objects.get(pk=HARBOR)


def day_of_calls(client: Client) -> Any:
    newest = datetime.now(UTC)
    return client.account.cdr(newest, newest - timedelta(days=91))


DEEDS = (
    # the account
    Deed(
        "accountGet",
        lambda c: c.account.get(),
        lambda a: (a.username, a.cash) == (HARBOR, control.balance(HARBOR)),
    ),
    Deed(
        "accountPut",
        lambda c: c.account.update(
            timezone="America/Chicago", notify=False, notify_threshold=25, caller_id=OTHER
        ),
        lambda a: (
            (account().zone, account().notify, account().notify_threshold, account().caller_id)
            == ("America/Chicago", False, 25, OTHER)
        ),
    ),
    Deed(
        "accountSubaccountCreate",
        lambda c: c.account.create_subaccount("1000000077", "Sub", "sub@demo.test", HARBOR),
        lambda a: (
            (
                Account.objects.get(pk="1000000077").master,
                Account.objects.get(pk="1000000077").password,
            )
            == (HARBOR, a.password)
        ),
        OPERATOR,
    ),
    Deed(
        "accountApiKey",
        lambda c: c.account.exchange_key(HARBOR, people.PASSWORD),
        lambda a: a == control.key(HARBOR),
    ),
    Deed("accountRecovery", lambda c: c.account.recover("harbor@demo.test"), lambda a: a is None),
    Deed(
        "accountCreate",
        lambda c: c.account.sign_up("Acme", "new@demo.test", "SPRING"),
        lambda a: Account.objects.get(pk=a.username).password == a.password,
    ),
    Deed("accountCdr", day_of_calls, lambda a: len(a.calls) == control.calls_of(HARBOR) > 0),
    Deed(
        "accountCredits",
        lambda c: c.account.credits("unpaid"),
        lambda a: [x.paid for x in a] == [False],
        NORTHWIND,
    ),
    Deed(
        "accountPayments",
        lambda c: c.account.payments(),
        lambda a: [x.amount for x in a] == [Decimal(100)] * 6,
    ),
    Deed(
        "accountRecurringCharges",
        lambda c: c.account.recurring_charges(),
        lambda a: a.total == sum(x.amount for x in a.charges) > 0,
    ),
    Deed(
        "accountRegistration",
        lambda c: c.account.registration(),
        lambda a: a.agent == account().agent,
    ),
    # inventory and orders
    Deed(
        "inventorySearch",
        lambda c: c.inventory.search("201", quantity=5),
        lambda a: len(a) == 5 and IN_STOCK[:3] == a[0].number[:3],
    ),
    Deed(
        "inventoryCoverage",
        lambda c: c.inventory.coverage("npanxx", npa="201"),
        lambda a: a and {x.npa for x in a} == {"201"},
    ),
    Deed(
        "orderCreate",
        lambda c: c.orders.create(
            [IN_STOCK, FAILS], key="k1", routes={IN_STOCK: 1000, FAILS: 1000}
        ),
        lambda a: (
            (
                a.numbers_ordered,
                [x.number for x in a.failed],
                number(IN_STOCK).account,
                number(IN_STOCK).route,
                a.amount_charged,
            )
            == (
                [IN_STOCK],
                [FAILS],
                HARBOR,
                1000,
                sum(charge.amount for charge in control.charges(HARBOR)),
            )
        ),
    ),
    # numbers
    Deed(
        "numbersList",
        lambda c: c.numbers.list(),
        lambda a: sorted(x.number for x in a) == control.numbers_of(HARBOR),
    ),
    Deed(
        "numbersCreate",
        lambda c: c.numbers.create(IN_STOCK, 1000),
        lambda a: (number(IN_STOCK).account, number(IN_STOCK).route) == (HARBOR, 1000),
    ),
    Deed(
        "numbersGet",
        lambda c: c.numbers.get(OWN),
        lambda a: (a.number, a.route, a.cnam) == (OWN, number().route, number().cnam),
    ),
    Deed(
        "numbersDelete",
        lambda c: c.numbers.delete(OWN),
        lambda a: control.number_of(HARBOR, OWN) is None,
    ),
    Deed(
        "numbersMove",
        lambda c: c.numbers.move(OWN, NORTHWIND, 1002),
        lambda a: (number().account, number().route) == (NORTHWIND, 1002),
        OPERATOR,
        lambda c: control.set_number(OWN, account=OPERATOR),
    ),
    Deed(
        "numbersCnam",
        lambda c: c.numbers.set_cnam(OTHER, True),
        lambda a: number(OTHER).cnam is True,
    ),
    Deed("numbersFaxGet", lambda c: c.numbers.fax(FAXED), lambda a: a.email == number(FAXED).fax),
    Deed(
        "numbersFaxSet",
        lambda c: c.numbers.set_fax(OWN, "fax@example.com"),
        lambda a: number().fax == "fax@example.com",
    ),
    Deed(
        "numbersFaxDelete", lambda c: c.numbers.stop_fax(FAXED), lambda a: number(FAXED).fax == ""
    ),
    Deed(
        "numbersForwardSet",
        lambda c: c.numbers.set_forward(OWN, FREE),
        lambda a: number().forward_to == FREE,
    ),
    Deed(
        "numbersForwardDelete",
        lambda c: c.numbers.stop_forward(OWN),
        lambda a: number().forward_to == "",
        first=lambda c: control.set_number(OWN, forward_to=FREE),
    ),
    Deed(
        "numbersLidb",
        lambda c: c.numbers.set_caller_name(OWN, "HARBOR", "r-1"),
        lambda a: number().lidb == "HARBOR",
    ),
    Deed(
        "numbersPortOutPinUpdate",
        lambda c: c.numbers.set_port_out_pin(OWN, "4287"),
        lambda a: number().pin == "4287",
    ),
    Deed(
        "numbersRelease",
        lambda c: c.numbers.release(OWN),
        lambda a: control.number_of(HARBOR, OWN) is None,
    ),
    Deed("numbersRoute", lambda c: c.numbers.route(OWN, 1001), lambda a: number().route == 1001),
    Deed(
        "numbersSmsGet",
        lambda c: c.numbers.sms(OWN),
        lambda a: (a.type, a.resource) == ("email", "desk@harbor.test"),
    ),
    Deed(
        "numbersSmsSet",
        lambda c: c.numbers.set_sms(OTHER, "webhook", "https://example.com/in"),
        lambda a: (
            SmsRow.objects.get(pk=number(OTHER).route_in).resource == "https://example.com/in"
        ),
    ),
    Deed("numbersSmsDelete", lambda c: c.numbers.stop_sms(OWN), lambda a: number().route_in == 0),
    Deed(
        "numbersTranslation",
        lambda c: c.numbers.translate(OWN, FREE),
        lambda a: number().translated == FREE,
    ),
    # messaging
    Deed(
        "messageHistory",
        lambda c: c.messages.history(OWN),
        lambda a: (
            len(a.messages)
            == Message.objects.filter(
                number=OWN, type="sms", at__range=(a.to_ts, a.from_ts)
            ).count()
            > 0
        ),
    ),
    Deed(
        "messageSend",
        lambda c: c.messages.send(OWN, FREE, "Hello"),
        lambda a: (
            Message.objects.filter(far=FREE, text="Hello", direction="out").count() == 1
            and a.parts == 1
        ),
    ),
    Deed(
        "messagingBrandCreate",
        lambda c: c.messaging.create_brand("BNEW1", "New", "Reminders"),
        lambda a: Brand.objects.get(brand="BNEW1").account == HARBOR,
    ),
    Deed(
        "messagingCampaignStatus",
        lambda c: c.messaging.campaigns(["CHARBR1"]),
        lambda a: set(a[0].numbers) == bound(),
    ),
    Deed(
        "messagingCampaignCreate",
        lambda c: c.messaging.create_campaign(
            "CNEW001", "BHARBOR1", "Reminders", start=datetime(2026, 12, 1, tzinfo=UTC)
        ),
        lambda a: Campaign.objects.get(pk="CNEW001").account == HARBOR,
    ),
    Deed(
        "numbersMessagingList",
        lambda c: c.messaging.numbers([OWN, FREE]),
        lambda a: [(x.number, x.on_account) for x in a] == [(OWN, True), (FREE, False)],
    ),
    Deed(
        "numbersMessagingCampaignBulkUnassign",
        lambda c: c.messaging.unassign_many([OWN, FREE], "CHARBR1"),
        lambda a: (
            (a.unassigned_numbers, [x.number for x in a.failed], OWN in bound())
            == ([OWN], [FREE], False)
        ),
    ),
    Deed(
        "numbersMessagingGet",
        lambda c: c.messaging.number(OWN),
        lambda a: (a.route_in, a.campaign.id) == (number().route_in, "CHARBR1"),
    ),
    Deed(
        "numbersMessagingPatch",
        lambda c: c.messaging.route(OWN, inbound=0, outbound=19),
        lambda a: number().route_in == 0,
    ),
    Deed(
        "numbersMessagingCampaignUnassign",
        lambda c: c.messaging.unassign(OWN, "CHARBR1"),
        lambda a: OWN not in bound(),
    ),
    Deed(
        "numbersMessagingCampaignAssign",
        lambda c: c.messaging.assign(OTHER, "CHARBR1"),
        lambda a: OTHER in bound(),
    ),
    # e911
    Deed(
        "e911QueryAll",
        lambda c: c.e911.list(),
        lambda a: {x.number for x in a} == set(E911.objects.values_list("number", flat=True)),
    ),
    Deed(
        "e911Create",
        lambda c: c.e911.create(UNCOVERED, caller_name="HARBOR", **STREET),
        lambda a: E911.objects.get(pk=UNCOVERED).caller_name == "HARBOR",
    ),
    Deed(
        "e911Validate",
        lambda c: c.e911.validate(**STREET),
        lambda a: a.addressid > 0 and a.state == "NJ",
    ),
    Deed(
        "e911QueryRecord",
        lambda c: c.e911.get(OWN),
        lambda a: (a.number, a.zip) == (OWN, E911.objects.get(pk=OWN).address.zip),
    ),
    Deed(
        "e911ProvisionAddress",
        lambda c: c.e911.provision(UNCOVERED, 1234567, "HARBOR"),
        lambda a: E911.objects.get(pk=UNCOVERED).address_id == 1234567,
    ),
    Deed(
        "e911RecordDelete",
        lambda c: c.e911.delete(OWN),
        lambda a: not E911.objects.filter(pk=OWN).exists(),
    ),
    # ports
    Deed(
        "portList",
        lambda c: c.ports.list(),
        lambda a: [x.pid for x in a] == list(Port.objects.values_list("pid", flat=True)),
    ),
    Deed(
        "portSubmit",
        lambda c: c.ports.submit(ORDER),
        lambda a: (
            (Port.objects.get(pid=a.pid).numbers, control.charges(HARBOR)[-1].amount)
            == ([FREE], Decimal(6))
        ),
        first=lambda c: c.ports.availability(FREE),
    ),
    Deed(
        "portAvailability",
        lambda c: c.ports.availability(FREE),
        lambda a: a.portable and a.number == FREE,
    ),
    Deed(
        "portGet",
        lambda c: c.ports.get(PID),
        lambda a: list(a.numbers) == Port.objects.get(pid=PID).numbers,
    ),
    # trunking
    Deed("aclList", lambda c: c.acl.list(), lambda a: set(a) == cidrs()),
    Deed(
        "aclCreate",
        lambda c: c.acl.add(["198.51.100.0/24"]),
        lambda a: "198.51.100.0/24" in cidrs(),
    ),
    Deed(
        "aclDelete",
        lambda c: c.acl.remove(["203.0.113.10/32"]),
        lambda a: "203.0.113.10/32" not in cidrs(),
    ),
    Deed("authGet", lambda c: c.auth.get(), lambda a: a.auth_type == account().auth_type),
    Deed(
        "authPut",
        lambda c: c.auth.update(auth_type=2, password="abc1234"),
        lambda a: (
            (account().auth_type, account().password, set(a.fields))
            == (2, "abc1234", {"authType", "password"})
        ),
    ),
    Deed(
        "gatewaysList",
        lambda c: c.gateways.list(),
        lambda a: {x.id for x in a if not x.system} == gateways(),
    ),
    Deed(
        "gatewaysCreate",
        lambda c: c.gateways.create("203.0.113.77:5060", prefix="9", limit=5),
        lambda a: Gateway.objects.get(pk=a.id).gateway == "203.0.113.77:5060",
    ),
    Deed(
        "gatewaysGet",
        lambda c: c.gateways.get(1000),
        lambda a: a.gateway == Gateway.objects.get(pk=1000).gateway,
    ),
    Deed(
        "gatewaysPut",
        lambda c: c.gateways.update(1000, address="203.0.113.78:5060", prefix="", limit=7),
        lambda a: (
            (Gateway.objects.get(pk=1000).gateway, Gateway.objects.get(pk=1000).limit)
            == ("203.0.113.78:5060", 7)
        ),
    ),
    Deed(
        "gatewaysDelete",
        lambda c: c.gateways.delete(1001),
        lambda a: 1001 not in gateways(),
        first=lambda c: Number.objects.filter(route=1001).update(route=4),
    ),
    Deed(
        "gatewaysNumbers",
        lambda c: c.gateways.numbers(1000),
        lambda a: {x.number for x in a} == routed(1000),
    ),
    # look-ups
    Deed(
        "cnamLookup",
        lambda c: c.lookups.cnam(FREE),
        lambda a: control.charges(HARBOR)[-1].amount == Decimal("0.006"),
    ),
    Deed(
        "lrnLookup",
        lambda c: c.lookups.lrn(FREE, OWN),
        lambda a: control.charges(HARBOR)[-1].amount == Decimal("0.002"),
    ),
    # tickets
    Deed(
        "ticketsList",
        lambda c: c.tickets.list(),
        lambda a: a.total_count == Ticket.objects.filter(account=HARBOR).count() > 0,
    ),
    Deed(
        "ticketsCreate",
        lambda c: c.tickets.create("Help", "Please"),
        lambda a: Ticket.objects.get(pk=a.id).subject == "Help",
    ),
    Deed(
        "ticketsGet",
        lambda c: c.tickets.get(4000),
        lambda a: a.subject == Ticket.objects.get(pk=4000).subject,
    ),
    Deed(
        "ticketsPut",
        lambda c: c.tickets.set_status(4001, "closed"),
        lambda a: Ticket.objects.get(pk=4001).status == "closed",
    ),
    Deed(
        "ticketsDelete",
        lambda c: c.tickets.delete(4001),
        lambda a: not Ticket.objects.filter(pk=4001).exists(),
        OPERATOR,
    ),
    Deed(
        "supportTicketMessages",
        lambda c: c.tickets.messages(4000),
        lambda a: len(a) == Thread.objects.filter(ticket=4000).count() > 0,
    ),
    Deed(
        "supportTicketReplyCreate",
        lambda c: c.tickets.reply(4001, "Thank you."),
        lambda a: Thread.objects.filter(ticket=4001, body="Thank you.").count() == 1,
    ),
)


def bound() -> set[str]:
    return set(Number.objects.filter(campaign="CHARBR1").values_list("number", flat=True))


def cidrs() -> set[str]:
    return set(Acl.objects.filter(account=HARBOR).values_list("cidr", flat=True))


def gateways() -> set[int]:
    return set(Gateway.objects.filter(account=HARBOR).values_list("pk", flat=True))


def routed(gateway: int) -> set[str]:
    return set(
        Number.objects.filter(account=HARBOR, route=gateway).values_list("number", flat=True)
    )
