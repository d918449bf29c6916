"""What the portal's administrators do for customers.

Each is recorded and told to those whom it concerns.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts import locks, members
from apps.accounts.models import JoinRequest, User
from apps.accounts.signing_in import browsers
from apps.accounts.signing_in.people import first_account
from apps.audit.services import record
from apps.notifications.services import tell
from apps.staff.selectors import requests
from apps.voicetel import clock

OWN = "This is your own request: another administrator decides. Nothing was changed."
SUPPORT_LOOKS = "Only administrators of the portal do this; support looks. Nothing was changed."


class NotYet(Exception):
    """An owner may still answer; the words say until when that is waited for."""


def must_administer(by: User, what: str) -> None:
    """Raises PermissionDenied, with a sentence; what: what they tried, for the event."""
    if by.staff != User.Staff.ADMIN:
        record(by, None, "role_refused", what, role=by.staff, needs=User.Staff.ADMIN.value)
        raise PermissionDenied(SUPPORT_LOOKS)


def decide(asked: JoinRequest, by: User, role: str | None, *, ticket: str) -> bool:
    """Approve a request to join with a role, or decline it (None), where no owner answers. False:
    it was decided before.

    Owners and the person are told, and the account's journal names the ticket. Raises NotYet and
    PermissionDenied.
    """
    must_administer(by, "decide a request to join")
    if not ticket:
        raise ValueError("staff decide in a ticket")
    if asked.user_id == by.pk:
        raise PermissionDenied(OWN)
    with locks.locked(asked.account) as account:
        if (
            not JoinRequest.objects.of(account)
            .filter(pk=asked.pk, state=JoinRequest.State.OPEN)
            .exists()
        ):
            return False
        standing = requests.standing_of(asked, requests.count_owners(account), clock.now())
        if not standing.due:
            raise NotYet(standing.words)
        return members.decide(asked, by, role, ticket=ticket)


def sign_out(person: User, by: User, *, reason: str) -> None:
    """End every browser of someone, who is told why. Raises PermissionDenied."""
    must_administer(by, "sign a person out")
    with transaction.atomic():
        browsers.end_all(person)
        record(by, first_account(person), "sessions_ended_by_staff", person.email, reason=reason)
        tell(person, "signed_out_by_staff", reason=reason)
