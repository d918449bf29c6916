"""What each address is meant for: one row of intent a URL name.

A URL without a row fails the suite. A domain's rows are in domains/.
"""

from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from apps.accounts.roles import Right
from apps.changes.engine import tokens
from apps.changes.states import State
from tests.cast import Cast
from tests.matrix.domains import (
    billing,
    e911,
    jobs,
    lookups,
    messaging,
    numbers,
    ordering,
    porting,
    support,
    trunking,
)
from tests.matrix.row import (
    BAD_IDS,
    BAD_NUMBERS,
    Row,
    Who,
    harbor_entry,
    harbor_invitation,
    harbor_label,
    harbor_manager,
    harbor_member,
    harbor_request,
    harbor_request_of_staff,
    nothing,
    opened_account,
    owners_notice,
    owners_passkey,
)

DOMAINS = (billing, e911, jobs, lookups, messaging, numbers, ordering, porting, support, trunking)

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
        get=Who.ANYONE, post=Who.ANYONE, data={"login": "nobody@harbor.test"}
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
    "signup:start": Row(get=Who.ANYONE, post=Who.ANYONE, data={"email": "new@person.test"}),
    "signup:token": Row(
        get=Who.ANYONE, post=Who.ANYONE, own=lambda cast: {"token": "x"}, anonymous=(404,)
    ),
    "signup:stored": Row(post=Who.PERSON),
    "signup:check": Row(post=Who.PERSON),
    "accounts:invitation": Row(
        get=Who.ANYONE, post=Who.ANYONE, own=lambda cast: {"token": "x"}, anonymous=(404,)
    ),
    "mail:index": Row(get=Who.ANYONE),
    "mail:letter": Row(get=Who.ANYONE, own=lambda cast: {"name": "none.log"}, anonymous=(404,)),
    "ui:components": Row(get=Who.ANYONE),
    "ui:display": Row(post=Who.ANYONE, data={"theme": "dark"}),
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
    "staff:index": Row(get=Who.STAFF),
    "staff:accounts": Row(get=Who.STAFF),
    "staff:accounts_csv": Row(get=Who.STAFF),
    "staff:accounts_xlsx": Row(get=Who.STAFF),
    "staff:open": Row(
        get=Who.ADMIN,
        post=Who.ADMIN,
        data={"number": "1000000998", "name": "Acme", "email": "owner@acme.test"},
    ),
    "staff:opened": Row(get=Who.ADMIN, own=opened_account, absent=BAD_IDS),
    "staff:opened_stored": Row(post=Who.ADMIN, own=opened_account, absent=BAD_IDS),
    "staff:opened_answer": Row(
        post=Who.ADMIN, own=opened_account, absent=BAD_IDS, data={"answer": "leave"}
    ),
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
    "team:account": Row(get=Right.VIEW),
    "team:time-zone": Row(get=Right.VIEW, post=Right.MANAGE, data={"to": "America/Chicago"}),
    "team:caller-id": Row(get=Right.VIEW, post=Right.MANAGE, data={"to": "2015550110"}),
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
for domain in DOMAINS:
    assert not ROWS.keys() & domain.ROWS.keys()
    ROWS |= domain.ROWS


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
