"""Brands and campaigns: VoiceTel lists neither, so what we registered, were told of or saw is kept
here, with each status from when it was seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from apps.accounts.models import Account, Membership, User
from apps.accounts.roles import RIGHTS, Right
from apps.audit.services import record
from apps.copies import source
from apps.copies.models import Copy
from apps.messaging.models import Brand, Campaign, CampaignEvent, Known
from apps.messaging.thing import CAMPAIGN
from apps.messaging.verdict import ACCEPTED, STOPPED, status_words
from apps.notifications.services import tell_all
from apps.voicetel import clock
from apps.voicetel.client import Client
from apps.voicetel.client.records.messaging import CampaignStatus

SETTLED = timedelta(hours=20)  # one whose review is over is read again a day after


@dataclass(frozen=True, slots=True)
class Told:
    statuses: Sequence[CampaignStatus]
    asked_at: datetime


def ask(account: Account, client: Client) -> Told:
    """Read those in review, and each other once a day; no call where there is none."""
    began = clock.now()
    quiet = Q(status__in=ACCEPTED | STOPPED, read_at__gt=began - SETTLED)
    due = list(Campaign.objects.of(account).exclude(quiet).values_list("campaign", flat=True))
    return Told(client.messaging.campaigns(due) if due else [], began)


class Difference(source.Difference):
    gone = ()
    held = 0

    def __init__(self, account: Account, told: Told) -> None:
        self.account, self.told = account, told

    @property
    def any(self) -> bool:
        return bool(self.told.statuses)

    def write(self, copy: Copy) -> None:
        write(self.account, self.told.statuses, self.told.asked_at)


def write(account: Account, told: Sequence[CampaignStatus], asked: datetime) -> list[Campaign]:
    """Keep each status, and an event for one that is another; those that changed."""
    mine = {
        each.campaign: each
        for each in Campaign.objects.of(account).filter(campaign__in=[each.id for each in told])
    }
    changed = []
    for each in told:
        row = mine.get(each.id)
        if row is None:
            continue
        status = each.status[:60]
        if status != row.status:
            news = row.read_at is not None or row.known == Known.REGISTERED
            CampaignEvent.objects.create(campaign=row, status=status, at=asked, before=row.read_at)
            row.status, row.since = status, asked
            changed.append(row)
            if news:  # what the first look at one that was added finds is none
                tell(account, row)
        row.read_at = asked
        row.save(update_fields=["status", "since", "read_at"])
    return changed


def tell(account: Account, row: Campaign) -> None:
    """Everybody who may act hears of a campaign that was accepted or stopped. Within the commit."""
    kind = "campaign_accepted" if row.status in ACCEPTED else "campaign_stopped"
    if row.status not in ACCEPTED | STOPPED:
        return
    roles = [role for role, rights in RIGHTS.items() if Right.MANAGE in rights]
    people = Membership.objects.filter(account=account, role__in=roles, user__is_active=True)
    tell_all(
        people.values_list("user", flat=True),
        kind,
        account=account,
        once=f"campaign-{row.pk}-{row.status}-{row.since:%Y%m%d%H}",
        campaign=row.campaign,
        called=row.name or row.campaign,
        status=status_words(row.status).lower(),
    )


def keep(account: Account, campaign: str, brand: str, description: str) -> None:
    """One that was registered here."""
    values = {"brand": brand, "description": description, "known": Known.REGISTERED}
    Campaign.objects.of(account).update_or_create(
        account=account,
        campaign=campaign,
        defaults=values,
        create_defaults=values | {"at": clock.now()},
    )


def keep_brand(
    account: Account, brand: str, name: str, description: str, known: str = Known.REGISTERED
) -> None:
    values = {"name": name, "description": description, "known": known}
    Brand.objects.of(account).update_or_create(
        account=account, brand=brand, defaults=values, create_defaults=values | {"at": clock.now()}
    )


def add(account: Account, campaign: str, *, by: User) -> bool:
    """Remember a campaign by its id, as it was registered elsewhere. False: it was known."""
    _, made = Campaign.objects.of(account).get_or_create(
        account=account,
        campaign=campaign,
        defaults={"known": Known.IMPORTED, "at": clock.now()},
    )
    if made:
        record(by, account, "campaign_added", campaign, thing=CAMPAIGN.name)
    return made


def give_name(row: Campaign, name: str, *, by: User) -> None:
    """Our own name for it; empty takes it away."""
    if row.name == name:
        return
    Campaign.objects.of(row.account_id).filter(pk=row.pk).update(name=name)
    facts = {"before": row.name, "after": name}
    record(by, row.account, "campaign_named", row.campaign, thing=CAMPAIGN.name, **facts)


def forget_age(account: Account) -> None:
    """Have all of them read by the next look, whatever their age."""
    Campaign.objects.of(account).update(read_at=None)
