"""A row of intent: who gets what at an address, and the things of Harbor's that it is tried on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.utils import timezone

from apps.accounts import members
from apps.accounts.models import Invitation, JoinRequest, Membership, User
from apps.accounts.roles import Right, Role
from apps.accounts.signing_in import second
from apps.changes.models import Entry
from apps.changes.states import OPEN, State
from apps.notifications.models import Notice
from apps.notifications.services import tell
from apps.numbers.models import Gateway
from apps.numbers.services.rows import label_number
from tests.cast import Cast


class Who(Enum):
    """Who may, besides the roles of an account."""

    ANYONE = "anyone, signed in or not"
    PERSON = "anyone signed in"
    OWN = "the person it belongs to; for everybody else it does not exist"
    STAFF = "support and administrators; for everybody else it does not exist"
    ADMIN = "administrators; support is refused, and for everybody else it does not exist"


Args = dict[str, Any]
Of = Callable[[Cast], Args]


def nothing(cast: Cast) -> Args:
    return {}


@dataclass(frozen=True)
class Row:
    """`get`, `post`: who may; None: the method is not allowed. `own`: arguments of a thing of
    Harbor's; `absent`: of nothing.

    `login`: anonymous people who send the wrong method are led to sign in first, so no 405 is
    expected of them.
    """

    get: Right | Who | None = None
    post: Right | Who | None = None
    own: Of = nothing
    absent: tuple[Args, ...] = ()
    data: Mapping[str, Any] | Of = field(default_factory=dict)
    # what a stranger gets where the thing is named in the form, not in the address
    foreign: int = 0
    anonymous: tuple[int, ...] = (200,)  # what an anonymous GET answers where anyone may


HARBOR = "2015550110"  # the first of Harbor Dental's numbers


def harbor_number(cast: Cast) -> Args:
    return {"number": HARBOR}


def harbor_label(cast: Cast) -> Args:
    """The event of a label of Harbor's that was just changed, and may be changed back."""
    event = label_number(cast.harbor, HARBOR, f"Desk {uuid4().hex}", by=cast.owner)
    assert event
    return {"pk": event.pk}


def harbor_route(cast: Cast) -> Args:
    """One of Harbor's own gateways."""
    route = Gateway.objects.of(cast.harbor).get_or_create(account=cast.harbor, gateway=987_654)[0]
    return {"route": route.gateway}


def harbor_entry(state: State) -> Of:
    """A fresh change of Harbor's in that state: a decision about it moves it."""

    def made(cast: Cast) -> Args:
        # one in flight a lane
        Entry.objects.of(cast.harbor).filter(state__in=OPEN).update(state=State.CLOSED)
        entry = Entry.objects.of(cast.harbor).create(
            account=cast.harbor,
            kind="SetForward",
            subject=HARBOR,
            lane=HARBOR,
            what="forward it",
            args={"to": "2015550199"},
            before={"to": "2015550111"},
            print="x",
            token=uuid4().hex,
            state=state,
            by=cast.owner,
            by_name="Owner Harbor",
        )
        return {"pk": entry.pk}

    return made


def harbor_member(cast: Cast) -> Args:
    """A member of Harbor's who is nobody of the cast."""
    user = User.objects.create(email=f"{uuid4().hex}@harbor.test")
    return {"pk": Membership.objects.create(account=cast.harbor, user=user, role=Role.VIEWER).pk}


def harbor_manager(cast: Cast) -> Args:
    """One of them who may spend money."""
    member = harbor_member(cast)
    Membership.objects.filter(**member).update(role=Role.MANAGER)
    return member


def harbor_request(cast: Cast) -> Args:
    user = User.objects.create(email=f"{uuid4().hex}@harbor.test")
    return {"pk": members.ask_to_join(cast.harbor, user).pk}


def harbor_request_of_staff(cast: Cast) -> Args:
    """One that no owner has answered for days."""
    asked = harbor_request(cast)
    JoinRequest.objects.of(cast.harbor).filter(**asked).update(
        asked_at=timezone.now() - timedelta(days=4)
    )
    return {"number": cast.harbor.number, **asked}


def harbor_invitation(cast: Cast) -> Args:
    email = f"{uuid4().hex}@harbor.test"
    now = timezone.now()
    row = Invitation.objects.of(cast.harbor).create(
        account=cast.harbor, email=email, role=Role.VIEWER, invited_at=now, expires_at=now
    )
    return {"pk": row.pk}


def owners_passkey(cast: Cast) -> Args:
    """One of Harbor's owner, not of Harbor's."""
    data = {"name": "Phone", "id": uuid4().hex, "key": "", "count": 0}
    return {"pk": Authenticator.objects.create(user=cast.owner, type=second.PASSKEY, data=data).pk}


def owners_notice(cast: Cast) -> Args:
    tell(cast.owner, "key_dead", account=cast.harbor)
    return {"pk": Notice.objects.of(cast.owner).latest("pk").pk}


def opened_account(cast: Cast) -> Args:
    """An account that the administrator opened a moment ago."""
    entry = Entry.objects.across_accounts().create(
        account=None,
        kind="OpenAccount",
        thing="opened_account",
        subject="1000000999",
        lane=f"opened_account:{uuid4().hex}",
        what="open account 1000000999 for Acme",
        args={"name": "Acme", "email": "owner@acme.test", "master": ""},
        print="x",
        token=uuid4().hex,
        state=State.ASK,
        sent_at=timezone.now(),
        by=cast.admin,
        by_name="Admin",
    )
    return {"pk": entry.pk}


BAD_NUMBERS = (
    {"number": "2015559999"},
    {"number": "x"},
    {"number": "0"},
    {"number": "9" * 40},
    {"number": "%00"},
)
BAD_IDS = ({"pk": 999_999_999},)
NUMBER = {"own": harbor_number, "absent": BAD_NUMBERS}
