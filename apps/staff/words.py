"""How what staff do is said: in the journal and in notices."""

from apps.audit.services import ACTIONS
from apps.notifications.kinds import KINDS, Group, Kind

DONE = {
    "sessions_ended_by_staff": "signed somebody out everywhere",
}
ACTIONS.add(DONE)

TOLD: dict[str, Kind] = {
    "signed_out_by_staff": Kind(
        Group.SECURITY,
        "The portal's staff signed you out everywhere",
        (
            "The portal's staff ended every browser in which you were signed in. Why: {reason}",
            (
                "You can sign in again. Somebody else may know your password? Ask for a new one at"
                " /recover/ first."
            ),
        ),
        "/settings/security/",
        "See how you sign in",
        "warn",
    ),
}
KINDS.add(TOLD)
