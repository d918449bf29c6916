"""How what is done here is said: in the journal and in notices."""

from apps.audit.services import ACTIONS, VALUES
from apps.notifications.kinds import KINDS, Group, Kind

DONE = {
    "profile_changed": "changed their profile",  # by releases of before
    "name_changed": "changed their name",
    "signed_up": "asked VoiceTel to open an account",
}
ACTIONS.add(DONE)
VALUES.add({"name_changed": "Name"})

TOLD: dict[str, Kind] = {
    "account_opened": Kind(
        Group.CONNECTION,
        "VoiceTel account {opened} is open",
        (
            (
                "VoiceTel opened account {opened} for you. Its password is on the page below, for a"
                " week at most: store it, as your phones need it."
            ),
            "VoiceTel sends an email of its own, which you have to confirm.",
        ),
        "/signup/",
        "View account",
        "good",
        always=True,
    ),
}
KINDS.add(TOLD)
