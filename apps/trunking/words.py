"""How the activity page says what people do to a trunk here."""

from apps.audit.services import ACTIONS, REPEATED, VALUES

ACTIONS.add(
    {
        "range_noted": "changed the note of an access range",
        "password_asked": "asked to change the SIP password",
        "password_canceled": "canceled the request to change the SIP password",
        "password_turned": "changed the SIP password and stayed connected",
        "password_kept": "couldn't change the SIP password",
        "password_expired": "couldn't change the SIP password within a day",
        "password_lost": "changed the SIP password and lost the connection",
    }
)
REPEATED.add({"password_asked": False, "password_canceled": False})
VALUES.add({"range_noted": "Note"})
