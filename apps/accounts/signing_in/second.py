"""The second factor: a code from an authenticator app, a passkey (passkeys.py), or one of ten
recovery codes. Rows and sums are django-allauth's (allauth.mfa); ours: secrets are sealed for their
person, and a code works once, which a row and no cache remembers."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

from allauth.account.internal.flows.login import record_authentication
from allauth.account.stages import LoginStage
from allauth.core.internal.cryptokit import compare_user_code, normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from apps.accounts import locks, sealed
from apps.accounts.models import Account, Attempt, Membership, User
from apps.accounts.owners import must_own
from apps.accounts.signing_in import browsers, sessions, throttle
from apps.audit.services import record
from apps.notifications.services import tell
from apps.proxies import client_address
from apps.ui.render import SeeOther

PENDING = "factor"  # session key: the sealed secret of a set-up that is not confirmed yet
FEW = 3  # recovery codes left, at which the page says so
APP, PASSKEY, CODES = (
    Authenticator.Type.TOTP,
    Authenticator.Type.WEBAUTHN,
    Authenticator.Type.RECOVERY_CODES,
)
FACTORS = (APP, PASSKEY)  # either is a second factor; recovery codes only stand in for one
SHOWN = "second_shown"  # in the state of a sign-in: what it began with was both factors

# What the person is told, as it may not have been them (ASVS V6.3.7).
TOLD = {
    "factor_on": "Two-step verification was turned on",
    "factor_off": "Two-step verification was turned off",
    "app_removed": "Your authenticator app was removed",
    "passkey_added": "A passkey was added",
    "passkey_removed": "A passkey was removed",
    "codes_renewed": "New recovery codes were made",
}

_whose: ContextVar[int] = ContextVar("whose")


@contextlib.contextmanager
def _boxes_of(user: User) -> Iterator[None]:
    """Within it, secrets are sealed for that person.

    Without it the adapter raises LookupError: nothing is stored in clear.
    """
    token = _whose.set(user.pk)
    try:
        yield
    finally:
        _whose.reset(token)


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's secrets under FIELD_KEYS, each bound to its person: moved to another's row, it does
    not open.
    """

    def encrypt(self, text: str) -> str:
        return sealed.seal(f"person:{_whose.get()}", text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return str(sealed.unseal(f"person:{_whose.get()}", encrypted_text.encode()))


class CodeStage(LoginStage):  # type: ignore[misc]
    """Between the right password and the session: the code, where one is set (/login/code/)."""

    key = "code"
    urlname = "account_code"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if not self.login.user.factor_at or self.login.state.get(SHOWN):
            return None, True
        self.state["print"] = self.login.user.get_session_auth_hash()
        return SeeOther(reverse(self.urlname)), True

    def stands(self) -> bool:
        """Whether the password given is still the person's."""
        user = self.login.user
        return bool(
            user and user.is_active and self.state.get("print") == user.get_session_auth_hash()
        )


def pending_secret(request: HttpRequest, user: User) -> str:
    """The secret that a set-up shows, the same until it is confirmed.

    Kept sealed in the session, not yet in force.
    """
    with contextlib.suppress(sealed.Unsealable, KeyError):
        return str(sealed.unseal(f"pending:{user.pk}", request.session[PENDING].encode()))
    secret: str = generate_totp_secret()
    request.session[PENDING] = sealed.seal(f"pending:{user.pk}", secret).decode()
    return secret


def picture(user: User, secret: str) -> str:
    """The QR code for an authenticator app, as SVG."""
    return str(get_adapter().build_totp_svg(get_adapter().build_totp_url(user, secret)))


def confirm_set_up(request: HttpRequest, user: User, code: str) -> list[str] | None:
    """Put the shown secret in force when `code` is its present one. The new recovery codes, to be
    shown once; None: a wrong code.

    Raises throttle.SessionOver. It replaces an older one; every other browser is signed out.
    """
    secret = pending_secret(request, user)
    counted = throttle.take_confirm(request, user)
    step = _step_of(secret, code)
    if step is None:
        return None
    throttle.give_back([counted])
    codes = set_secret(user, secret, step)
    del request.session[PENDING]
    sessions.prove_second(request, user)
    changed(request, user, "factor_on")
    return codes


def set_secret(user: User, secret: str, step: int = 0) -> list[str]:
    """Give that person this secret. step: the one whose code was used for it.

    The recovery codes, as begin() says.
    """
    with transaction.atomic(), _boxes_of(user):
        lock(user)
        older, _ = Authenticator.objects.filter(user=user, type=APP).delete()
        TOTP.activate(user, secret)
        user.factor_step = step
        user.save(update_fields=["factor_step"])
        return begin(user, anew=bool(older))  # the old phone's codes may be lost with it


def lock(user: User) -> None:
    """Within a transaction: one at a time changes that person's factors, knowing what the one
    before left.
    """
    row = User.objects.select_for_update().get(pk=user.pk)
    user.factor_at, user.factor_step = row.factor_at, row.factor_step


def begin(user: User, *, anew: bool = False) -> list[str]:
    """A factor was set up.

    Ten new recovery codes with the first one, or `anew`; else the present ones stay, and [] is
    returned.
    """
    if user.factor_at is None:
        user.factor_at = timezone.now()
        user.save(update_fields=["factor_at"])
    elif not anew:
        return []
    return _new_codes(user)


def _new_codes(user: User) -> list[str]:
    with _boxes_of(user):
        Authenticator.objects.filter(user=user, type=CODES).delete()
        return list(RecoveryCodes.activate(user).generate_codes())


def renew_codes(request: HttpRequest, user: User) -> list[str]:
    """Ten new recovery codes; the old ones work no more."""
    with transaction.atomic():
        codes = _new_codes(user)
    changed(request, user, "codes_renewed")
    return codes


def remove(request: HttpRequest, user: User, factor: Authenticator, *, needed: bool) -> bool:
    """Take one factor off; the recovery codes go with the last.

    False: it is the last one, and that person needs one.
    """
    with transaction.atomic():
        lock(user)
        there = [each.pk for each in list_factors(user)]
        if factor.pk not in there:
            return True  # taken off in another tab, and told then
        last = there == [factor.pk]
        if last and needed:
            return False
        Authenticator.objects.filter(pk=factor.pk).delete()
        if last:
            forget(user)
            request.session.pop(sessions.SECOND, None)
    action = "factor_off" if last else {APP: "app_removed", PASSKEY: "passkey_removed"}[factor.type]
    changed(request, user, action, str(factor.data.get("name", "")))
    return True


def forget(user: User) -> None:
    """That person has no second factor from now on."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        user.factor_at, user.factor_step = None, 0
        user.save(update_fields=["factor_at", "factor_step"])


def changed(request: HttpRequest, user: User, action: str, subject: str = "") -> None:
    """Every change of a factor: a new session key here, an end to all other browsers, an event."""
    request.session.cycle_key()
    sessions.stay_known(request, user)
    browsers.end_all(user, but=request.session.session_key)
    record(user, None, action, subject, address=client_address(request))
    tell(user, "security", what=TOLD[action], where=f"in {browsers.device(request)}")


def check(request: HttpRequest, user: User, code: str) -> bool:
    """Whether that is a code of theirs that works; it works no more.

    Marks the session as proven. Raises throttle.Throttled and SessionOver.
    """
    counted = count(request, user)
    kind = spend(user, code)
    if not kind:
        record(None, None, "code_failed", user.email, address=client_address(request))
        return False
    throttle.give_back([counted])
    if kind == CODES:
        record(user, None, "recovery_code_used", address=client_address(request))
        tell(user, "recovery_code", left=codes_left(user), where=f"in {browsers.device(request)}")
    sessions.prove_second(request, user)
    record_authentication(request, user, "mfa", type=kind)
    return True


def count(request: HttpRequest, user: User) -> Attempt:
    """Count one try of the second step, before it is made. Raises throttle.Throttled; for a person
    who is signed in already, SessionOver.

    As with passwords, a browser in which the person signed in before has an allowance of its own;
    one that only set a password by a link has not: who reads the mail could else guess on and on.
    """
    if request.user == user:
        return throttle.take_confirm(request, user)
    known = throttle.known_browser(request, user, fully=True)
    limit, whom = (
        (throttle.CODE_BROWSER, f"{known}:{user.pk}") if known else (throttle.CODE, str(user.pk))
    )
    try:
        return throttle.take(limit, whom)
    except throttle.Throttled as held:
        if throttle.is_news(held):
            record(
                None,
                None,
                "code_throttled",
                user.email,
                address=client_address(request),
                limit=limit.name,
            )
        raise


def spend(user: User, code: str) -> str:
    """The kind of code that it was (APP, CODES), spent now; "" for a wrong one, or one that was
    used before.
    """
    plain = normalize_user_code(code)
    kind = APP if len(plain) == app_settings.TOTP_DIGITS else CODES
    row = Authenticator.objects.filter(user=user, type=kind).first()
    if row is None:
        return ""
    with _boxes_of(user):
        right = (
            RecoveryCodes(row).validate_code(plain)
            if kind == CODES
            else _spend_step(user, _step_of(_secret_of(row), plain))
        )
    return str(kind) if right else ""


def _secret_of(row: Authenticator) -> str:
    return str(get_adapter().decrypt(row.data["secret"]))


def _step_of(secret: str, code: str) -> int | None:
    """Which of the steps that count now has this code."""
    for step in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return int(step)
    return None


def _spend_step(user: User, step: int | None) -> bool:
    """One statement, so that of two who bring one code, over any number of processes, one gets in.

    Older ones are void with it.
    """
    return (
        step is not None
        and User.objects.filter(pk=user.pk, factor_step__lt=step).update(factor_step=step) == 1
    )


def present_code(user: User) -> str | None:
    """A code of theirs that works now: for the demo, where nobody has the app.

    None: no factor, or both of now were used.
    """
    row = Authenticator.objects.filter(user=user, type=APP).first()
    if row is None:
        return None
    user.refresh_from_db(fields=["factor_step"])
    with _boxes_of(user):
        secret = _secret_of(row)
    steps = [step for step in yield_hotp_counters_from_time() if step > user.factor_step]
    now = (
        steps[1]
        if len(steps) == 2 * app_settings.TOTP_TOLERANCE + 1
        else (steps[0] if steps else None)
    )
    return format_hotp_value(hotp_value(secret, now)) if now is not None else None


def list_factors(user: User, *kinds: str) -> list[Authenticator]:
    """The rows of their authenticator app and passkeys, or of those kinds, oldest first."""
    return list(Authenticator.objects.filter(user=user, type__in=kinds or FACTORS).order_by("pk"))


def codes_left(user: User) -> int:
    with _boxes_of(user), contextlib.suppress(sealed.Unsealable):  # with their key lost, none works
        return sum(len(RecoveryCodes(row).get_unused_codes()) for row in list_factors(user, CODES))
    return 0


def required_by(user: User, account: Account | None) -> str:
    """Return why that person needs one on the account that they work on now; "" if they don't.

    The account that is open decides alone: what one account asks keeps nobody out of another.
    """
    if user.is_staff:
        return "Portal staff sign in with two-step verification."
    asks = account is not None and account.requires_factor
    return f"{account} requires two-step verification." if asks else ""


def require(account: Account, user: User, needed: bool) -> None:
    """An owner asks a second factor of the account's members, or no longer. Raises NoOwner."""
    with locks.locked(account):
        must_own(account, user)
        account.requires_factor = needed
        account.save(update_fields=["requires_factor"])
        record(user, account, "factor_required" if needed else "factor_optional")


def without_it(account: Account) -> int:
    """How many of the account's members have none."""
    return Membership.objects.filter(
        account=account, user__factor_at=None, user__is_active=True
    ).count()
