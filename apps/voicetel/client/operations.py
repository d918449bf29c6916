"""The provider's 74 operations as rows: what may be sent again, what spends the hour, what charges,
what "nothing" looks like.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

MEGABYTE = 1024 * 1024


class Retry(Enum):
    """What the transport may do after a connection that never opened, or a 502 or 503."""

    SAFE = auto()  # a read that costs nothing (two lookups are GETs that charge: not SAFE)
    KEYED = auto()  # safe with the same Idempotency-Key, within 24 h; the change's own row decides
    NEVER = auto()  # changes something: the transport never resends; the change's own row decides


@dataclass(frozen=True, slots=True)
class Operation:
    """One row. `id`, `method` and `path` are the document's; sizes are bytes once unpacked."""

    id: str
    method: str
    path: str
    retry: Retry = Retry.NEVER
    charges: bool = False
    pool: str | None = None  # "account": 6 an hour, shared by four operations; never retried
    empty: frozenset[int] = frozenset()  # statuses that mean: nothing here
    nothing_done: frozenset[int] = frozenset()  # 5xx that the document calls harmless
    partly: bool = False  # its 409 says which parts were done
    public: bool = False  # sent without a key
    largest: int = 8 * MEGABYTE

    @property
    def fresh(self) -> bool:
        """True where a kept connection that the server is just closing would leave a costly doubt:
        charges, and what creates.
        """
        return self.charges or (self.method == "POST" and self.retry is not Retry.SAFE)


SAFE, KEYED = Retry.SAFE, Retry.KEYED
NOT_FOUND = frozenset({404})
LONG = 64 * MEGABYTE
CALLS = 24 * MEGABYTE  # some 100,000 calls

ROWS: tuple[Operation, ...] = (
    # account
    Operation("accountGet", "GET", "/v2.2/account", SAFE, pool="account"),
    Operation("accountPut", "PUT", "/v2.2/account"),
    Operation("accountSubaccountCreate", "POST", "/v2.2/account"),
    Operation("accountApiKey", "POST", "/v2.2/account/api-key", SAFE, pool="account", public=True),
    Operation("accountRecovery", "POST", "/v2.2/account/recovery", public=True),
    Operation("accountCreate", "POST", "/v2.2/accounts", public=True),
    Operation("accountCdr", "GET", "/v2.2/account/cdr", SAFE, pool="account", largest=CALLS),
    Operation("accountCredits", "GET", "/v2.2/account/credits", SAFE),
    Operation("accountPayments", "GET", "/v2.2/account/payments", SAFE),
    Operation(
        "accountRecurringCharges", "GET", "/v2.2/account/recurring-charges", SAFE, pool="account"
    ),
    Operation("accountRegistration", "GET", "/v2.2/account/registration", SAFE, empty=NOT_FOUND),
    # inventory and orders
    Operation("inventorySearch", "GET", "/v2.2/inventory", SAFE),
    Operation("inventoryCoverage", "GET", "/v2.2/inventory/coverage", SAFE),
    Operation(
        "orderCreate", "POST", "/v2.2/orders", KEYED, charges=True, nothing_done=frozenset({502})
    ),
    # numbers
    Operation("numbersList", "GET", "/v2.2/numbers", SAFE, empty=NOT_FOUND, largest=LONG),
    Operation("numbersCreate", "POST", "/v2.2/numbers", charges=True),
    Operation("numbersGet", "GET", "/v2.2/numbers/{number}", SAFE),
    Operation("numbersDelete", "DELETE", "/v2.2/numbers/{number}"),
    Operation("numbersMove", "PATCH", "/v2.2/numbers/{number}"),
    Operation("numbersCnam", "PUT", "/v2.2/numbers/{number}/cnam"),
    Operation("numbersFaxGet", "GET", "/v2.2/numbers/{number}/fax", SAFE, empty=NOT_FOUND),
    Operation("numbersFaxSet", "PUT", "/v2.2/numbers/{number}/fax"),
    Operation("numbersFaxDelete", "DELETE", "/v2.2/numbers/{number}/fax"),
    Operation("numbersForwardSet", "PUT", "/v2.2/numbers/{number}/forward"),
    Operation("numbersForwardDelete", "DELETE", "/v2.2/numbers/{number}/forward"),
    Operation("numbersLidb", "PUT", "/v2.2/numbers/{number}/lidb"),
    Operation("numbersPortOutPinUpdate", "PATCH", "/v2.2/numbers/{number}/port-out-pin"),
    Operation("numbersRelease", "POST", "/v2.2/numbers/{number}/release"),
    Operation("numbersRoute", "PUT", "/v2.2/numbers/{number}/route"),
    Operation("numbersSmsGet", "GET", "/v2.2/numbers/{number}/sms", SAFE, empty=NOT_FOUND),
    Operation("numbersSmsSet", "PUT", "/v2.2/numbers/{number}/sms"),
    Operation("numbersSmsDelete", "DELETE", "/v2.2/numbers/{number}/sms"),
    Operation("numbersTranslation", "PUT", "/v2.2/numbers/{number}/translation"),
    # messaging
    Operation("messageHistory", "GET", "/v2.2/messages", SAFE, largest=LONG),
    Operation("messageSend", "POST", "/v2.2/messages", charges=True),
    Operation("messagingBrandCreate", "POST", "/v2.2/messaging/brands"),
    Operation("messagingCampaignStatus", "GET", "/v2.2/messaging/campaigns", SAFE),
    Operation("messagingCampaignCreate", "POST", "/v2.2/messaging/campaigns"),
    Operation("numbersMessagingList", "GET", "/v2.2/numbers/messaging", SAFE),
    Operation("numbersMessagingCampaignBulkUnassign", "DELETE", "/v2.2/numbers/messaging-campaign"),
    Operation("numbersMessagingGet", "GET", "/v2.2/numbers/{number}/messaging", SAFE),
    Operation("numbersMessagingPatch", "PATCH", "/v2.2/numbers/{number}/messaging"),
    Operation(
        "numbersMessagingCampaignUnassign", "DELETE", "/v2.2/numbers/{number}/messaging-campaign"
    ),
    Operation("numbersMessagingCampaignAssign", "PUT", "/v2.2/numbers/{number}/messaging-campaign"),
    # e911: queryRecord's 409 is "not known", so only queryAll proves absence
    Operation("e911QueryAll", "GET", "/v2.2/e911", SAFE, empty=NOT_FOUND, largest=LONG),
    Operation("e911Create", "POST", "/v2.2/e911"),
    Operation("e911Validate", "POST", "/v2.2/e911/validations", SAFE),
    Operation("e911QueryRecord", "GET", "/v2.2/e911/{dn}", SAFE),
    Operation("e911ProvisionAddress", "PUT", "/v2.2/e911/{dn}"),
    Operation("e911RecordDelete", "DELETE", "/v2.2/e911/{dn}"),
    # porting
    Operation("portList", "GET", "/v2.2/ports", SAFE),
    Operation("portSubmit", "POST", "/v2.2/ports", charges=True),
    Operation("portAvailability", "GET", "/v2.2/ports/availability/{number}", SAFE),
    Operation("portGet", "GET", "/v2.2/ports/{id}", SAFE),
    # trunking
    Operation("aclList", "GET", "/v2.2/acl", SAFE, empty=NOT_FOUND),
    Operation("aclCreate", "POST", "/v2.2/acl", partly=True),
    Operation("aclDelete", "DELETE", "/v2.2/acl", partly=True),
    Operation("authGet", "GET", "/v2.2/auth", SAFE),
    Operation("authPut", "PUT", "/v2.2/auth", partly=True),
    Operation("gatewaysList", "GET", "/v2.2/gateways", SAFE),
    Operation("gatewaysCreate", "POST", "/v2.2/gateways"),
    Operation("gatewaysGet", "GET", "/v2.2/gateways/{id}", SAFE),
    Operation("gatewaysPut", "PUT", "/v2.2/gateways/{id}"),
    Operation("gatewaysDelete", "DELETE", "/v2.2/gateways/{id}"),
    Operation("gatewaysNumbers", "GET", "/v2.2/gateways/{id}/numbers", SAFE),
    # lookups: GETs that charge, so never sent again
    Operation("cnamLookup", "GET", "/v2.2/cnam/{number}", charges=True),
    Operation("lrnLookup", "GET", "/v2.2/lrn/{number}/{ani}", charges=True),
    # support
    Operation("ticketsList", "GET", "/v2.2/support/tickets", SAFE, largest=LONG),
    Operation("ticketsCreate", "POST", "/v2.2/support/tickets"),
    Operation("ticketsGet", "GET", "/v2.2/support/tickets/{id}", SAFE, largest=LONG),
    Operation("ticketsPut", "PUT", "/v2.2/support/tickets/{id}"),
    Operation("ticketsDelete", "DELETE", "/v2.2/support/tickets/{id}"),
    Operation(
        "supportTicketMessages",
        "GET",
        "/v2.2/support/tickets/{id}/messages",
        SAFE,
        largest=LONG,
    ),
    Operation("supportTicketReplyCreate", "POST", "/v2.2/support/tickets/{id}/replies"),
)

BY_ID: Mapping[str, Operation] = {row.id: row for row in ROWS}
