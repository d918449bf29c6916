"""How what is done to numbers here is said in the journal."""

from apps.audit.services import ACTIONS

ACTIONS.add({"number_labeled": "changed the label of a number"})
