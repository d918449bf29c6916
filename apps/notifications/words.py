"""How the activity page says what is done here."""

from apps.audit.services import ACTIONS, REPEATED

DONE = {
    "mails_chosen": "chose which notifications are emailed",
}
ACTIONS.add(DONE)
REPEATED.add({"mails_chosen": False})
