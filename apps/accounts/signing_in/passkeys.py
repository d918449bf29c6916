"""Passkeys: a key in a person's device signs what the portal asks. It is the second factor; and
where the device made sure who holds it (user verification), both factors at once. Rows are
django-allauth's, sums fido2's; ours: a question is for one browser and one purpose, five minutes
long, and an answer works once, which the passkey's own row and no cache remembers.

data of a row: name; id and key (the credential's, base64url); count (the device's own of its
signatures). Nothing of it is secret.
"""

import contextlib
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from apps import locks
from apps.accounts.models import Attempt, User
from apps.accounts.signing_in import second, sessions, throttle
from apps.audit.services import record
from apps.proxies import client_address

NAME = "VoiceTel portal"  # what devices show
LIVES = 5 * 60  # seconds that a question waits for its answer
VISIT = 15 * 60  # seconds that the session of someone who only asked is kept
MOST = 20  # passkeys of one person
LONGEST = 20_000  # characters of an answer; real ones have some 500 to 3,000
ASKED = "asked"  # session key: the question that waits for its answer


class Purpose(StrEnum):
    """What an answer is good for. It is good for nothing else."""

    SIGN_IN = "sign_in"
    CODE = "code"  # the second step, after the password
    CONFIRM = "confirm"
    ADD = "add"


class Refused(Exception):
    """Not accepted, and why: for the event. The person is told the same in each case."""

    action = "passkey_failed"


class Copied(Refused):
    """The device counted fewer signatures than it had before: someone may hold a copy
    of the key.
    """

    action = "passkey_copied"


def address() -> tuple[str, str]:
    """The origin that answers must come from, and the name that passkeys belong to: both of
    PORTAL_URL.
    """
    url = urlsplit(settings.PORTAL_URL)
    port = "" if url.port in {None, {"https": 443, "http": 80}[url.scheme]} else f":{url.port}"
    host = str(url.hostname)
    return f"{url.scheme}://{f'[{host}]' if ':' in host else host}{port}", host


def obstacle(request: HttpRequest) -> str:
    """Why passkeys cannot work at the address that this page was opened at; "": they can."""
    origin, host = address()
    if _is_number(host):
        return f"Passkeys need a portal with a name of its own, and this one is at {origin}."
    if request.get_host().lower() != origin.partition("://")[2]:
        return f"Passkeys work at {origin} only. Open the portal there to use one."
    return ""


def panel(request: HttpRequest, said: str = "") -> dict[str, str]:
    """Context of accounts/_passkey.html. said: what went wrong."""
    return {"obstacle": obstacle(request), "passkey_said": said}


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def ask(request: HttpRequest, purpose: Purpose, user: User | None = None) -> dict[str, Any]:
    """What the device is to sign, for `navigator.credentials.get()`. None: whoever holds a passkey
    of this portal.

    Raises throttle.Throttled.
    """
    if user is None:
        _count(request, throttle.QUESTION)
    # After the password the device need not ask for more than a touch. Alone, the passkey stands
    # for both factors.
    verify = (
        UserVerificationRequirement.PREFERRED
        if purpose is Purpose.CODE
        else UserVerificationRequirement.REQUIRED
    )
    known = [_key_of(row) for row in second.list_factors(user, second.PASSKEY)] if user else None
    options, state = _server().authenticate_begin(known, verify)
    _keep(request, state, purpose, user)
    return dict(options)


def ask_new(request: HttpRequest, user: User) -> dict[str, Any]:
    """What the device is to make, for `navigator.credentials.create()`: a key that it lists at the
    sign-in and gives to its holder alone. A device that has one of this person's already makes no
    second."""
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(id=_handle(user.pk), name=user.email, display_name=str(user)),
        [_key_of(row) for row in second.list_factors(user, second.PASSKEY)],
        ResidentKeyRequirement.REQUIRED,
        UserVerificationRequirement.REQUIRED,
    )
    _keep(request, state, Purpose.ADD, user)
    return dict(options)


def _server() -> Fido2Server:
    origin, host = address()
    server = Fido2Server(
        PublicKeyCredentialRpEntity(name=NAME, id=host), verify_origin=lambda said: said == origin
    )
    server.timeout = LIVES * 1000  # type: ignore[assignment]  # None is only its start
    return server


def _keep(request: HttpRequest, state: Any, purpose: Purpose, user: User | None) -> None:
    if not request.session.session_key:
        request.session.set_expiry(VISIT)  # until a sign-in (sessions.begin)
    whose = user.pk if user else None
    request.session[ASKED] = {**state, "at": time.time(), "purpose": purpose.value, "whose": whose}


def _take(request: HttpRequest, purpose: Purpose, user: User | None) -> dict[str, Any]:
    """The question that this browser was asked last, which is spent now. Raises Refused."""
    asked = request.session.pop(ASKED, None)
    if not asked or (asked["purpose"], asked["whose"]) != (
        purpose.value,
        user.pk if user else None,
    ):
        raise Refused("not asked")
    if not 0 <= time.time() - asked["at"] < LIVES:
        raise Refused("too late")
    return dict(asked)


@contextlib.contextmanager
def _untrusted() -> Iterator[None]:
    """Within it, whatever goes wrong is the answer's fault: fido2 names no error for what is not
    even an answer.
    """
    try:
        yield
    except Exception as wrong:
        raise Refused(
            str(wrong)[:80] if type(wrong) is ValueError else type(wrong).__name__
        ) from wrong


def _read(answer: str, kind: Any) -> Any:
    """The answer as one of fido2's. Raises whatever reading nonsense raises."""
    if len(answer) > LONGEST:
        raise ValueError("too long")
    said = kind.from_dict(json.loads(answer))
    if said.response.client_data.cross_origin:
        raise ValueError("asked within a page of another site")
    return said


def _handle(pk: int) -> bytes:
    """Whose a passkey is, as the device keeps it: a number, which says nothing of the person."""
    return str(pk).encode()


def _key_of(row: Authenticator) -> AttestedCredentialData:
    return AttestedCredentialData(websafe_decode(row.data["key"]))


def add(request: HttpRequest, user: User, name: str, answer: str) -> list[str]:
    """Keep the passkey that was made.

    The recovery codes, as second.begin() says. Raises Refused, throttle.SessionOver.
    """
    counted = throttle.take_confirm(request, user)
    try:
        codes = _add(_take(request, Purpose.ADD, user), user, name, answer)
    except Refused as refused:
        record(
            user,
            None,
            refused.action,
            user.email,
            address=client_address(request),
            why=str(refused),
        )
        raise
    throttle.give_back([counted])
    sessions.prove_second(request, user)
    second.changed(request, user, "passkey_added", name)
    return codes


def _add(question: dict[str, Any], user: User, name: str, answer: str) -> list[str]:
    with _untrusted():
        made = _server().register_complete(question, _read(answer, RegistrationResponse))
        key = made.credential_data
        if key is None or key.public_key[3] not in CoseKey.supported_algorithms():
            raise ValueError("a kind of key that was not asked for")
    data = {
        "name": name,
        "id": websafe_encode(key.credential_id),
        "key": websafe_encode(key),
        "count": made.counter,
    }
    with transaction.atomic():
        second.lock(user)
        locks.hold(f"passkey:{data['id']}")  # two persons, one device
        if Authenticator.objects.filter(type=second.PASSKEY, data__id=data["id"]).exists():
            raise Refused("there already")
        if len(second.list_factors(user, second.PASSKEY)) >= MOST:
            raise Refused("too many")
        Authenticator.objects.create(user=user, type=second.PASSKEY, data=data)
        return second.begin(user)


def rename(user: User, passkey: Authenticator, name: str) -> bool:
    """False: it was removed a moment ago."""
    with transaction.atomic():
        # its count may have moved meanwhile
        row = Authenticator.objects.select_for_update().filter(pk=passkey.pk).first()
        if row is None:
            return False
        before, row.data["name"] = row.data.get("name", ""), name
        row.save(update_fields=["data"])
        if name != before:
            record(user, None, "passkey_renamed", name, before=before, after=name)
    return True


def check(
    request: HttpRequest, purpose: Purpose, answer: str, user: User | None = None
) -> User | None:
    """The person whose passkey that is, asked for it by this browser; the answer works no more.
    Marks the session as proven.

    user: whose it must be; None at a sign-in with a passkey alone. None comes back for whatever is
    refused. Raises throttle.Throttled and SessionOver.
    """
    if user is None:
        counted = _count(request, throttle.PASSKEY)
    else:
        counted = (
            throttle.take_confirm(request, user)
            if purpose is Purpose.CONFIRM
            else second.count(request, user)
        )
    try:
        found = _prove(_take(request, purpose, user), answer, user)
    except Refused as refused:
        record(
            None,
            None,
            refused.action,
            user.email if user else "",
            address=client_address(request),
            why=str(refused),
        )
        return None
    throttle.give_back([counted])
    sessions.prove_second(request, found)
    record_authentication(request, found, "mfa", type=second.PASSKEY)
    return found


def _count(request: HttpRequest, limit: throttle.Limit) -> Attempt:
    try:
        return throttle.take(limit, throttle.whence(request))
    except throttle.Throttled as held:
        if throttle.is_news(held):
            record(
                None, None, "passkey_throttled", address=client_address(request), limit=limit.name
            )
        raise


def _prove(question: dict[str, Any], answer: str, user: User | None) -> User:
    """Whose passkey signed it. Raises Refused, Copied."""
    with _untrusted():
        said: AuthenticationResponse = _read(answer, AuthenticationResponse)
        handle = said.response.user_handle
        whose = user.pk if user else int(handle or b"")
        if handle and handle != _handle(whose):
            raise ValueError("another person's")
        active = Authenticator.objects.filter(
            type=second.PASSKEY, user_id=whose, user__is_active=True
        ).select_related("user")
        row = next((each for each in active if each.data["id"] == said.id), None)
        if row is None:
            raise ValueError("unknown")
        _server().authenticate_complete(question, [_key_of(row)], said)
    _spend(
        row.pk,
        datetime.fromtimestamp(question["at"], UTC),
        said.response.authenticator_data.counter,
    )
    found: User = row.user
    return found


def _spend(pk: int, asked: datetime, count: int) -> None:
    """Remember in the passkey's locked row that it was used: of many who bring one answer, over any
    number of processes, one gets in, and a question asked before the last use is void with it. A
    device that does not count says 0 each time.

    Raises Refused, Copied.
    """
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(pk=pk).first()
        if row is None:
            raise Refused("removed")
        if row.last_used_at and row.last_used_at >= asked:
            raise Refused("used")
        if (count or row.data["count"]) and count <= row.data["count"]:
            raise Copied(f"counted {count} after {row.data['count']}")
        row.data["count"], row.last_used_at = count, max(timezone.now(), asked)
        row.save(update_fields=["data", "last_used_at"])
