"""How what is done here is said: in the journal and in notices."""

from apps.audit.services import ACTIONS, REPEATED
from apps.notifications.kinds import KINDS, Group, Kind

DONE = {
    "change_cancelled": "withdrew a change before it was sent",
    "change_answered": "decided about a change",
}
ACTIONS.add(DONE)
REPEATED.add({"change_cancelled": True})  # each is on its change too

TOLD: dict[str, Kind] = {
    "change_done": Kind(
        Group.CHANGES,
        "{by} asked VoiceTel to {what}",
        (
            (
                "It was done at {when}, on {name}, VoiceTel account {number}. Changes of this sort"
                " can cost money or lead calls astray, so every owner is told."
            ),
            (
                "You did not expect it? Ask {by}. The page of the change shows what was before, and"
                " undoes it where that is possible."
            ),
        ),
        "/changes/{entry}/",
        "See the change",
        "warn",
        owners=True,
    ),
    "change_late": Kind(
        Group.CHANGES,
        "It did happen after all: {what}",
        (
            (
                "{by} asked for it on {name}, VoiceTel account {number}. Its answer was lost and"
                " nothing showed it, so it counted as not done. At {when} VoiceTel showed that"
                " it is."
            ),
            "Was it done a second time meanwhile, or in another way? See the page of the change.",
        ),
        "/changes/{entry}/",
        "See the change",
        "bad",
        owners=True,
    ),
}
KINDS.add(TOLD)
