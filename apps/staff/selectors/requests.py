"""Requests to join as staff see them, and when staff may decide one: never before an owner had time
to.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.accounts.models import Account, JoinRequest, Membership
from apps.accounts.roles import Role
from apps.ui.format import clock as clock_of
from apps.ui.format import count
from apps.voicetel import clock

PATIENCE = timedelta(days=3)  # an owner who can sign in has so long to answer


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether staff may decide now.

    `owners`: how many can sign in; `from_at`: from when on, whatever owners do.
    """

    owners: int
    from_at: datetime
    due: bool

    @property
    def words(self) -> str:
        if not self.owners:
            return "No owner who can sign in is left, so staff decide."
        if self.due:
            return (
                f"It has waited longer than {PATIENCE.days} days for an owner, so staff may decide."
            )
        return (
            f"{count(self.owners, 'owner')} can sign in and decide. Staff may from"
            f" {clock_of(self.from_at)} UTC on, if nobody has by then."
        )


def standing_of(asked: JoinRequest, owners: int, now: datetime) -> Standing:
    from_at = asked.asked_at + PATIENCE
    return Standing(owners, from_at, due=not owners or now >= from_at)


def count_owners(account: Account) -> int:
    """How many owners can sign in."""
    return Membership.objects.filter(account=account, role=Role.OWNER, user__is_active=True).count()


def list_open(account: Account, owners: int) -> list[tuple[JoinRequest, Standing]]:
    """Who asks to join, longest first."""
    now = clock.about_now()
    opened = (
        JoinRequest.objects.of(account).filter(state=JoinRequest.State.OPEN).select_related("user")
    )
    return [(asked, standing_of(asked, owners, now)) for asked in opened]
