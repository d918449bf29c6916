"""What each address is meant for: one row of intent a URL name.

A URL without a row fails the suite.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from apps.accounts import members
from apps.accounts.models import Invitation, JoinRequest, Membership, User
from apps.accounts.roles import Right, Role
from apps.accounts.signing_in import second
from apps.changes.engine import tokens
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


BAD_NUMBERS = (
    {"number": "2015559999"},
    {"number": "x"},
    {"number": "0"},
    {"number": "9" * 40},
    {"number": "%00"},
)
BAD_IDS = ({"pk": 999_999_999},)
NUMBER = {"own": harbor_number, "absent": BAD_NUMBERS}

ROWS: dict[str, Row] = {
    "home:home": Row(get=Who.PERSON),
    "home:search": Row(get=Right.VIEW),
    "running:healthz": Row(get=Who.ANYONE),
    "running:readyz": Row(get=Who.ANYONE, anonymous=(200, 503)),
    "running:metrics": Row(get=Who.ANYONE),
    "account_login": Row(
        get=Who.ANYONE, post=Who.ANYONE, data={"login": "owner@harbor.test", "password": "wrong"}
    ),
    "account_code": Row(get=Who.ANYONE, post=Who.ANYONE, data={"code": "000000"}, anonymous=(303,)),
    "account_passkey": Row(
        get=Who.ANYONE, post=Who.ANYONE, data={"answer": "{}"}, anonymous=(303,)
    ),
    "account_code_passkey": Row(
        get=Who.ANYONE, post=Who.ANYONE, data={"answer": "{}"}, anonymous=(303,)
    ),
    "account_logout": Row(get=Who.PERSON, post=Who.ANYONE),
    "account_reauthenticate": Row(get=Who.PERSON, post=Who.PERSON, data={"password": "wrong"}),
    "account_reauthenticate_passkey": Row(get=Who.PERSON, post=Who.PERSON, data={"answer": "{}"}),
    "account_reset_password": Row(
        get=Who.ANYONE, post=Who.ANYONE, data={"email": "nobody@harbor.test"}
    ),
    "account_reset_password_from_key": Row(
        get=Who.ANYONE,
        post=Who.ANYONE,
        own=lambda cast: {"token": "x-y"},
        anonymous=(200, 302, 400, 404, 410),
    ),
    "accounts:switch": Row(
        get=Who.PERSON,
        post=Right.VIEW,
        data=lambda cast: {"account": cast.harbor.number},
        foreign=404,
    ),
    "accounts:connect": Row(get=Who.ANYONE, post=Who.ANYONE, data={"email": "new@person.test"}),
    "accounts:connect_cancel": Row(post=Who.PERSON),
    "accounts:connect_token": Row(
        get=Who.ANYONE, post=Who.ANYONE, own=lambda cast: {"token": "x"}, anonymous=(404,)
    ),
    "accounts:invitation": Row(
        get=Who.ANYONE, post=Who.ANYONE, own=lambda cast: {"token": "x"}, anonymous=(404,)
    ),
    "mail:index": Row(get=Who.ANYONE),
    "mail:letter": Row(get=Who.ANYONE, own=lambda cast: {"name": "none.log"}, anonymous=(404,)),
    "ui:components": Row(get=Who.ANYONE),
    "ui:display": Row(post=Who.ANYONE, data={"theme": "dark"}),
    "numbers:list": Row(get=Right.VIEW),
    "numbers:list_csv": Row(get=Right.VIEW),
    "numbers:list_xlsx": Row(get=Right.VIEW),
    "numbers:age": Row(get=Right.VIEW),
    "numbers:refresh": Row(post=Right.MANAGE),
    "numbers:routes": Row(get=Right.VIEW),
    "numbers:route_name": Row(
        get=Right.MANAGE, post=Right.MANAGE, own=harbor_route, data={"name": "Desk"}
    ),
    "numbers:detail": Row(get=Right.VIEW, **NUMBER),
    "numbers:detail_age": Row(get=Right.VIEW, **NUMBER),
    "numbers:accept_cost": Row(post=Right.OWN, **NUMBER),
    "numbers:settings": Row(get=Right.VIEW, **NUMBER),
    "numbers:forward": Row(get=Right.VIEW, post=Right.MANAGE, data={"to": "2015550198"}, **NUMBER),
    "numbers:route": Row(get=Right.VIEW, post=Right.MANAGE, data={"route": "4"}, **NUMBER),
    "numbers:cnam": Row(get=Right.VIEW, post=Right.MANAGE, data={"enabled": "on"}, **NUMBER),
    "numbers:translation": Row(
        get=Right.VIEW, post=Right.MANAGE, data={"to": "2015550198"}, **NUMBER
    ),
    "numbers:caller-name": Row(
        get=Right.VIEW, post=Right.MANAGE, data={"name_shown": "Harbor"}, **NUMBER
    ),
    "numbers:sms": Row(
        get=Right.VIEW, post=Right.MANAGE, data={"kind": "email", "to": "a@harbor.test"}, **NUMBER
    ),
    "numbers:fax": Row(
        get=Right.VIEW, post=Right.MANAGE, data={"email": "a@harbor.test"}, **NUMBER
    ),
    "numbers:pin": Row(get=Right.VIEW, post=Right.MANAGE, data={"pin": "4711"}, **NUMBER),
    "numbers:leave": Row(get=Right.MANAGE, **NUMBER),
    "numbers:leave_remove": Row(post=Right.MANAGE, data={"typed": "2015550110"}, **NUMBER),
    "numbers:leave_release": Row(post=Right.MANAGE, data={"typed": "2015550110"}, **NUMBER),
    "numbers:leave_move": Row(
        post=Right.MANAGE,
        data={"typed": "2015550110", "to": "1000000002", "route": "4"},
        **NUMBER,
    ),
    "numbers:label": Row(get=Right.VIEW, post=Right.MANAGE, data={"label": "Desk"}, **NUMBER),
    "changes:audit": Row(get=Right.VIEW),
    "changes:audit_csv": Row(get=Right.VIEW),
    "changes:audit_xlsx": Row(get=Right.VIEW),
    "changes:of_thing": Row(get=Right.VIEW),
    "changes:detail": Row(get=Right.VIEW, own=harbor_entry(State.DONE), absent=BAD_IDS),
    "changes:cancel": Row(post=Right.MANAGE, own=harbor_entry(State.READY), absent=BAD_IDS),
    "changes:undo": Row(post=Right.MANAGE, own=harbor_entry(State.DONE), absent=BAD_IDS),
    "changes:undo_kept": Row(post=Right.MANAGE, own=harbor_label, absent=BAD_IDS),
    "changes:answer": Row(
        post=Right.MANAGE, data={"answer": "leave"}, own=harbor_entry(State.ASK), absent=BAD_IDS
    ),
    "billing:billing": Row(get=Right.VIEW),
    "billing:payments": Row(get=Right.VIEW),
    "billing:payments_csv": Row(get=Right.VIEW),
    "billing:payments_xlsx": Row(get=Right.VIEW),
    "billing:payments_age": Row(get=Right.VIEW),
    "billing:payments_refresh": Row(post=Right.BILLING),
    "billing:credits": Row(get=Right.VIEW),
    "billing:credits_csv": Row(get=Right.VIEW),
    "billing:credits_xlsx": Row(get=Right.VIEW),
    "billing:credits_age": Row(get=Right.VIEW),
    "billing:credits_refresh": Row(post=Right.BILLING),
    "staff:index": Row(get=Who.STAFF),
    "staff:accounts": Row(get=Who.STAFF),
    "staff:accounts_csv": Row(get=Who.STAFF),
    "staff:accounts_xlsx": Row(get=Who.STAFF),
    "staff:account": Row(
        get=Who.STAFF, own=lambda cast: {"number": cast.harbor.number}, absent=BAD_NUMBERS
    ),
    "staff:join_request": Row(
        get=Who.STAFF,
        post=Who.ADMIN,
        own=harbor_request_of_staff,
        data={"answer": "approve", "role": "viewer", "ticket": "HELP-1"},
    ),
    "staff:person": Row(
        get=Who.STAFF,
        post=Who.ADMIN,
        own=lambda cast: {"pk": cast.viewer.pk},
        absent=BAD_IDS,
        data={"reason": "Stolen."},
    ),
    "staff:staff": Row(get=Who.STAFF),
    "staff:budget": Row(get=Who.STAFF),
    "notifications:list": Row(get=Who.PERSON),
    "notifications:read_all": Row(post=Who.PERSON, data={"until": "9"}),
    "notifications:open": Row(get=Who.OWN, post=Who.OWN, own=owners_notice, absent=BAD_IDS),
    "team:notifications": Row(get=Who.PERSON, post=Who.PERSON, data={"mail": ["people"]}),
    "team:profile": Row(get=Who.PERSON, post=Who.PERSON, data={"name": "A. Owner"}),
    "team:leave": Row(get=Right.VIEW, post=Right.VIEW),
    "team:members": Row(
        get=Right.OWN, post=Right.OWN, data={"email": "friend@person.test", "role": "viewer"}
    ),
    "team:member": Row(post=Right.OWN, own=harbor_member, absent=BAD_IDS, data={"role": "viewer"}),
    "team:member_limit": Row(
        post=Right.OWN, own=harbor_manager, absent=BAD_IDS, data={"limit": "450.00"}
    ),
    "team:member_remove": Row(get=Right.OWN, post=Right.OWN, own=harbor_member, absent=BAD_IDS),
    "team:join_request": Row(
        post=Right.OWN,
        own=harbor_request,
        absent=BAD_IDS,
        data={"answer": "approve", "role": "viewer"},
    ),
    "team:invitation": Row(post=Right.OWN, own=harbor_invitation, absent=BAD_IDS),
    "team:keys": Row(get=Right.VIEW, post=Right.OWN, data={"password": "x"}),
    "team:cancel_key": Row(post=Right.OWN),
    "team:security": Row(get=Who.PERSON),
    "team:security_password": Row(
        get=Who.PERSON, post=Who.PERSON, data={"current": "wrong", "password": "x"}
    ),
    "team:security_factor": Row(get=Who.PERSON, post=Who.PERSON, data={"code": "000000"}),
    "team:security_factor_off": Row(get=Who.PERSON, post=Who.PERSON),
    "team:security_passkey_add": Row(
        get=Who.PERSON, post=Who.PERSON, data={"name": "Phone", "answer": "{}"}
    ),
    "team:security_passkey": Row(
        get=Who.OWN, post=Who.OWN, own=owners_passkey, absent=BAD_IDS, data={"name": "Phone"}
    ),
    "team:security_passkey_remove": Row(
        get=Who.OWN, post=Who.OWN, own=owners_passkey, absent=BAD_IDS
    ),
    "team:security_codes": Row(post=Who.PERSON),
    "team:security_end": Row(post=Who.PERSON, data={"browser": "x"}),
    "team:security_end_all": Row(post=Who.PERSON),
    "team:security_required": Row(post=Right.OWN, data={"required": "1"}),
}


def minted(row: Row, cast: Cast) -> dict[str, Any]:
    """The form's data with a token of its own, as a page of Harbor's would have minted it: where
    the address names no thing, with the account that it shows."""
    data = row.data(cast) if callable(row.data) else row.data
    shown = {"account": cast.harbor.number} if row.own is nothing else {}
    return {**shown, **data, "token": tokens.mint()}


def names(patterns: list[URLPattern | URLResolver] | None = None, space: str = "") -> set[str]:
    """Every URL name of the portal, from the resolver itself."""
    found: set[str] = set()
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            found |= names(entry.url_patterns, inner)
        else:
            found.add(space + (entry.name or f"unnamed {entry.pattern}"))
    return found
