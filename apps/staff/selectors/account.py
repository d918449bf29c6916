"""One account as staff see it: how it is connected, who works on it, who asks to, what happened.

No key, no figure of its own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Sum
from django.http import Http404
from django.utils import timezone

from apps.accounts.models import Account, JoinRequest, Membership, Profile
from apps.accounts.roles import Role
from apps.accounts.signing_in import browsers
from apps.accounts.signing_in.people import account_number
from apps.audit.models import Event
from apps.changes.journal import event_row
from apps.copies.models import Copy
from apps.home.selectors import needs_of
from apps.numbers.models import NUMBERS
from apps.staff.selectors import requests
from apps.staff.selectors.accounts import TONES
from apps.ui.format import count
from apps.voicetel import clock

LATELY = timedelta(days=30)
EVENTS = 20


@dataclass(frozen=True, slots=True)
class Member:
    """One person on the account.

    `sign_ins`: in the last 30 days; `browsers`: in which they are signed in now.
    """

    person: int
    name: str
    email: str
    role: str
    owner: bool
    can_sign_in: bool
    factor: bool
    seen_at: datetime | None
    sign_ins: int
    browsers: int


@dataclass(frozen=True, slots=True)
class Owners:
    """Who could decide about the account. `able`: of them, how many can sign in."""

    all: int
    able: int
    seen_at: datetime | None

    @property
    def words(self) -> str:
        if not self.all:
            return "No owner"
        if not self.able:
            return f"{count(self.all, 'owner')}, but none can sign in"
        return (
            f"{count(self.all, 'owner')}"
            if self.able == self.all
            else f"{self.able} of {count(self.all, 'owner')} can sign in"
        )


def get_account(number: str) -> Account:
    """The account of a number in any form. Raises Http404. The sealed key is not even read."""
    account = (
        Account.objects.filter(number=typed).defer("sealed_key").first()
        if (typed := account_number(number))
        else None
    )
    if account is None:
        raise Http404("no such account")
    return account


def get_request(number: str, pk: int) -> JoinRequest:
    """Raises Http404: no such request of that account."""
    account = get_account(number)
    asked = (
        JoinRequest.objects.of(account).filter(pk=pk).select_related("user", "decided_by").first()
    )
    if asked is None:
        raise Http404("no such request of that account")
    asked.account = account
    return asked


def account_page(account: Account) -> dict[str, Any]:
    """Context of staff/account.html, in as many queries however many members there are."""
    members = list_members(account)
    owners = owners_of(members)
    copies = Copy.objects.across_accounts().filter(account=account, name=NUMBERS)
    return {
        "shown": account,
        "now": clock.about_now(),
        "needs": needs_of(account, Membership(account=account, role=Role.OWNER)),
        "tone": TONES[Account.Key(account.key_state)],
        "profile_at": Profile.objects.filter(account=account)
        .values_list("read_at", flat=True)
        .first(),
        "copy_at": copies.values_list("read_at", flat=True).first(),
        "members": members,
        "owners": owners,
        "requests": requests.list_open(account, owners.able),
        "events": [event_row(event, "UTC") for event in Event.objects.of(account)[:EVENTS]],
    }


def request_page(asked: JoinRequest) -> dict[str, Any]:
    """Context of staff/request.html."""
    owners = [each for each in list_members(asked.account) if each.owner]
    summed = owners_of(owners)
    standing = requests.standing_of(asked, summed.able, clock.about_now())
    return {
        "asked": asked,
        "shown": asked.account,
        "owners": summed,
        "deciders": owners,
        "standing": standing,
    }


def list_members(account: Account) -> list[Member]:
    """Longest-standing first. Two queries."""
    now = timezone.now()
    memberships = (
        Membership.objects.filter(account=account)
        .select_related("user")
        .annotate(
            visited=Max("user__sessions__seen"),
            browsers=Count("user__sessions", filter=browsers.signed_in(now, "user__")),
        )
    )
    lately = Event.objects.across_accounts().filter(
        action="signed_in", at__gt=now - LATELY, actor__memberships__account=account
    )
    sign_ins = dict(lately.order_by().values_list("actor").annotate(Sum("count")))
    return [
        Member(
            person=each.user_id,
            name=each.user.name,
            email=each.user.email,
            role=Role(each.role).label,
            owner=each.role == Role.OWNER,
            can_sign_in=each.user.is_active,
            factor=each.user.factor_at is not None,
            seen_at=max((at for at in (each.user.last_login, each.visited) if at), default=None),
            sign_ins=sign_ins.get(each.user_id, 0),
            browsers=each.browsers,
        )
        for each in memberships
    ]


def owners_of(members: list[Member]) -> Owners:
    owners = [each for each in members if each.owner]
    seen = max((each.seen_at for each in owners if each.seen_at), default=None)
    return Owners(len(owners), sum(each.can_sign_in for each in owners), seen)
