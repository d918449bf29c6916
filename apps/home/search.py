"""What the search box finds: numbers, changes and pages that this person can open."""

from typing import NamedTuple

from apps import phones
from apps.accounts.models import Account, Membership
from apps.accounts.roles import Right, allows
from apps.changes import selectors as changes
from apps.e911 import selectors as e911
from apps.jobs import selectors as jobs
from apps.messaging import selectors as messaging
from apps.numbers import selectors as numbers
from apps.porting import selectors as porting
from apps.support import selectors as support
from apps.text import folded
from apps.trunking import selectors as trunking
from apps.ui.collected import Hit

MOST = 8  # of each kind


class Page(NamedTuple):
    """A page of the portal. words: other names that people look for it by."""

    title: str
    words: str
    path: str
    needs: Right = Right.VIEW


PAGES = (
    Page("Home", "start overview dashboard", "/"),
    Page("Numbers", "phone numbers forwarding route labels", "/numbers/"),
    Page("911", "emergency e911 addresses records protect", "/e911/"),
    Page("Lookups", "caller name cnam carrier lrn who is this number", "/lookups/"),
    Page("Porting", "ports transfer numbers in another carrier letter loa", "/porting/"),
    Page(
        "Transfer numbers in",
        "new port order bring numbers from another carrier",
        "/porting/new/",
        Right.MANAGE,
    ),
    Page("Order numbers", "buy search free numbers cart vanity area code", "/numbers/order/"),
    Page("Orders", "ordered numbers receipts history", "/numbers/orders/"),
    Page("Coverage", "free numbers states rate centers area codes inventory", "/numbers/coverage/"),
    Page("Calls", "call records cdr call log history minutes", "/billing/calls/"),
    Page("Call records by hour", "coverage loaded hours cdr", "/billing/calls/coverage/"),
    Page("Conversations", "messages texts sms mms messaging chat", "/messaging/"),
    Page("Texting numbers", "messaging sms verdict enabled", "/messaging/numbers/"),
    Page("Campaigns", "10dlc messaging registry", "/messaging/campaigns/"),
    Page("Brands", "10dlc messaging registry", "/messaging/brands/"),
    Page("Trunks", "sip registration authentication registered device", "/trunking/"),
    Page("Access list", "acl ip addresses allowed ranges cidr", "/trunking/acl/"),
    Page("Gateways", "sip pbx address trunk", "/trunking/gateways/"),
    Page(
        "Setup guides",
        "pbx asterisk freepbx freeswitch fusionpbx 3cx firewall phone system",
        "/trunking/guide/asterisk/",
    ),
    Page("Billing", "balance money charges monthly cost rates low-balance", "/billing/"),
    Page("Statement", "bill invoice month spent bookkeeping", "/billing/statement/"),
    Page("Payments", "paypal funds paid", "/billing/payments/"),
    Page("Credits", "credit refund", "/billing/credits/"),
    Page("Support", "tickets help contact problem", "/support/"),
    Page("Open a ticket", "support help contact problem", "/support/new/", Right.TICKETS),
    Page("Activity", "changes history journal audit log", "/settings/audit/"),
    Page("Jobs", "bulk many at once undo retry progress", "/jobs/"),
    Page("Notifications", "notices messages bell", "/notifications/"),
    Page("Your settings", "name email profile time zone", "/settings/"),
    Page("Account settings", "time zone default caller id services", "/settings/account/"),
    Page(
        "Security",
        "password two-step verification passkey authenticator recovery codes browsers",
        "/settings/security/",
    ),
    Page("Notification emails", "email settings", "/settings/notifications/"),
    Page("Connection", "api key reconnect voicetel password", "/settings/keys/"),
    Page(
        "Members", "people roles invite invitations owners access", "/settings/members/", Right.OWN
    ),
    Page("Switch account", "another account", "/switch/"),
)


def find(account: Account, membership: Membership, q: str) -> list[Hit]:
    """Returns the hits, pages first, at most MOST of each kind. Two queries a domain at most; none
    without words.

    The pages are ours: they are found without a query.
    """
    if not q.strip():
        return []
    return [
        *find_pages(membership, q),
        *numbers.find(account, q, MOST),
        *e911.find(account, q, MOST),
        *porting.find(account, q, MOST),
        *support.find(account, q, MOST),
        *messaging.find(account, q, MOST),
        *trunking.find(account, q, MOST),
        *changes.find(account, q, MOST),
        *jobs.find(account, q, MOST),
    ]


def find_pages(membership: Membership, q: str) -> list[Hit]:
    """Returns the pages with every typed word at the beginning of one of their own words."""
    typed = folded(q).split()
    return [
        Hit("Page", page.title, "", page.path)
        for page in PAGES
        if allows(membership.role, page.needs)
        and all(
            any(word.startswith(each) for word in f"{page.title} {page.words}".lower().split())
            for each in typed
        )
    ][:MOST]


def only_number(hits: list[Hit], q: str) -> Hit | None:
    """Returns the number that was typed whole, if it is this account's; it's opened at once."""
    found = [hit for hit in hits if hit.kind == "Number"]
    return found[0] if len(found) == 1 and len(phones.sought(q)[0]) == 10 else None
