"""The provider's 74 operations as rows: address, what success answers, which refusals its document
names.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operation:
    """refusals: the error statuses of the document. limited: spends a call of the hour. charges:
    takes money.
    """

    id: str
    method: str
    path: str
    success: int
    refusals: frozenset[int]
    public: bool = False
    limited: bool = False
    charges: bool = False

    @property
    def malformed(self) -> int:
        """The status for input that makes no sense: 400, unless the document knows only
        409 for it.
        """
        return 409 if 409 in self.refusals and 400 not in self.refusals else 400

    @property
    def changes(self) -> bool:
        return self.charges or (self.method != "GET" and self.id != "accountApiKey")


def _row(
    name: str, method: str, path: str, success: int, refusals: str, marks: str = ""
) -> Operation:
    words = marks.split()
    return Operation(
        name,
        method,
        f"/v2.2{path}",
        success,
        frozenset(map(int, refusals.split())),
        public="public" in words,
        limited="limited" in words,
        charges="charges" in words,
    )


ROWS = (
    _row("accountGet", "GET", "/account", 200, "401 429", "limited"),
    _row("accountSubaccountCreate", "POST", "/account", 201, "401 403 409"),
    _row("accountPut", "PUT", "/account", 200, "400 401"),
    _row("accountApiKey", "POST", "/account/api-key", 200, "400 401 429", "public limited"),
    _row("accountCdr", "GET", "/account/cdr", 200, "401 429", "limited"),
    _row("accountCredits", "GET", "/account/credits", 200, "400 401"),
    _row("accountPayments", "GET", "/account/payments", 200, "401"),
    _row("accountRecovery", "POST", "/account/recovery", 200, "400 404", "public"),
    _row("accountRecurringCharges", "GET", "/account/recurring-charges", 200, "401 429", "limited"),
    _row("accountRegistration", "GET", "/account/registration", 200, "401 404"),
    _row("accountCreate", "POST", "/accounts", 201, "400 409", "public"),
    _row("aclDelete", "DELETE", "/acl", 200, "401 409"),
    _row("aclList", "GET", "/acl", 200, "401 404"),
    _row("aclCreate", "POST", "/acl", 200, "401 409"),
    _row("authGet", "GET", "/auth", 200, "401"),
    _row("authPut", "PUT", "/auth", 200, "400 401 409"),
    _row("cnamLookup", "GET", "/cnam/{number}", 200, "401 402", "charges"),
    _row("e911QueryAll", "GET", "/e911", 200, "401 404"),
    _row("e911Create", "POST", "/e911", 201, "400 401 403 409"),
    _row("e911Validate", "POST", "/e911/validations", 200, "401 409"),
    _row("e911RecordDelete", "DELETE", "/e911/{dn}", 204, "401 409"),
    _row("e911QueryRecord", "GET", "/e911/{dn}", 200, "401 409"),
    _row("e911ProvisionAddress", "PUT", "/e911/{dn}", 200, "401 409"),
    _row("gatewaysList", "GET", "/gateways", 200, "401"),
    _row("gatewaysCreate", "POST", "/gateways", 201, "400 401 409"),
    _row("gatewaysDelete", "DELETE", "/gateways/{id}", 204, "401 404 409"),
    _row("gatewaysGet", "GET", "/gateways/{id}", 200, "401 404"),
    _row("gatewaysPut", "PUT", "/gateways/{id}", 200, "401 404"),
    _row("gatewaysNumbers", "GET", "/gateways/{id}/numbers", 200, "401 404"),
    _row("inventorySearch", "GET", "/inventory", 200, "400 401 502"),
    _row("inventoryCoverage", "GET", "/inventory/coverage", 200, "400 401 502"),
    _row("lrnLookup", "GET", "/lrn/{number}/{ani}", 200, "400 401", "charges"),
    _row("messageHistory", "GET", "/messages", 200, "400 401 403"),
    _row("messageSend", "POST", "/messages", 201, "400 401 402 403 409 502", "charges"),
    _row("messagingBrandCreate", "POST", "/messaging/brands", 201, "400 401"),
    _row("messagingCampaignStatus", "GET", "/messaging/campaigns", 200, "400 401"),
    _row("messagingCampaignCreate", "POST", "/messaging/campaigns", 201, "400 401"),
    _row("numbersList", "GET", "/numbers", 200, "401 404"),
    _row("numbersCreate", "POST", "/numbers", 201, "401 402 409", "charges"),
    _row("numbersMessagingList", "GET", "/numbers/messaging", 200, "400 401"),
    _row(
        "numbersMessagingCampaignBulkUnassign",
        "DELETE",
        "/numbers/messaging-campaign",
        200,
        "400 401 409",
    ),
    _row("numbersDelete", "DELETE", "/numbers/{number}", 204, "401 404 409"),
    _row("numbersGet", "GET", "/numbers/{number}", 200, "401 404"),
    _row("numbersMove", "PATCH", "/numbers/{number}", 200, "400 401 404 409"),
    _row("numbersCnam", "PUT", "/numbers/{number}/cnam", 200, "400 401 404 409"),
    _row("numbersFaxDelete", "DELETE", "/numbers/{number}/fax", 204, "401 404"),
    _row("numbersFaxGet", "GET", "/numbers/{number}/fax", 200, "401 404"),
    _row("numbersFaxSet", "PUT", "/numbers/{number}/fax", 200, "400 401 404"),
    _row("numbersForwardDelete", "DELETE", "/numbers/{number}/forward", 204, "401 404 409"),
    _row("numbersForwardSet", "PUT", "/numbers/{number}/forward", 200, "400 401 404 409"),
    _row("numbersLidb", "PUT", "/numbers/{number}/lidb", 200, "400 401 404"),
    _row("numbersMessagingGet", "GET", "/numbers/{number}/messaging", 200, "401 404"),
    _row("numbersMessagingPatch", "PATCH", "/numbers/{number}/messaging", 200, "400 401 403 404"),
    _row(
        "numbersMessagingCampaignUnassign",
        "DELETE",
        "/numbers/{number}/messaging-campaign",
        200,
        "400 401 404",
    ),
    _row(
        "numbersMessagingCampaignAssign",
        "PUT",
        "/numbers/{number}/messaging-campaign",
        200,
        "400 401 404",
    ),
    _row(
        "numbersPortOutPinUpdate", "PATCH", "/numbers/{number}/port-out-pin", 200, "400 401 404 502"
    ),
    _row("numbersRelease", "POST", "/numbers/{number}/release", 204, "401 409"),
    _row("numbersRoute", "PUT", "/numbers/{number}/route", 200, "400 401"),
    _row("numbersSmsDelete", "DELETE", "/numbers/{number}/sms", 204, "401 404"),
    _row("numbersSmsGet", "GET", "/numbers/{number}/sms", 200, "401 404"),
    _row("numbersSmsSet", "PUT", "/numbers/{number}/sms", 200, "400 401 404"),
    _row("numbersTranslation", "PUT", "/numbers/{number}/translation", 200, "400 401 404 409"),
    _row("orderCreate", "POST", "/orders", 201, "400 401 402 502", "charges"),
    _row("portList", "GET", "/ports", 200, "401 502"),
    _row("portSubmit", "POST", "/ports", 201, "400 401 402", "charges"),
    _row("portAvailability", "GET", "/ports/availability/{number}", 200, "400 401 502"),
    _row("portGet", "GET", "/ports/{id}", 200, "401 404"),
    _row("ticketsList", "GET", "/support/tickets", 200, "401 502"),
    _row("ticketsCreate", "POST", "/support/tickets", 201, "400 401 502"),
    _row("ticketsDelete", "DELETE", "/support/tickets/{id}", 204, "401 403 404 502"),
    _row("ticketsGet", "GET", "/support/tickets/{id}", 200, "401 403 404 502"),
    _row("ticketsPut", "PUT", "/support/tickets/{id}", 200, "400 401 403 404 502"),
    _row("supportTicketMessages", "GET", "/support/tickets/{id}/messages", 200, "401 403 404 502"),
    _row(
        "supportTicketReplyCreate",
        "POST",
        "/support/tickets/{id}/replies",
        201,
        "400 401 403 404 502",
    ),
)
BY_ID = {row.id: row for row in ROWS}


def find(method: str, path: str) -> tuple[Operation | None, dict[str, str], list[str]]:
    """The operation of an address with its path parameters; without one, the methods that the
    address does know.
    """
    parts = path.rstrip("/").split("/")
    known: list[str] = []
    address = ""
    for row, wanted, _ in _TABLE.get(len(parts), ()):
        found = _match(wanted, parts)
        # /numbers/messaging is no number, whatever the method
        if found is None or address not in ("", row.path):
            continue
        if row.method == method:
            return row, found, []
        address = row.path
        known.append(row.method)
    return None, {}, known


def _match(wanted: list[str], parts: list[str]) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for want, part in zip(wanted, parts, strict=True):
        if want.startswith("{"):
            found[want[1:-1]] = part
        elif want != part:
            return None
    return found


def _table() -> dict[int, list[tuple[Operation, list[str], int]]]:
    """Rows by length of address, fixed words before parameters (/numbers/messaging is
    no number).
    """
    table: dict[int, list[tuple[Operation, list[str], int]]] = {}
    for row in ROWS:
        wanted = row.path.split("/")
        table.setdefault(len(wanted), []).append((row, wanted, row.path.count("{")))
    for rows in table.values():
        rows.sort(key=lambda entry: entry[2])
    return table


_TABLE = _table()
