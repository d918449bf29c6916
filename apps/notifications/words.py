"""How what is done here is said in the journal."""

from apps.audit.services import ACTIONS

DONE = {
    "mails_chosen": "chose which notices come by mail",
}
ACTIONS.add(DONE)
