"""Brands and campaigns, ready to be shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from apps.accounts.models import Account
from apps.messaging.models import Brand, Campaign, TextState
from apps.messaging.selectors.states import Row, label_of, row_of
from apps.messaging.verdict import ACCEPTED, IN_REVIEW, status_tone, status_words

NUMBERS = 500  # bound ones of a campaign's page


@dataclass(frozen=True, slots=True)
class Shown:
    """A campaign ready to be shown. numbers: how many of ours are bound to it."""

    row: Campaign
    numbers: int

    @property
    def word(self) -> str:
        return status_words(self.row.status or self.row.bound_status)

    @property
    def tone(self) -> str:
        return status_tone(self.row.status or self.row.bound_status)

    @property
    def href(self) -> str:
        return f"/messaging/campaigns/{self.row.campaign}/"

    @property
    def can_unassign(self) -> bool:
        """VoiceTel takes ids of one form only when a number is taken off."""
        name = self.row.campaign
        return len(name) == 7 and name.startswith("C") and name.isascii() and name.isalnum()


def list_campaigns(account: Account) -> list[Shown]:
    """Every known campaign, newest first, with its numbers counted. One query."""
    return [
        Shown(row, row.many)
        for row in _counted(Campaign.objects.of(account)).order_by("-at", "-pk")
    ]


def _counted(found: QuerySet[Campaign]) -> QuerySet[Any]:
    """With `many`: how many numbers are bound to each."""
    bound = (
        TextState.objects.across_accounts()
        .filter(account=OuterRef("account"), campaign=OuterRef("campaign"))
        .order_by()
        .values("campaign")
        .annotate(many=Count("pk"))
        .values("many")
    )
    return found.annotate(many=Coalesce(Subquery(bound, output_field=IntegerField()), 0))


def get_campaign(account: Account, campaign: str) -> Shown:
    """Raises Http404: another account's campaign does not exist."""
    found = _counted(Campaign.objects.of(account).select_related("account"))
    row = get_object_or_404(found, campaign=campaign)
    return Shown(row, row.many)


def bound_to(account: Account, campaign: str) -> list[Row]:
    """The numbers bound to it, by number."""
    found = TextState.objects.of(account).filter(campaign=campaign).annotate(label=label_of())
    return [row_of(account, each) for each in found.order_by("number")[:NUMBERS]]


def free_for(account: Account, campaign: str) -> list[Row]:
    """Numbers that could be assigned to it: those without a campaign first."""
    found = TextState.objects.of(account).exclude(campaign=campaign).annotate(label=label_of())
    return [row_of(account, each) for each in found.order_by("campaign", "number")[:NUMBERS]]


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a campaign. before: when another status was last seen."""

    word: str
    tone: str
    said: str
    at: datetime
    before: datetime | None


def events_of(campaign: Campaign) -> list[Told]:
    """What was seen of it, newest first."""
    return [
        Told(status_words(each.status), status_tone(each.status), each.status, each.at, each.before)
        for each in campaign.events.order_by("-at", "-pk")[:50]
    ]


def lead(shown: Shown) -> tuple[str, str]:
    """(whose turn, the sentence) of a campaign's page."""
    status = shown.row.status
    if status in ACCEPTED:
        return "", "This campaign is accepted. Its numbers can text."
    if status in IN_REVIEW:
        return "The carriers' turn", "The mobile carriers are reviewing this campaign."
    if status == "CAMPAIGN_INVALID_ID":
        return "Your turn", "VoiceTel doesn't know this campaign. Check its ID."
    if status_tone(status) == "bad":
        return "Your turn", f"This campaign is {shown.word.lower()}. Its numbers can't text."
    if not status:
        return "", "We haven't read this campaign's status yet."
    return "", f"VoiceTel's word for this campaign is {status}."


def list_brands(account: Account) -> list[Brand]:
    return list(Brand.objects.of(account).order_by("-at", "-pk"))
