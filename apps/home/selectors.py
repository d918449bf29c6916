"""What the first page shows: what needs this person, in order, then what was done last."""

from dataclasses import dataclass
from typing import Any

from apps.accounts.models import Account, JoinRequest, Membership
from apps.accounts.roles import Role, allows
from apps.changes import selectors as changes
from apps.changes.models import Entry
from apps.changes.states import State
from apps.copies.models import Copy
from apps.copies.selectors import find_copy
from apps.numbers import selectors as numbers
from apps.numbers.models import NUMBERS
from apps.ui.format import clock, count, moment

LAST = 8  # changes on the first page; the journal has all of them


@dataclass(frozen=True, slots=True)
class Need:
    """One line that asks for something: what is so, and the address where it is mended."""

    tone: str  # bad, warn, info
    text: str
    action: str
    href: str


def home_page(account: Account | None, membership: Membership | None) -> dict[str, Any]:
    """{"account", "copy", "held", "kinds": [(words, href)], "needs": [Need], "last": [last_row()]};
    without an account only that.
    """
    if account is None or membership is None:
        return {"account": None}
    copy = find_copy(account, NUMBERS)
    return {
        "account": account,
        "copy": copy,
        "held": count(numbers.held(copy), "number") if copy else "",
        "kinds": numbers.list_kinds(copy) if copy else [],
        "needs": needs_of(account, membership, copy),
        "last": [last_row(entry, account.zone) for entry in changes.list_entries(account)[:LAST]],
    }


def last_row(entry: Entry, zone: str) -> dict[str, str]:
    """One change as a line of the timeline."""
    return {
        "tone": changes.LOOKS[entry.state][1],
        "word": State(entry.state).label,
        "what": entry.what[:1].upper() + entry.what[1:],
        "who": entry.by_name,
        "at": clock(entry.created_at, zone),
        "exact": moment(entry.created_at, zone),
        "href": f"/changes/{entry.pk}/",
    }


def needs_of(account: Account, membership: Membership, copy: Copy | None) -> list[Need]:
    """In the order in which they harm."""
    found = []
    if account.key_state == Account.Key.DEAD:
        owner = allows(membership.role, Role.OWNER)
        text = (
            "VoiceTel no longer accepts this account's key. What you see is the last known data,"
            " and nothing can be changed."
        )
        found.append(
            Need("bad", text, "Reconnect" if owner else "See whom to ask", "/settings/keys/")
        )
    if allows(membership.role, Role.OWNER):
        asked = (
            JoinRequest.objects.of(account)
            .filter(state=JoinRequest.State.OPEN)
            .select_related("user")
        )
        found += [
            Need("warn", f"{each.user.email} asks to join.", "Decide", "/settings/members/")
            for each in asked[:LAST]
        ]
    open_ones = (
        Entry.objects.of(account)
        .filter(state__in=[State.ASK, State.ABSENT, State.DOUBT])
        .order_by("pk")
    )
    for entry in open_ones[:LAST]:
        tone = "info" if entry.state == State.DOUBT else "warn"
        action = "Follow it" if entry.state == State.DOUBT else "Decide"
        found.append(
            Need(
                tone, f"{State(entry.state).label}: {entry.what}.", action, f"/changes/{entry.pk}/"
            )
        )
    if copy and copy.failed:
        found.append(Need("warn", copy.failed, "See the last known list", "/numbers/"))
    return found
