"""How what is done here is said in the journal."""

from apps.audit.services import ACTIONS, VALUES

DONE = {
    "profile_changed": "changed their profile",  # by releases of before
    "name_changed": "changed their name",
}
ACTIONS.add(DONE)
VALUES.add({"name_changed": "Name"})
