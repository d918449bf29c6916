"""Numbers of the account. A number is ten digits."""

from apps.voicetel.client import checks
from apps.voicetel.client.records.numbers import Forward, Number, Numbers, Route
from apps.voicetel.client.resources.base import Resource


class NumbersResource(Resource):
    def list(self) -> list[Number]:
        """numbersList: all of them, [] for none."""
        found = self._find("numbersList", Numbers)
        return found.numbers if found else []

    def get(self, number: str) -> Number:
        """numbersGet. Raises Absent for a number that is not on the account."""
        checks.refuse(number=checks.number(number))
        return self._call("numbersGet", Number, path={"number": number})

    def set_forward(self, number: str, to: str) -> Forward:
        """numbersForwardSet: calls go to `to`, ten digits."""
        checks.refuse(number=checks.number(number), to=checks.number(to))
        return self._call("numbersForwardSet", Forward, path={"number": number}, body={"destination": to})

    def stop_forward(self, number: str) -> None:
        """numbersForwardDelete."""
        checks.refuse(number=checks.number(number))
        self._do("numbersForwardDelete", path={"number": number})

    def route(self, number: str, gateway_id: int) -> Route:
        """numbersRoute: calls go to that gateway. Refused with 400 where the number or the gateway is not the account's."""
        checks.refuse(number=checks.number(number), gateway_id=checks.identifier(gateway_id, "A gateway's id"))
        return self._call("numbersRoute", Route, path={"number": number}, body={"route": gateway_id})
