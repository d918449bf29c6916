"""Each of the 74 operations is whole: a row, one client method, one handler of the sandbox, a class
for each fault; once built, a page.

`PAGES` is where a person reaches it; an operation enters `BUILT` when its page, its change and its
permission row are there.
"""

import ast
import re
from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from django.urls import Resolver404, resolve

import portal.urls  # noqa: F401 (every app's changes register when its addresses are read)
from apps.changes.change import REGISTRY
from apps.sandbox.front.adapter import InProcess
from apps.sandbox.handlers import HANDLERS
from apps.voicetel.client import (
    BY_ID,
    ROWS,
    Absent,
    BalanceTooLow,
    Client,
    Conflict,
    Forbidden,
    OutcomeUnknown,
    RateLimited,
    Refused,
    Retry,
    Transport,
    Unauthorized,
    Unavailable,
    VoiceTelError,
)
from tests.client.cases import CASES
from tests.matrix.rows import ROWS as PERMISSIONS

APPS = Path(__file__).resolve().parent.parent / "apps"
HARBOR = "1000000001"

PAGES: dict[str, tuple[str, str]] = {
    # staff
    "accountSubaccountCreate": ("staff", "/admin/accounts/new/"),
    # team
    "accountPut": ("team", "/settings/account/"),
    # accounts
    "accountApiKey": ("accounts", "/connect/"),
    "accountRecovery": ("accounts", "/recover/"),
    # team
    "accountCreate": ("team", "/signup/"),
    # billing
    "accountGet": ("billing", "/billing/"),
    "accountCdr": ("billing", "/billing/calls/"),
    "accountCredits": ("billing", "/billing/credits/"),
    "accountPayments": ("billing", "/billing/payments/"),
    "accountRecurringCharges": ("billing", "/billing/"),
    # numbers
    "inventorySearch": ("numbers", "/numbers/order/"),
    "inventoryCoverage": ("numbers", "/numbers/coverage/"),
    "numbersList": ("numbers", "/numbers/"),
    "numbersCreate": ("numbers", "/numbers/add/"),
    "numbersDelete": ("numbers", "/numbers/<number>/"),
    "numbersGet": ("numbers", "/numbers/<number>/"),
    "numbersMove": ("numbers", "/numbers/<number>/"),
    "numbersCnam": ("numbers", "/numbers/<number>/"),
    "numbersFaxDelete": ("numbers", "/numbers/<number>/"),
    "numbersFaxGet": ("numbers", "/numbers/<number>/"),
    "numbersFaxSet": ("numbers", "/numbers/<number>/"),
    "numbersForwardDelete": ("numbers", "/numbers/<number>/"),
    "numbersForwardSet": ("numbers", "/numbers/<number>/"),
    "numbersLidb": ("numbers", "/numbers/<number>/"),
    "numbersPortOutPinUpdate": ("numbers", "/numbers/<number>/"),
    "numbersRelease": ("numbers", "/numbers/<number>/"),
    "numbersRoute": ("numbers", "/numbers/<number>/"),
    "numbersSmsDelete": ("numbers", "/numbers/<number>/"),
    "numbersSmsGet": ("numbers", "/numbers/<number>/"),
    "numbersSmsSet": ("numbers", "/numbers/<number>/"),
    "numbersTranslation": ("numbers", "/numbers/<number>/"),
    "orderCreate": ("numbers", "/numbers/order/"),
    # messaging
    "messageHistory": ("messaging", "/messaging/"),
    "messageSend": ("messaging", "/messaging/"),
    "messagingBrandCreate": ("messaging", "/messaging/brands/"),
    "messagingCampaignStatus": ("messaging", "/messaging/campaigns/"),
    "messagingCampaignCreate": ("messaging", "/messaging/campaigns/"),
    "numbersMessagingList": ("messaging", "/messaging/numbers/"),
    "numbersMessagingCampaignBulkUnassign": ("messaging", "/messaging/campaigns/<id>/"),
    "numbersMessagingGet": ("messaging", "/numbers/<number>/"),
    "numbersMessagingPatch": ("messaging", "/numbers/<number>/"),
    "numbersMessagingCampaignUnassign": ("messaging", "/messaging/campaigns/<id>/"),
    "numbersMessagingCampaignAssign": ("messaging", "/messaging/campaigns/<id>/"),
    # e911
    "e911QueryAll": ("e911", "/e911/"),
    "e911Create": ("e911", "/e911/<number>/"),
    "e911Validate": ("e911", "/e911/<number>/"),
    "e911RecordDelete": ("e911", "/e911/<number>/"),
    "e911QueryRecord": ("e911", "/e911/<number>/"),
    "e911ProvisionAddress": ("e911", "/e911/<number>/"),
    # porting
    "portList": ("porting", "/porting/"),
    "portSubmit": ("porting", "/porting/new/"),
    "portAvailability": ("porting", "/porting/new/"),
    "portGet": ("porting", "/porting/<pid>/"),
    # trunking
    "accountRegistration": ("trunking", "/trunking/"),
    "aclDelete": ("trunking", "/trunking/acl/"),
    "aclList": ("trunking", "/trunking/acl/"),
    "aclCreate": ("trunking", "/trunking/acl/"),
    "authGet": ("trunking", "/trunking/authentication/"),
    "authPut": ("trunking", "/trunking/authentication/"),
    "gatewaysList": ("trunking", "/trunking/gateways/"),
    "gatewaysCreate": ("trunking", "/trunking/gateways/"),
    "gatewaysDelete": ("trunking", "/trunking/gateways/<id>/"),
    "gatewaysGet": ("trunking", "/trunking/gateways/<id>/"),
    "gatewaysPut": ("trunking", "/trunking/gateways/<id>/"),
    "gatewaysNumbers": ("trunking", "/trunking/gateways/<id>/"),
    # lookups
    "cnamLookup": ("lookups", "/lookups/"),
    "lrnLookup": ("lookups", "/lookups/"),
    # support
    "ticketsList": ("support", "/support/"),
    "ticketsCreate": ("support", "/support/new/"),
    "ticketsDelete": ("staff", "/admin/tickets/<id>/"),
    "ticketsGet": ("support", "/support/<id>/"),
    "ticketsPut": ("support", "/support/<id>/"),
    "supportTicketMessages": ("support", "/support/<id>/"),
    "supportTicketReplyCreate": ("support", "/support/<id>/"),
}
BUILT = {
    "accountApiKey",
    "accountCreate",
    "accountSubaccountCreate",
    "accountRecovery",
    "accountPut",
    "messageHistory",
    "messageSend",
    "messagingBrandCreate",
    "messagingCampaignStatus",
    "messagingCampaignCreate",
    "numbersMessagingList",
    "numbersMessagingGet",
    "numbersMessagingPatch",
    "numbersMessagingCampaignAssign",
    "numbersMessagingCampaignUnassign",
    "numbersMessagingCampaignBulkUnassign",
    "accountRecurringCharges",
    "accountGet",
    "accountCdr",
    "accountPayments",
    "accountCredits",
    "ticketsList",
    "ticketsCreate",
    "ticketsGet",
    "ticketsDelete",
    "ticketsPut",
    "supportTicketMessages",
    "supportTicketReplyCreate",
    "numbersList",
    "numbersGet",
    "numbersForwardSet",
    "numbersForwardDelete",
    "numbersRoute",
    "numbersCnam",
    "numbersTranslation",
    "numbersLidb",
    "numbersPortOutPinUpdate",
    "numbersFaxGet",
    "numbersFaxSet",
    "numbersFaxDelete",
    "numbersSmsGet",
    "numbersSmsSet",
    "numbersSmsDelete",
    "numbersDelete",
    "numbersRelease",
    "numbersMove",
    "e911QueryAll",
    "e911QueryRecord",
    "e911Create",
    "e911Validate",
    "e911ProvisionAddress",
    "e911RecordDelete",
    "cnamLookup",
    "lrnLookup",
    "portList",
    "portGet",
    "portAvailability",
    "portSubmit",
    "inventorySearch",
    "inventoryCoverage",
    "orderCreate",
    "numbersCreate",
    "accountRegistration",
    "aclList",
    "aclCreate",
    "aclDelete",
    "authGet",
    "authPut",
    "gatewaysList",
    "gatewaysCreate",
    "gatewaysGet",
    "gatewaysPut",
    "gatewaysDelete",
    "gatewaysNumbers",
}
# They change nothing that an account's journal should know: no account is there yet, or any more.
NO_CHANGE = {"accountApiKey", "accountRecovery", "accountCreate"}
A_NUMBER, AN_ID = "2015550110", "1000"


def users() -> dict[str, list[tuple[str, str]]]:
    """Operation to (file of its resource, name of its method), read from the source: who names it
    in a call of its own.
    """
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for file in sorted((APPS / "voicetel/client").rglob("*.py")):
        for function in [
            node
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.FunctionDef)
        ]:
            for call in [node for node in ast.walk(function) if isinstance(node, ast.Call)]:
                for argument in call.args[:1]:
                    if (
                        isinstance(argument, ast.Constant)
                        and argument.value in BY_ID
                        and isinstance(call.func, ast.Attribute)
                    ):
                        found[argument.value].append((file.stem, function.name))
    return found


def names_of(file: str) -> str:
    """What a client calls the resources of that file, as a pattern: porting.py holds `ports`."""
    found = {
        name
        for name, each in vars(Client).items()
        if isinstance(each, cached_property)
        and get_type_hints(each.func)["return"].__module__.endswith(f".{file}")
    }
    return "|".join(sorted(found | {file}))


def test_each_row_has_one_client_method_and_each_method_a_row() -> None:
    found = users()
    assert len(ROWS) == 74
    assert {name: len(methods) for name, methods in found.items()} == dict.fromkeys(BY_ID, 1)
    assert len({method for methods in found.values() for method in methods}) == 74


def test_each_row_has_one_handler_of_the_sandbox() -> None:
    assert set(HANDLERS) == set(BY_ID)
    assert len(set(HANDLERS.values())) == 74


def test_each_row_has_a_page_and_no_page_is_without_a_row() -> None:
    assert set(PAGES) == set(BY_ID)


def lost(operation: str) -> type[VoiceTelError]:
    """What an answer that proves nothing becomes: of a read it is nothing, of everything else a
    doubt.
    """
    return Unavailable if BY_ID[operation].retry is Retry.SAFE else OutcomeUnknown


FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "a 500": ("status", {"status": 500}),
    "a 502 in the envelope": ("status", {"status": 502}),
    "a proxy's page": ("html", {}),
    "nothing done, cut": ("drop_before", {}),
    "done, cut": ("drop_after", {}),
    "garbage": ("garbage", {}),
    "cut short": ("garbage", {"flavor": "half"}),
    "a redirect": ("redirect", {}),
    "no gzip": ("bad_gzip", {}),
    "the hour is spent": ("rate_limit", {"seconds": 600}),
    "400": ("status", {"status": 400}),
    "401": ("status", {"status": 401}),
    "402": ("status", {"status": 402}),
    "403": ("status", {"status": 403}),
    "404": ("status", {"status": 404}),
    "409": ("conflict", {}),
}
REFUSALS = {
    "400": Refused,
    "401": Unauthorized,
    "402": BalanceTooLow,
    "403": Forbidden,
    "404": Absent,
    "the hour is spent": RateLimited,
}


def expected(operation: str, fault: str) -> type[VoiceTelError] | None:
    """The class of the tree; None: an empty answer, no error."""
    row = BY_ID[operation]
    if fault == "404" and row.empty:
        return None
    if fault == "409":
        return OutcomeUnknown if row.retry is Retry.KEYED else Conflict
    if fault == "a 502 in the envelope" and 502 in row.nothing_done:
        return Refused
    return REFUSALS.get(fault, lost(operation))


@pytest.mark.parametrize("case", CASES, ids=[case.operation for case in CASES])
def test_each_fault_lands_in_its_class_of_the_tree(case: Any, sandbox: Any) -> None:
    client = Client(Transport("http://sandbox.test", adapter=InProcess()), sandbox.key(HARBOR))
    for fault, (kind, options) in FAULTS.items():
        if BY_ID[case.operation].pool:
            sandbox.advance(3600)  # six calls an hour, and faults count
        client.key = sandbox.key(HARBOR)  # authPut, once done, has made it another
        wanted = expected(case.operation, fault)
        sandbox.fault(case.operation, kind, times=None, **options)
        if wanted is None:
            assert case.make(client) in (None, [])
        else:
            with pytest.raises(VoiceTelError) as caught:
                case.make(client)
            assert type(caught.value) is wanted, (fault, caught.value)
            assert caught.value.operation == case.operation
        sandbox.clear_faults()


def address(operation: str) -> str:
    """The page with something in its places."""
    return re.sub("<id>|<pid>", AN_ID, PAGES[operation][1].replace("<number>", A_NUMBER))


@pytest.mark.parametrize("operation", sorted(BUILT))
def test_what_is_built_has_a_page_and_a_permission_row(operation: str) -> None:
    name = resolve(address(operation)).view_name
    assert PERMISSIONS[name].get is not None


@pytest.mark.parametrize("operation", sorted(BUILT))
def test_what_is_built_is_called_by_its_app(operation: str) -> None:
    ((resource, method),) = users()[operation]
    source = "".join(file.read_text() for file in (APPS / PAGES[operation][0]).rglob("*.py"))
    assert re.search(rf"\.({names_of(resource)})\.{method}\(", source), (
        f"nothing in {PAGES[operation][0]} calls {resource}.{method}"
    )


@pytest.mark.parametrize("operation", sorted(BUILT))
def test_what_is_built_and_changes_something_has_a_change_class_of_its_app(operation: str) -> None:
    row = BY_ID[operation]
    if row.retry is Retry.SAFE or operation in NO_CHANGE:
        assert operation not in {kind.operation for kind in REGISTRY.values()}
        return
    kinds = [kind for kind in REGISTRY.values() if kind.operation == operation]
    # others may send it too: staff for a customer, porting to mend a rejected port-in
    assert any(kind.__module__.startswith(f"apps.{PAGES[operation][0]}.") for kind in kinds)
    assert all(kind.needs for kind in kinds)


def test_what_has_a_change_class_counts_as_built() -> None:
    """So that the set above is not left behind."""
    changes = {kind.operation for kind in REGISTRY.values() if kind.__module__.startswith("apps.")}
    assert changes <= BUILT
    assert NO_CHANGE.isdisjoint(changes)


def test_control_a_page_that_is_not_there_is_missed() -> None:
    with pytest.raises(Resolver404):
        resolve("/no/such/page/")
