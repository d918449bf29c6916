"""How the activity page says what people did, and what API calls are for."""

from apps.audit.services import ACTIONS, REPEATED, VALUES
from apps.voicetel.hour.words import OPERATIONS

DONE = {
    "signed_in": "signed in",
    "sign_in_failed": "gave a wrong password",
    "sign_in_throttled": "was blocked after too many wrong passwords",
    "signed_out": "signed out",
    "confirmed": "confirmed that it's them",
    "confirm_failed": "gave a wrong password when asked to confirm it",
    "confirm_ended": "was signed out after too many wrong passwords or codes",
    "recovery_asked": "asked for a new portal password",
    "password_reset": "set a new portal password by email link",
    "password_changed": "changed their portal password",
    "address_changed": "was given another email address by an operator",
    "factor_on": "turned on two-step verification",
    "factor_off": "turned off two-step verification",
    "factor_forgotten": "had two-step verification removed by an operator",
    "app_removed": "removed the authenticator app",
    "passkey_added": "added a passkey",
    "passkey_renamed": "renamed a passkey",
    "passkey_removed": "removed a passkey",
    "passkey_failed": "gave a passkey that wasn't accepted",
    "passkey_copied": "gave a passkey that may be a copy",
    "passkey_throttled": "was blocked after too many passkeys that weren't accepted",
    "codes_renewed": "made new recovery codes",
    "recovery_code_used": "signed in with a recovery code",
    "code_failed": "gave a wrong code",
    "code_throttled": "was blocked after too many wrong codes",
    "factor_required": "required two-step verification of all members",
    "factor_optional": "made two-step verification optional",
    "session_ended": "signed out one of their browsers",
    "sessions_ended": "signed out everywhere",
    "account_switched": "switched to this account",
    "key_asked": "asked to reconnect the account",
    "key_cancelled": "canceled the request to reconnect",
    "key_connected": "reconnected the account",
    "key_refused": "couldn't reconnect the account",
    "key_expired": "couldn't reconnect the account within a day",
    "connect_asked": "asked to connect an account",
    "connect_refused": "couldn't connect an account",
    "account_connected": "connected the account and became its first owner",
    "join_asked": "asked to join the account",
    "join_declined": "declined a request to join",
    "member_joined": "let someone join the account",
    "member_changed": "changed a member's role",
    "member_limit_changed": "changed what a member can spend in a day",
    "member_removed": "removed a member",
    "member_left": "left the account",
    "invited": "invited someone to the account",
    "invitation_withdrawn": "canceled an invitation",
    "key_dead": "the connection to VoiceTel stopped working",
    "role_refused": "tried something that their role doesn't allow",
}
ACTIONS.add(DONE)
REPEATED.add(
    {
        "signed_in": False,
        "signed_out": False,
        "confirmed": False,
        "confirm_failed": False,
        "confirm_ended": False,
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
