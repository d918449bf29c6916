"""How the activity page says what people do to numbers here."""

from apps.audit.services import ACTIONS, VALUES
from apps.jobs.choosers import CHOOSERS

ACTIONS.add(
    {
        "number_labeled": "changed the label of a number",
        "forward_accepted": "accepted forwarding that can cost more",
        "route_named": "changed the name of a route",
    }
)
VALUES.add({"number_labeled": "Label", "route_named": "Route name"})

CHOOSERS.add({"number": "/numbers/bulk/{}/"})
