"""How the activity page says what people do to a trunk here."""

from apps.audit.services import ACTIONS, VALUES

ACTIONS.add({"range_noted": "changed the note of an access range"})
VALUES.add({"range_noted": "Note"})
