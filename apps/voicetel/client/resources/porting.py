"""Bringing numbers from another carrier."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from apps.voicetel.client import checks
from apps.voicetel.client.records.porting import (
    Availability,
    OnePort,
    Port,
    PortDetail,
    Ports,
    Submitted,
)
from apps.voicetel.client.resources.base import Resource

DIRECTIONS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
CALLER_NAME = "A caller name has up to 15 letters, digits and spaces."
NAME_TYPES = ("business", "residential")


@dataclass(frozen=True, kw_only=True, slots=True)
class Feature:
    """What a number gets once it is here.

    `gateway_id`: its route; `caller_name`: up to 15; `campaign_id`: for its messages.
    """

    number: str
    gateway_id: int | None = None
    caller_name: str | None = None
    campaign_id: str | None = None

    def body(self) -> dict[str, object]:
        parts: dict[str, object] = {"number": self.number}
        if self.gateway_id is not None:
            parts["routing"] = {"gatewayId": self.gateway_id}
        if self.caller_name is not None:
            parts["lidb"] = {"name": self.caller_name}
        if self.campaign_id is not None:
            parts["sms"] = {"campaignId": self.campaign_id}
        return parts

    def wrong(self) -> str:
        sentences = [checks.number(self.number)]
        if self.gateway_id is not None:
            sentences.append(checks.identifier(self.gateway_id, "A gateway's id"))
        if self.caller_name is not None:
            sentences.append(checks.matches(self.caller_name, "[A-Za-z0-9 ]{1,15}", CALLER_NAME))
        if self.campaign_id is not None:
            sentences.append(
                checks.matches(
                    self.campaign_id, "[A-Z0-9]+", "A campaign id has capital letters and digits."
                )
            )
        return next((sentence for sentence in sentences if sentence), "")


@dataclass(frozen=True, kw_only=True, slots=True)
class PortOrder:
    """All as it stands on the losing carrier's bill: most rejections are a wrong account number,
    PIN, name, address or billing number.
    """

    numbers: Sequence[str]
    billing_number: str
    account_number: str
    name: str
    name_type: str  # business or residential
    authorized_by: str
    street_number: str
    street: str
    street_type: str  # as ST, AVE, BLVD
    city: str
    state: str
    zip_code: str
    country: str = "US"
    pin: str = field(default="", repr=False)
    street_prefix: str = ""
    street_suffix: str = ""
    unit: str = ""
    building: str = ""
    floor: str = ""
    room: str = ""
    due: date | None = None
    features: Sequence[Feature] = ()

    def check(self) -> None:
        """Raises Malformed."""
        texts = {
            "account_number": self.account_number,
            "name": self.name,
            "authorized_by": self.authorized_by,
            "city": self.city,
        }
        texts |= {
            "street_number": self.street_number,
            "street": self.street,
            "street_type": self.street_type,
        }
        optional = {
            "pin": self.pin,
            "unit": self.unit,
            "building": self.building,
            "floor": self.floor,
            "room": self.room,
        }
        directions = {"street_prefix": self.street_prefix, "street_suffix": self.street_suffix}
        wrong = {
            name: checks.some(value, f"The {name.replace('_', ' ')}", 100)
            for name, value in texts.items()
        }
        wrong |= {name: checks.text(value, f"The {name}", 100) for name, value in optional.items()}
        wrong |= {
            name: checks.one_of(value, "The direction", DIRECTIONS)
            for name, value in directions.items()
            if value
        }
        checks.refuse(
            numbers=checks.numbers(self.numbers, 1000),
            billing_number=checks.number(self.billing_number),
            name_type=checks.one_of(self.name_type, "The kind of name", NAME_TYPES),
            state=checks.state(self.state),
            zip_code=checks.matches(
                self.zip_code,
                "[A-Za-z0-9][A-Za-z0-9 -]{2,9}",
                "A postal code has three to ten letters and digits.",
            ),
            country=checks.matches(
                self.country, "[A-Z]{2}", "A country has two capital letters, such as US."
            ),
            features=next(
                (
                    sentence
                    for sentence in (feature.wrong() for feature in self.features)
                    if sentence
                ),
                "",
            ),
            **wrong,
        )

    def body(self) -> dict[str, object]:
        due = f"{self.due.isoformat()}T00:00:00Z" if self.due else None
        needed: dict[str, object] = {
            "did": list(self.numbers),
            "lcBtn": self.billing_number,
            "lcAccountNumber": self.account_number,
            "name": self.name,
            "nameType": self.name_type,
            "authPerson": self.authorized_by,
            "streetNumber": self.street_number,
            "street": self.street,
            "streetType": self.street_type,
            "city": self.city,
            "state": self.state,
            "zip": self.zip_code,
            "country": self.country,
        }
        return needed | checks.given(
            pin=self.pin or None,
            streetPrefix=self.street_prefix or None,
            streetSuffix=self.street_suffix or None,
            unitValue=self.unit or None,
            building=self.building or None,
            floor=self.floor or None,
            room=self.room or None,
            desiredDueDate=due,
            features=[feature.body() for feature in self.features] or None,
        )


class PortsResource(Resource):
    def list(self) -> list[Port]:
        """portList: every port in, newest first."""
        return self._call("portList", Ports).ports

    def get(self, pid: str) -> PortDetail:
        """portGet, by the five-character pid."""
        checks.refuse(
            pid=checks.matches(pid, "[A-Za-z0-9]{5}", "A port's id has five letters and digits.")
        )
        return self._call("portGet", OnePort, path={"id": pid}).port

    def availability(self, number: str) -> Availability:
        """portAvailability: whether it can be ported, and from whom.

        A yes allows submit for an hour.
        """
        checks.refuse(number=checks.number(number))
        return self._call("portAvailability", Availability, path={"number": number})

    def submit(self, order: PortOrder) -> Submitted:
        """portSubmit: $6 a number; the links in the answer come only here. Refused with 400 before
        any side effect.

        Toll-free numbers become a port of their own. Not idempotent: after a doubt compare list().
        """
        order.check()
        return self._call("portSubmit", Submitted, body=order.body())
