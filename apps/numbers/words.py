"""How the activity page says what people do to numbers here."""

from apps.audit.services import ACTIONS, VALUES

ACTIONS.add({"number_labeled": "changed the label of a number"})
VALUES.add({"number_labeled": "Label"})
