"""How what is done here is said: in the journal and in notices."""

from apps.audit.services import ACTIONS, REPEATED
from apps.notifications.kinds import KINDS, Group, Kind

DONE = {
    "change_cancelled": "withdrew a change before it was sent",
    "change_answered": "decided about a change",
    "answer_shown": "looked at a password that VoiceTel told once",
}
ACTIONS.add(DONE)
REPEATED.add({"change_cancelled": True})  # each is on its change too

TOLD: dict[str, Kind] = {
    "change_done": Kind(
        Group.CHANGES,
        "{by} asked VoiceTel to {what}",
        (
            (
                "VoiceTel made this change to {name}, VoiceTel account {number}, at {when}. We"
                " email every owner about changes that can cost money or send calls somewhere else."
            ),
            (
                "If you didn't expect it, ask {by}. The change's page shows what was set before,"
                " and offers to undo it where that's possible."
            ),
        ),
        "/changes/{entry}/",
        "Review change",
        "warn",
        owners=True,
    ),
    "change_late": Kind(
        Group.CHANGES,
        "A change went through after all: {what}",
        (
            (
                "{by} asked for it on {name}, VoiceTel account {number}. We lost VoiceTel's answer,"
                " and VoiceTel didn't show the change, so it counted as not done. At {when}"
                " VoiceTel showed it."
            ),
            "Check whether it was also made a second time or in another way.",
        ),
        "/changes/{entry}/",
        "Review change",
        "bad",
        owners=True,
    ),
}
KINDS.add(TOLD)
