"""What the way in does here: check a password, mark a session as proven, take and settle requests
for a new password.
"""

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.http import HttpRequest
from django.utils.http import base36_to_int, int_to_base36

from apps.accounts.addresses import network
from apps.accounts.models import RecoveryAsk, User
from apps.accounts.signing_in import browsers, second, sessions, throttle
from apps.accounts.signing_in.people import find_person, has_password
from apps.audit.services import record
from apps.notifications.services import tell
from apps.proxies import client_address

TOKENS = PasswordResetTokenGenerator()


def check_sign_in(request: HttpRequest, typed: str, password: str) -> User | None:
    """The person, when name and password fit; None otherwise, with the same work done.

    Raises throttle.Throttled. Calls nobody.
    """
    user = find_person(typed)
    where = client_address(request)
    try:
        counted = throttle.take_sign_in(request, user, typed)
    except throttle.Throttled as held:
        if throttle.is_news(held):
            record(
                None,
                None,
                "sign_in_throttled",
                user.email if user else "",
                address=where,
                limit=held.limit.name,
            )
        raise
    if user and has_password(user, password):
        throttle.give_back(counted)
        return user
    if user is None:
        has_password(None, password)
    record(None, None, "sign_in_failed", user.email if user else "", address=where)
    return None


def confirm(request: HttpRequest, user: User, password: str, code: str = "") -> str:
    """Prove the person of a session anew, with the second factor where one is set. Raises
    throttle.SessionOver.

    The field that is wrong: "password", "code", or "" when all is right. A new session key on
    success (ASVS V7.2.4).
    """
    counted = throttle.take_confirm(request, user)
    if not has_password(user, password):
        record(user, None, "confirm_failed", address=client_address(request))
        return "password"
    throttle.give_back([counted])
    if user.factor_at and not second.check(request, user, code):
        return "code"
    request.session.cycle_key()
    reauthenticate_by_password(request)
    record(user, None, "confirmed")
    return ""


def change_password(request: HttpRequest, user: User, current: str, password: str) -> bool:
    """Set a new portal password for who knows the present one; all their other browsers are signed
    out. Raises throttle.SessionOver.
    """
    counted = throttle.take_confirm(request, user)
    if not has_password(user, current):
        record(user, None, "confirm_failed", address=client_address(request))
        return False
    throttle.give_back([counted])
    user.set_password(password)
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)  # a new session key too
    sessions.stay_known(request, user)
    browsers.end_all(user, but=request.session.session_key)
    record(user, None, "password_changed", address=client_address(request))
    tell(
        user,
        "security",
        what="Your portal password was changed",
        where=f"in {browsers.device(request)}",
    )
    return True


def ask_recovery(request: HttpRequest, typed: str) -> None:
    """Take note that someone wants a new portal password. Known or unknown, the same row; a sweep
    sends what is to be sent.

    Raises throttle.Throttled.
    """
    throttle.take(throttle.RECOVER, network(client_address(request)))
    RecoveryAsk.objects.create(typed=typed, known=throttle.known_people(request))


def ask_voicetel_recovery(request: HttpRequest, email: str) -> None:
    """Take note that someone wants VoiceTel to mail a new VoiceTel password. Known there or not,
    the same row; a sweep makes the one call.

    Raises throttle.Throttled.
    """
    taken = [throttle.take(throttle.VOICETEL_RECOVER, network(client_address(request)))]
    try:
        throttle.take(throttle.VOICETEL_ADDRESS, email)
    except throttle.Throttled:
        throttle.give_back(taken)
        raise
    RecoveryAsk.objects.create(typed=email, voicetel=True)


def recovery_token(user: User) -> str:
    """A link's secret: works once (the password is in its print), for
    settings.PASSWORD_RESET_TIMEOUT.
    """
    return f"{int_to_base36(user.pk)}-{TOKENS.make_token(user)}"


def person_of_token(token: str) -> User | None:
    """Whose link this is, while it works."""
    who, _, rest = token.partition("-")
    try:
        pk = base36_to_int(who)
    except ValueError:
        return None
    user = User.objects.filter(pk=pk, is_active=True).first() if pk < 2**63 else None
    return user if user and TOKENS.check_token(user, rest) else None


def reset_password(user: User, password: str) -> None:
    """Set a new portal password.

    Every session of that person ends; the second factor stays (ASVS V6.4.3).
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    browsers.end_all(user)
    record(user, None, "password_reset")
    tell(
        user,
        "security",
        what="A new portal password was set",
        where="with a link that was emailed to you",
    )
