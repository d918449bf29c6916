"""Writing events."""

from typing import Any

from django.contrib.auth.models import AnonymousUser

from apps.audit.models import Event

# Every action that is recorded, and how the journal says it after the person's name.
ACTIONS: dict[str, str] = {
    "signed_in": "signed in",
    "sign_in_failed": "gave a wrong password",
    "sign_in_throttled": "was held off after too many wrong passwords",
    "signed_out": "signed out",
    "confirmed": "confirmed that it was them",
    "confirm_failed": "gave a wrong password when asked to confirm it",
    "recovery_asked": "asked for a new portal password",
    "password_reset": "set a new portal password by mail",
    "password_changed": "changed their portal password",
    "factor_on": "set up a second step for signing in",
    "factor_off": "switched the second step off",
    "factor_forgotten": "lost their second step; an operator took it off",
    "app_removed": "took the authenticator app off their sign-in",
    "passkey_added": "added a passkey",
    "passkey_renamed": "renamed a passkey",
    "passkey_removed": "removed a passkey",
    "passkey_failed": "gave a passkey that was refused",
    "passkey_copied": "gave a passkey that had counted further before: it may be a copy",
    "passkey_throttled": "was held off after too many refused passkeys",
    "codes_renewed": "made new recovery codes",
    "recovery_code_used": "signed in with a recovery code",
    "code_failed": "gave a wrong code",
    "code_throttled": "was held off after too many wrong codes",
    "factor_required": "asked a second step of all members",
    "factor_optional": "left the second step to each member",
    "session_ended": "signed out one of their browsers",
    "sessions_ended": "signed out everywhere",
    "sessions_ended_by_staff": "signed somebody out everywhere",
    "account_switched": "switched to this account",
    "profile_changed": "changed their profile",
    "mails_chosen": "chose which notices come by mail",
    "key_asked": "asked to reconnect the account",
    "key_cancelled": "withdrew the request to reconnect",
    "key_connected": "reconnected the account",
    "key_refused": "could not reconnect the account",
    "key_expired": "waited a day for the reconnection, in vain",
    "connect_asked": "asked to connect an account",
    "connect_refused": "could not connect an account",
    "account_connected": "connected the account and became its first owner",
    "join_asked": "asked to join the account",
    "join_declined": "declined a request to join",
    "member_joined": "let somebody join the account",
    "member_changed": "changed a member's role",
    "member_removed": "removed a member",
    "invited": "invited somebody to the account",
    "invitation_withdrawn": "withdrew an invitation",
    "key_dead": "the provider refused the account's key",
    "change_cancelled": "withdrew a change before it was sent",
    "change_answered": "decided about a change",
    "role_refused": "was refused a page that their role does not open",
}


def record(
    actor: Any, account: Any, action: str, subject: str = "", *, thing: str = "", **facts: Any
) -> Event:
    """Keep one event.

    actor: a User, or None for nobody known; account: an Account or None; thing: the kind of the
    subject, as changes name it; facts: JSON values, no secrets.

    Raises KeyError for an action that is not in ACTIONS, so that every event has words in the
    journal.
    """
    ACTIONS[action]
    known = None if actor is None or isinstance(actor, AnonymousUser) else actor
    return Event.objects.across_accounts().create(
        actor=known,
        actor_name=str(known or "")[:254],
        account=account,
        action=action,
        thing=thing,
        subject=subject[:254],
        facts=facts,
    )
