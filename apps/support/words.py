"""How support's answers are told."""

from apps.notifications.kinds import KINDS, Group, Kind

KINDS.add(
    {
        "ticket_answered": Kind(
            Group.TICKETS,
            "VoiceTel support answered: {subject}",
            ("{by} wrote in ticket {ticket} of {name}. Read it in the portal, and reply there.",),
            "/support/{id}/",
            "Read the answer",
        ),
        "ticket_answered_owners": Kind(
            Group.TICKETS,
            "VoiceTel support answered: {subject}",
            (
                "{by} wrote in ticket {ticket} of {name}, in which nobody wrote from the portal."
                " Read it there, and reply.",
            ),
            "/support/{id}/",
            "Read the answer",
            owners=True,
        ),
    }
)
