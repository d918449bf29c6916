"""How what is done here is said in the journal."""

from apps.audit.services import ACTIONS

DONE = {
    "profile_changed": "changed their profile",
}
ACTIONS.add(DONE)
