"""What numbers may text, taken in from `numbersMessagingList` and `numbersMessagingGet`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from apps import locks
from apps.accounts import access
from apps.accounts.models import Account
from apps.changes.services import look_soon
from apps.copies import claims, source
from apps.copies.models import Copy
from apps.messaging.models import STATES, Campaign, Known, TextState
from apps.messaging.services import feeds
from apps.messaging.verdict import Link, link_of
from apps.numbers.models import Number
from apps.numbers.thing import NUMBER
from apps.voicetel import clock
from apps.voicetel.client import Client
from apps.voicetel.client.records.messaging import MessagingState

WHOLE = timedelta(hours=20)  # every number is read again a day after, those that text each time
A_LOOK = 30_000  # numbers at most, 300 a call: what is left comes with the next look
COLUMNS = ("enabled", "route_in", "resource", "carrier", "network", "campaign", "status", "link")


@dataclass(frozen=True, slots=True)
class Told:
    """What a look told. held: the account's numbers, by our copy; asked_at: when it began."""

    held: frozenset[str]
    states: Sequence[MessagingState]
    asked_at: datetime


def ask(account: Account, client: Client) -> Told:
    """Read those that text or are bound; each other number once a day, oldest first."""
    began = clock.now()
    held = list(Number.objects.of(account).values_list("number", "sms"))
    mine = TextState.objects.of(account).values_list("number", "read_at", "route_in", "campaign")
    known = {number: (at, bool(route or campaign)) for number, at, route, campaign in mine}
    due = []
    for number, sms in held:
        at, texts = known.get(number, (None, False))
        if at is None or texts or sms or began - at > WHOLE:
            due.append((at is not None and not (texts or sms), at or began, number))
    wanted = [number for *_, number in sorted(due)[:A_LOOK]]
    told = client.messaging.numbers(wanted) if wanted else []
    return Told(frozenset(number for number, _ in held), told, began)


class Difference(source.Difference):
    """What differs between what was told and our rows."""

    def __init__(self, account: Account, told: Told) -> None:
        self.account, self.told = account, told
        ours = TextState.objects.of(account).values_list("pk", "number")
        self.gone = [pk for pk, number in ours if number not in told.held]
        self.held = len(ours)

    @property
    def any(self) -> bool:
        return bool(self.told.states or self.gone)

    @property
    def suspect(self) -> bool:
        """The list of numbers was doubted already where it lacked many."""
        return False

    def write(self, copy: Copy) -> None:
        TextState.objects.of(self.account).filter(pk__in=self.gone).delete()
        write(self.account, self.told.states, self.told.asked_at)


def write(account: Account, told: Iterable[MessagingState], asked: datetime) -> None:
    """Keep what was told, but for rows that a change wrote since it was asked."""
    now = clock.now()
    with transaction.atomic():
        locks.hold(f"texting:{account.pk}")
        rows = {each.number: each for each in TextState.objects.of(account)}
        new, changed = [], []
        for each in told:
            row = rows.get(each.number)
            if not each.on_account or (row and row.read_at > asked):
                continue
            values = values_of(each)
            if row is None:
                new.append(TextState(account=account, number=each.number, read_at=now, **values))
                continue
            for name, value in values.items():
                setattr(row, name, value)
            row.read_at = now
            changed.append(row)
        mine = TextState.objects.of(account)
        mine.bulk_create(new, batch_size=500)
        mine.bulk_update(changed, [*COLUMNS, "read_at"], batch_size=200)
        _learn(account, [*new, *changed])
        feeds.ensure(account, [row.number for row in (*new, *changed) if texts(row)])
    look_soon(account, NUMBER, {row.number for row in changed})


def values_of(told: MessagingState) -> dict[str, Any]:
    """The columns of a state."""
    bound = told.campaign
    values = {
        "enabled": told.enabled,
        "route_in": told.route_in or 0,
        "resource": (told.resource or "")[:500],
        "carrier": told.carrier or 0,
        "network": (told.network or "")[:8],
        "campaign": bound.id[:40] if bound else "",
        "status": bound.status[:60] if bound else "",
    }
    return values | {"link": _link(told.number, values)}


def texts(row: TextState) -> bool:
    """Whether its history may hold anything new."""
    return bool(row.enabled or row.route_in)


def _link(number: str, values: dict[str, Any]) -> Link:
    return link_of(
        number,
        route_in=values["route_in"],
        campaign=values["campaign"],
        status=values["status"],
        enabled=values["enabled"],
    )


def _learn(account: Account, rows: Iterable[TextState]) -> None:
    """Campaigns that nobody told us of, seen on numbers; and the word that stands beside those."""
    seen = {row.campaign: row for row in rows if row.campaign}
    if not seen:
        return
    mine = Campaign.objects.of(account)
    known = {each.campaign: each for each in mine.filter(campaign__in=seen)}
    now = clock.now()
    mine.bulk_create(
        [
            Campaign(
                account=account,
                campaign=row.campaign,
                known=Known.SEEN,
                bound_status=row.status,
                network=row.network,
                at=now,
            )
            for name, row in seen.items()
            if name not in known
        ],
        ignore_conflicts=True,
    )
    for name, each in known.items():
        row = seen[name]
        if (each.bound_status, each.network) != (row.status, row.network):
            mine.filter(pk=each.pk).update(bound_status=row.status, network=row.network)


def write_routes(account: Account, number: str, inbound: int | None, outbound: int | None) -> None:
    """A change of ours set a number's routes; the next look tells whether that enabled it."""
    row = TextState.objects.of(account).filter(number=number).first()
    if row is None:
        return
    if inbound is not None:
        other = (
            TextState.objects.of(account).filter(route_in=inbound).exclude(resource="").first()
            if inbound
            else None
        )
        row.route_in, row.resource = inbound, other.resource if other else ""
        row.enabled = row.enabled and bool(inbound)
    if outbound is not None:
        row.carrier, row.network = outbound, ""
    _relink(row)


def write_campaign(account: Account, number: str, campaign: str, answer: Any) -> None:
    """A change of ours bound a number, or took it off (""). answer: None where it tells nothing."""
    row = TextState.objects.of(account).filter(number=number).first()
    if row is None:
        return
    known = Campaign.objects.of(account).filter(campaign=campaign).first() if campaign else None
    row.campaign = campaign
    row.status = (known.bound_status or known.status) if known else ""
    row.network = (getattr(answer, "network", None) or "")[:8] if campaign else ""
    row.carrier = (getattr(answer, "carrier", None) or 0) if campaign else 0
    row.enabled = False  # until VoiceTel says so
    _relink(row)


def _relink(row: TextState) -> None:
    row.link = _link(row.number, {name: getattr(row, name) for name in COLUMNS})
    row.read_at = clock.now()
    row.save()


def mark_due(account: Account) -> None:
    """Have the copy read soon: an answer told only a part."""
    claims.mark_due(account, STATES)


def refresh_one(account: Account, number: str) -> None:
    """Read one number now: `numbersMessagingGet`. Raises what the client raises."""
    began = clock.now()
    write(account, [access.client_for(account).messaging.number(number)], began)
