"""What Home shows: figures, what needs this person, in order of harm, then what was done last; and
what is still to be set up on a new account.
"""

from dataclasses import dataclass
from typing import Any

from apps.accounts.models import Account, Membership
from apps.accounts.roles import Right, allows
from apps.billing import selectors as billing
from apps.changes import journal
from apps.changes import selectors as changes
from apps.copies.models import Copy
from apps.copies.selectors import find_copy
from apps.e911 import selectors as e911
from apps.jobs import selectors as jobs
from apps.messaging import selectors as messaging
from apps.numbers import selectors as numbers
from apps.numbers.models import NUMBERS
from apps.porting import selectors as porting
from apps.support import selectors as support
from apps.team import selectors as team
from apps.trunking import selectors as trunking
from apps.ui.collected import Figure, Need

LAST = 8  # activities on Home; the activity page has all of them

NEEDS = (
    team.needs,
    changes.needs,
    e911.needs,
    jobs.needs,
    numbers.needs,
    porting.needs,
    support.needs,
    messaging.needs,
    trunking.needs,
)


@dataclass(frozen=True, slots=True)
class Task:
    """A step of setting up a new account. action and href: none where it is done, or can't be done
    by this person.
    """

    title: str
    text: str
    done: bool = False
    action: str = ""
    href: str = ""


def home_page(account: Account | None, membership: Membership | None) -> dict[str, Any]:
    """{"account", "figures": [Figure], "needs": [Need], "tasks": [Task], "tasks_done", "last":
    [journal.Row], "every": seconds}; without an account only that.
    """
    if account is None or membership is None:
        return {"account": None}
    copy = find_copy(account, NUMBERS)
    last = journal.latest(account, membership, LAST)
    tasks = [] if any(row.state for row in last) else list_tasks(membership, copy)
    return {
        "account": account,
        "figures": list_figures(account, copy),
        "needs": needs_of(account, membership),
        "tasks": tasks,
        "tasks_done": sum(task.done for task in tasks),
        "last": last,
        "every": changes.how_soon(row.state for row in last),
    }


def list_figures(account: Account, copy: Copy | None) -> list[Figure]:
    """What VoiceTel has told of the account: a figure that was never read is left out, but for the
    balance, which says when it will be there.
    """
    found = [billing.balance_figure(account), billing.find_figure(account)]
    if copy and copy.read_at:
        kinds = " · ".join(words for words, _ in numbers.list_kinds(copy))
        held = f"{numbers.held(copy):,}"
        found.append(Figure("Numbers", held, kinds, "/numbers/", copy.read_at))
    return [each for each in found if each]


def needs_of(account: Account, membership: Membership) -> list[Need]:
    """What each app says, in the order in which it harms."""
    found = [need for each in NEEDS for need in each(account, membership)]
    return sorted(found, key=lambda need: need.harm)


def list_tasks(membership: Membership, copy: Copy | None) -> list[Task]:
    """How far the setting up of an account is on which nothing was changed yet. One query."""
    account, person = membership.account, membership.user
    manages, owns = (allows(membership.role, right) for right in (Right.MANAGE, Right.OWN))
    labeled, many = numbers.labeled(copy) if copy else 0, numbers.held(copy) if copy else 0
    tasks = [
        Task(
            "Connect to VoiceTel",
            f"Account {account.number}",
            account.connected,
            *(() if account.connected or not owns else ("Reconnect", "/settings/keys/")),
        ),
        Task(
            "Label your numbers",
            f"{labeled:,} of {many:,} labeled"
            if labeled
            else "Names like “Front desk” make every list easier to read.",
            bool(many) and labeled == many,
            *(("Add labels", "/numbers/?labeled=0") if manages and many else ()),
        ),
        Task(
            "Turn on two-step verification",
            "Keeps your account safe even if someone learns your password. Takes about a minute.",
            person.factor_at is not None,
            *(() if person.factor_at else ("Turn on", "/settings/security/")),
        ),
    ]
    if owns:
        people = Membership.objects.filter(account=account).count()
        invited = people > 1
        tasks.append(
            Task(
                "Invite a coworker",
                "Give your bookkeeper the bills, or a manager the numbers.",
                invited,
                *(() if invited else ("Invite people", "/settings/members/")),
            )
        )
    return [] if all(task.done for task in tasks) else tasks
