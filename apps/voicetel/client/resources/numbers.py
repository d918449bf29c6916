"""Numbers of the account. A number is ten digits."""

from collections.abc import Callable

from apps.voicetel.client import checks
from apps.voicetel.client.records.numbers import (
    CallerName,
    Cnam,
    Fax,
    Forward,
    Moved,
    Number,
    Numbers,
    PortOutPin,
    Route,
    Sms,
    Translation,
)
from apps.voicetel.client.resources.base import Resource

LIST = list  # the class has a method of that name


class NumbersResource(Resource):
    """Every method but list raises Malformed for what is no number, and Absent or Refused for one
    that is not the account's.
    """

    def list(self) -> LIST[Number]:
        """numbersList: all of them, [] for none."""
        found = self._find("numbersList", Numbers)
        return found.numbers if found else []

    def get(self, number: str) -> Number:
        """numbersGet."""
        return self._call("numbersGet", Number, path=one(number))

    def create(self, number: str, gateway_id: int | None = None) -> Route:
        """numbersCreate: takes one known number, for a month's charge.

        The provider's default gateway is 4 (DID).
        """
        checks.refuse(number=checks.number(number))
        checks.each({"gateway_id": (gateway_id, checks.identifier(gateway_id, "A gateway's id"))})
        return self._call(
            "numbersCreate", Route, body=checks.given(number=number, route=gateway_id)
        )

    def delete(self, number: str) -> None:
        """numbersDelete: off the account, back to the inventory. Conflict while it is porting."""
        self._do("numbersDelete", path=one(number))

    def release(self, number: str) -> None:
        """numbersRelease: back to the network, for good. Conflict while it is porting."""
        self._do("numbersRelease", path=one(number))

    def move(self, number: str, account_id: str, gateway_id: int) -> Moved:
        """numbersMove: to another account, onto a gateway of that account."""
        checks.refuse(
            number=checks.number(number),
            account_id=checks.matches(
                account_id, "[0-9]{1,18}", "An account number has digits only."
            ),
            gateway_id=checks.identifier(gateway_id, "A gateway's id"),
        )
        return self._call(
            "numbersMove",
            Moved,
            path=one(number),
            body={"accountId": int(account_id), "route": gateway_id},
        )

    def set_forward(self, number: str, to: str) -> Forward:
        """numbersForwardSet: calls go to `to`, ten digits."""
        checks.refuse(number=checks.number(number), to=checks.number(to))
        return self._call("numbersForwardSet", Forward, path=one(number), body={"destination": to})

    def stop_forward(self, number: str) -> None:
        """numbersForwardDelete."""
        self._do("numbersForwardDelete", path=one(number))

    def route(self, number: str, gateway_id: int) -> Route:
        """numbersRoute: calls go to that gateway.

        Refused with 400 where the number or the gateway is not the account's.
        """
        checks.refuse(
            number=checks.number(number), gateway_id=checks.identifier(gateway_id, "A gateway's id")
        )
        return self._call("numbersRoute", Route, path=one(number), body={"route": gateway_id})

    def set_cnam(self, number: str, enabled: bool) -> Cnam:
        """numbersCnam: look up callers' names, or stop it."""
        checks.refuse(number=checks.number(number), enabled=checks.flag(enabled, "The look-up"))
        return self._call("numbersCnam", Cnam, path=one(number), body={"enabled": enabled})

    def set_caller_name(self, number: str, name: str, reference: str | None = None) -> CallerName:
        """numbersLidb: the name shown on calls that go out.

        Kept even where `carrier_status` says that the network's part failed.
        """
        checks.refuse(
            number=checks.number(number),
            name=checks.matches(
                name,
                "(?=.*[A-Za-z0-9])[A-Za-z0-9 ]{1,15}",
                "A caller name has up to 15 letters, digits and spaces.",
            ),
        )
        checks.each({"reference": (reference, checks.some(reference, "The reference", 100))})
        body = checks.given(cnam=name, customerOrderReference=reference)
        return self._call("numbersLidb", CallerName, path=one(number), body=body)

    def set_port_out_pin(self, number: str, pin: str) -> PortOutPin:
        """numbersPortOutPinUpdate: four digits. No call ever tells the PIN again."""
        checks.refuse(
            number=checks.number(number),
            pin=checks.matches(pin, "[0-9]{4}", "A PIN has four digits."),
        )
        return self._call(
            "numbersPortOutPinUpdate", PortOutPin, path=one(number), body={"pin": pin}
        )

    def translate(self, number: str, translation: str) -> Translation:
        """numbersTranslation: present ten other digits; the number's own undo it."""
        checks.refuse(number=checks.number(number), translation=checks.number(translation))
        return self._call(
            "numbersTranslation", Translation, path=one(number), body={"translation": translation}
        )

    def fax(self, number: str) -> Fax | None:
        """numbersFaxGet: None where faxes go nowhere."""
        return self._find("numbersFaxGet", Fax, path=one(number))

    def set_fax(self, number: str, email: str) -> Fax:
        """numbersFaxSet: faxes go to that address."""
        checks.refuse(number=checks.number(number), email=checks.email(email))
        return self._call("numbersFaxSet", Fax, path=one(number), body={"email": email})

    def stop_fax(self, number: str) -> None:
        """numbersFaxDelete. Absent where there was none."""
        self._do("numbersFaxDelete", path=one(number))

    def sms(self, number: str) -> Sms | None:
        """numbersSmsGet: None where inbound messages go nowhere."""
        return self._find("numbersSmsGet", Sms, path=one(number))

    def set_sms(self, number: str, kind: str, resource: str) -> Sms:
        """numbersSmsSet.

        `kind`: email, webhook (https) or sip; `resource`: an e-mail, web or IP address. We never
        fetch it.
        """
        by_kind: dict[str, Callable[[object], str]] = {
            "email": checks.email,
            "webhook": checks.web_address,
            "sip": checks.host_and_port,
        }
        checks.refuse(number=checks.number(number), kind=checks.one_of(kind, "The kind", by_kind))
        checks.refuse(resource=by_kind[kind](resource))
        return self._call(
            "numbersSmsSet", Sms, path=one(number), body={"type": kind, "resource": resource}
        )

    def stop_sms(self, number: str) -> None:
        """numbersSmsDelete. Absent where there was none."""
        self._do("numbersSmsDelete", path=one(number))


def one(number: str) -> dict[str, str]:
    """The path of one number."""
    checks.refuse(number=checks.number(number))
    return {"number": number}
