"""What the first page shows: what needs this person, in order, then what was done last."""

from typing import Any

from apps.accounts.models import Account, Membership
from apps.changes import selectors as changes
from apps.changes.models import Entry
from apps.changes.states import State
from apps.copies.selectors import find_copy
from apps.numbers import selectors as numbers
from apps.numbers.models import NUMBERS
from apps.team import selectors as team
from apps.ui.collected import Need
from apps.ui.format import clock, count, moment

LAST = 8  # changes on the first page; the journal has all of them


NEEDS = (team.needs, changes.needs, numbers.needs)


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
        "needs": needs_of(account, membership),
        "last": [last_row(entry, account.zone) for entry in changes.list_entries(account)[:LAST]],
    }


def last_row(entry: Entry, zone: str) -> dict[str, str]:
    """One change as a line of the timeline."""
    return {
        "tone": changes.DRAWN_AS[entry.state][1],
        "word": State(entry.state).label,
        "what": entry.what[:1].upper() + entry.what[1:],
        "who": entry.by_name,
        "at": clock(entry.created_at, zone),
        "exact": moment(entry.created_at, zone),
        "href": f"/changes/{entry.pk}/",
    }


def needs_of(account: Account, membership: Membership) -> list[Need]:
    """What each app says, in the order in which it harms."""
    return [need for each in NEEDS for need in each(account, membership)]
