"""How the activity page says what people do to 911 addresses here."""

from apps.audit.services import ACTIONS, VALUES
from apps.e911.models import E911
from apps.jobs.choosers import CHOOSERS

CHOOSERS.add({E911: "/e911/bulk/{}/"})
ACTIONS.add(
    {
        "e911_reviewed": "confirmed that a 911 address is still right",
        "e911_address_named": "changed the label of a 911 address",
    }
)
VALUES.add({"e911_address_named": "Address label"})
