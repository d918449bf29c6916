"""Every look that the provider offers and that costs nothing, in an order in which each finds what
to ask about in the ones before.
"""

from collections.abc import Callable, Iterator
from typing import Any

from apps.voicetel.client import Client

Look = tuple[str, Callable[[], Any]]


class Rounds:
    """`for name, look in Rounds(client).looks(limited=...)`: call look(); what it gives is handed
    to took().
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self.took: dict[str, Any] = {}

    def first(self, name: str, field: str) -> Any:
        """A field of the first row of an answer; None where there was none."""
        rows = self.took.get(name) or ()
        return getattr(rows[0], field) if rows else None

    def looks(self, *, limited: bool) -> Iterator[Look]:
        """Reads only: nothing that charges, changes or sends. limited: also the three that spend
        calls of the hour.
        """
        client = self.client
        yield "numbersList", client.numbers.list
        yield "gatewaysList", client.gateways.list
        yield "e911QueryAll", client.e911.list
        yield "portList", client.ports.list
        yield "ticketsList", lambda: client.tickets.list().tickets
        yield "aclList", client.acl.list
        yield "authGet", client.auth.get
        yield "accountRegistration", client.account.registration
        yield "accountCredits", client.account.credits
        yield "accountPayments", client.account.payments
        yield "inventorySearch", lambda: client.inventory.search("201", quantity=10)
        yield "inventoryCoverage", lambda: client.inventory.coverage("state")
        yield from self.of_a_number(self.first("numbersList", "number"))
        yield from self.of_an_id()
        if limited:
            yield "accountGet", client.account.get
            yield "accountRecurringCharges", client.account.recurring_charges
            yield "accountCdr", client.account.cdr

    def of_a_number(self, number: str | None) -> Iterator[Look]:
        if number is None:
            return
        client = self.client
        yield "numbersGet", lambda: client.numbers.get(number)
        yield "numbersFaxGet", lambda: client.numbers.fax(number)
        yield "numbersSmsGet", lambda: client.numbers.sms(number)
        yield "numbersMessagingGet", lambda: client.messaging.number(number)
        numbers = [row.number for row in self.took["numbersList"][:100]]
        yield "numbersMessagingList", lambda: client.messaging.numbers(numbers)
        campaigns = sorted(
            {row.campaign.id for row in self.took.get("numbersMessagingList") or () if row.campaign}
        )
        if campaigns:
            yield "messagingCampaignStatus", lambda: client.messaging.campaigns(campaigns[:100])
        yield "messageHistory", lambda: client.messages.history(number)
        yield "messageHistory", lambda: client.messages.history(number, "mms")
        yield "messageHistory", lambda: client.messages.history(number, "dlr")
        yield "portAvailability", lambda: client.ports.availability(number)

    def of_an_id(self) -> Iterator[Look]:
        client = self.client
        gateway, pid, ticket = (
            self.first("gatewaysList", "id"),
            self.first("portList", "pid"),
            self.first("ticketsList", "id"),
        )
        covered = self.first("e911QueryAll", "number")
        if gateway is not None:
            yield "gatewaysGet", lambda: client.gateways.get(gateway)
            yield "gatewaysNumbers", lambda: client.gateways.numbers(gateway)
        if covered is not None:
            yield "e911QueryRecord", lambda: client.e911.get(covered)
        if pid is not None:
            yield "portGet", lambda: client.ports.get(pid)
        if ticket is not None:
            yield "ticketsGet", lambda: client.tickets.get(ticket)
            yield "supportTicketMessages", lambda: client.tickets.messages(ticket)
