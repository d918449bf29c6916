"""Two lookups that charge each time: GETs, and yet never sent again."""

from apps.voicetel.client import checks
from apps.voicetel.client.records.lookups import CallerId, Routing
from apps.voicetel.client.resources.base import Resource


class LookupsResource(Resource):
    def cnam(self, number: str) -> CallerId:
        """cnamLookup: the caller name registered for any number.

        Charges; BalanceTooLow also where the service is off.
        """
        checks.refuse(number=checks.number(number))
        return self._call("cnamLookup", CallerId, path={"number": number})

    def lrn(self, number: str, caller: str) -> Routing:
        """lrnLookup: where a number is routed, and its carrier, as seen by a caller. Charges."""
        checks.refuse(number=checks.number(number), caller=checks.number(caller))
        return self._call("lrnLookup", Routing, path={"number": number, "ani": caller})
