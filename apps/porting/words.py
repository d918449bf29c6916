"""How the activity page says what people do to ports here."""

from apps.audit.services import ACTIONS

ACTIONS.add(
    {
        "port_drafted": "started a port order",
        "port_discarded": "discarded a port order that wasn't sent",
        "port_uploaded": "said that a port's letter and bill are uploaded",
    }
)
