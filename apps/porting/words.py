"""How what people do to ports is said on the activity page, and what they are told of ports."""

from apps.audit.services import ACTIONS
from apps.notifications.kinds import KINDS, Group, Kind

ACTIONS.add(
    {
        "port_drafted": "started a port order",
        "port_discarded": "discarded a port order that wasn't sent",
        "port_calendar_made": "made a calendar link for ports",
        "port_calendar_ended": "ended a calendar link for ports",
        "port_uploaded": "said that a port's letter and bill are uploaded",
    }
)
PATH, LABEL = "/porting/ports/{port}/", "View port"
KEEP = "Keep your service with {carrier} on until every number works here."


def told(subject: str, *paragraphs: str, tone: str = "info") -> Kind:
    return Kind(Group.PORTS, subject, paragraphs, PATH, LABEL, tone)


TOLD: dict[str, Kind] = {
    "port_letter": told(
        "Sign the letter for {numbers} from {carrier}",
        "VoiceTel waits for the signed letter of authorization and a recent bill from {carrier}.",
        KEEP,
        tone="warn",
    ),
    "port_reminder": told(
        "Reminder: sign the letter for {numbers} from {carrier}",
        "VoiceTel still waits for the signed letter and a recent bill from {carrier}.",
        "If both are uploaded already, mark them as uploaded on the port's page.",
        tone="warn",
    ),
    "port_date": told(
        "{numbers} from {carrier} move on {date}",
        "{capital} committed to that date.",
        KEEP,
        tone="good",
    ),
    "port_moved": told(
        "New date for {numbers} from {carrier}: {date}",
        "The date was {was}. Carriers may move a date until the day itself.",
        KEEP,
        tone="warn",
    ),
    "port_undated": told(
        "{numbers} from {carrier} have no date anymore",
        "The date was {was}. VoiceTel's latest message: {words}",
        KEEP,
        tone="warn",
    ),
    "port_passed": told(
        "The date of {numbers} from {carrier} has passed",
        "They were to move on {date}, and VoiceTel doesn't show the port as complete. Ask about it"
        " in the port's ticket.",
        KEEP,
        tone="warn",
    ),
    "port_rejected": told(
        "{capital} declined {numbers}",
        "Its reason: {words}",
        "Your numbers still work at {carrier}. Correcting the order is free.",
        tone="bad",
    ),
    "port_complete": told(
        "{numbers} from {carrier} are here",
        "VoiceTel says that the port is complete. Call each number to check it, and set its 911"
        " address. After that you can end your service with {carrier}.",
        tone="good",
    ),
    "port_words": told(
        "News of {numbers} from {carrier}",
        "VoiceTel's new status: {words}",
    ),
}
KINDS.add(TOLD)
