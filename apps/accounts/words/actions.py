"""How the journal says what people did, after their name; and what the hour's calls are for."""

from apps.audit.services import ACTIONS, REPEATED, VALUES
from apps.voicetel.hour.words import OPERATIONS

DONE = {
    "signed_in": "signed in",
    "sign_in_failed": "gave a wrong password",
    "sign_in_throttled": "was held off after too many wrong passwords",
    "signed_out": "signed out",
    "confirmed": "confirmed that it was them",
    "confirm_failed": "gave a wrong password when asked to confirm it",
    "confirm_ended": "was signed out after too many wrong passwords or codes",
    "recovery_asked": "asked for a new portal password",
    "password_reset": "set a new portal password by mail",
    "password_changed": "changed their portal password",
    "address_changed": "was given another email address by an operator",
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
    "account_switched": "switched to this account",
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
    "member_limit_changed": "changed what a member can spend in a day",
    "member_removed": "removed a member",
    "member_left": "left the account",
    "invited": "invited somebody to the account",
    "invitation_withdrawn": "withdrew an invitation",
    "key_dead": "the provider refused the account's key",
    "role_refused": "was refused a page that their role does not open",
}
ACTIONS.add(DONE)
REPEATED.add(
    {
        "signed_in": False,
        "signed_out": False,
        "confirmed": False,
        "confirm_failed": False,
        "session_ended": False,
        "sessions_ended": False,
        "key_asked": False,
        "key_cancelled": False,
        "account_switched": True,
        "connect_asked": True,
        "connect_refused": True,
        "role_refused": True,
    }
)
VALUES.add({"member_changed": "Role", "member_limit_changed": "Spending limit"})

OPERATIONS.add({"accountGet": "Balance and profile", "accountApiKey": "Key exchange"})
