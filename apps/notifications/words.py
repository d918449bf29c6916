"""How what is done here is said in the journal."""

from apps.audit.services import ACTIONS, REPEATED

DONE = {
    "mails_chosen": "chose which notices come by mail",
}
ACTIONS.add(DONE)
REPEATED.add({"mails_chosen": False})
