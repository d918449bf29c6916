"""How what staff do is said: in the journal and in notices."""

from apps.audit.services import ACTIONS
from apps.notifications.kinds import KINDS, Group, Kind

DONE = {
    "sessions_ended_by_staff": "signed someone out everywhere",
}
ACTIONS.add(DONE)

TOLD: dict[str, Kind] = {
    "signed_out_by_staff": Kind(
        Group.SECURITY,
        "VoiceTel portal staff signed you out everywhere",
        (
            "VoiceTel portal staff signed you out of every browser. Reason: {reason}",
            (
                "You can sign in again. If someone else may know your password, reset it first at"
                " {recover}."
            ),
        ),
        "/settings/security/",
        "Review your sign-in",
        "warn",
    ),
}
KINDS.add(TOLD)
