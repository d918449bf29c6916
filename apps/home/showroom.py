"""The history of the demo's Harbor Dental: labels, three weeks of activity, a request to join, and
notifications.

Written straight into our tables, once; the sandbox's own data agrees with it.
"""

from datetime import datetime, timedelta

from apps.accounts.models import Account, JoinRequest, User
from apps.audit.models import Event
from apps.audit.services import record
from apps.changes.change import Change
from apps.changes.models import Entry
from apps.changes.past import write_past
from apps.notifications.models import Notice
from apps.notifications.services import tell
from apps.numbers.changes import SetCnam, SetForward, StopForward
from apps.numbers.models import Number
from apps.numbers.services.gateways import add_named
from apps.numbers.services.rows import add_labeled
from apps.numbers.thing import NUMBER
from apps.ui.format import moment, zone
from apps.voicetel import clock

LABELS = {
    "2015550110": "Front desk",
    "2015550111": "Appointments",
    "2015550112": "Dr. Okafor",
    "2015550113": "After hours",
    "2015550114": "Billing questions",
    "2015550115": "Hygiene recall",
    "2015550116": "Dr. Santos",
    "2015550118": "Insurance desk",
    "2015550120": "Front desk, overflow",
    "5515550130": "Hoboken front desk",
    "5515550131": "Hoboken appointments",
    "5515550133": "Hoboken fax",
    "5515550135": "Hoboken after hours",
    "9735550150": "Newark front desk",
    "9735550151": "Newark appointments",
}
ROUTES = {1000: "Office PBX", 1001: "Backup PBX"}
OWNER, MANAGER, VIEWER = "harbor@demo.test", "manager@harbor.test", "viewer@harbor.test"
NEWCOMER = "sofia@harbor.test"
DESK, CELL, OLD_DESK = "2015550199", "9175550142", "2125550190"


def furnish(account: Account) -> None:
    """Write all of it, unless the account has any change yet."""
    if Entry.objects.of(account).exists():
        return
    people = {each.email: each for each in User.objects.filter(memberships__account=account)}
    add_labeled(account, LABELS)
    add_named(account, ROUTES)
    today = clock.about_now().astimezone(zone(account.zone))
    _write_changes(account, people, today)
    _write_events(account, people, today)
    _ask_to_join(account, today)


def _write_changes(account: Account, people: dict[str, User], today: datetime) -> None:
    """Oldest first. The last change of each number agrees with what the sandbox holds."""

    def forward(number: str, to: str) -> Change:
        return SetForward(account, number, to=to)

    def lookup(number: str, *, enabled: bool) -> Change:
        return SetCnam(account, number, enabled=enabled)

    stop = StopForward(account, "2015550114")
    past: tuple[tuple[datetime, str, Change, dict[str, object], str], ...] = (
        (_on(today, 20, "9:40"), OWNER, forward("2015550113", DESK), {"to": ""}, ""),
        (_on(today, 18, "17:55"), MANAGER, forward("2015550120", CELL), {"to": ""}, ""),
        (_on(today, 17, "8:15"), MANAGER, forward("2015550120", DESK), {"to": CELL}, ""),
        (
            _on(today, 14, "11:20"),
            OWNER,
            lookup("2015550110", enabled=True),
            {"cnam": False},
            "",
        ),
        (_on(today, 11, "16:30"), MANAGER, forward("5515550135", DESK), {"to": CELL}, ""),
        (_on(today, 8, "10:05"), MANAGER, stop, {"to": OLD_DESK}, ""),
        (
            _on(today, 6, "14:45"),
            MANAGER,
            forward("2015550115", "8005550100"),
            {"to": ""},
            "Forward update failed: destination not permitted",
        ),
        (
            _on(today, 3, "9:10"),
            OWNER,
            lookup("2015550111", enabled=False),
            {"cnam": True},
            "",
        ),
    )
    for at, email, change, before, declined in past:
        if not declined:
            _mark(account, change.subject, at, people[email])
        write_past(change, by=people[email], at=at, before=before, declined=declined)


def _write_events(account: Account, people: dict[str, User], today: datetime) -> None:
    owner = people[OWNER]
    _at(_on(today, 21, "9:00"), record(owner, account, "account_connected", account.number))
    _at(_on(today, 19, "13:30"), record(owner, account, "invited", VIEWER, role="viewer"))
    for days, number in ((16, "2015550112"), (10, "5515550130"), (2, "2015550118")):
        _mark(account, number, _on(today, days, "10:50"), owner)
        _at(
            _on(today, days, "10:50"),
            record(
                owner,
                account,
                "number_labeled",
                number,
                thing=NUMBER.name,
                before="",
                after=LABELS[number],
            ),
        )


def _ask_to_join(account: Account, today: datetime) -> None:
    """A coworker who waits for an owner, and what the owner is told: two unread notifications."""
    asked = today - timedelta(hours=5)
    newcomer, _ = User.objects.get_or_create(email=NEWCOMER, defaults={"name": "Sofia Reyes"})
    JoinRequest.objects.of(account).create(account=account, user=newcomer, asked_at=asked)
    _at(asked, record(newcomer, account, "join_asked", NEWCOMER))
    owner = User.objects.get(email=OWNER)
    once = "showroom"
    tell(owner, "join_asked", account=account, once=once, person=newcomer.with_address, before="")
    tell(
        owner,
        "new_device",
        once=once,
        device="Safari on iPhone",
        address="192.0.2.44",
        when=moment(asked, account.zone),
    )
    Notice.objects.across_people().filter(user=owner, once=once).update(at=asked, mail_due_at=None)


def _mark(account: Account, number: str, at: datetime, by: User) -> None:
    """Show in the list who changed a number last, and when."""
    row = Number.objects.of(account).filter(number=number)
    row.update(changed_at=at, changed_by=f"{by.name} ({by.email})")


def _on(today: datetime, days: int, time: str) -> datetime:
    """So many days ago, at that time of the account's zone: during office hours."""
    hour, minute = time.split(":")
    return (today - timedelta(days=days)).replace(hour=int(hour), minute=int(minute), second=0)


def _at(moment: datetime, event: Event) -> None:
    Event.objects.across_accounts().filter(pk=event.pk).update(at=moment)
