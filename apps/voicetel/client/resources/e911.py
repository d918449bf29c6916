"""Emergency addresses of numbers. Requests take ten digits; records come with eleven."""

from apps.voicetel.client import checks
from apps.voicetel.client.records.e911 import Address, AllRecords, E911Record, OneRecord, Validated
from apps.voicetel.client.resources.base import Resource


class E911Resource(Resource):
    def list(self) -> list[E911Record]:
        """e911QueryAll: all records, [] for none. Only this proves that a number has none."""
        found = self._find("e911QueryAll", AllRecords)
        return found.records if found else []

    def get(self, number: str) -> E911Record:
        """e911QueryRecord.

        A Conflict or Unauthorized here means "not known": no record, or any other failure.
        """
        checks.refuse(number=checks.number(number))
        return self._call("e911QueryRecord", OneRecord, path={"dn": number}).record

    def validate(
        self, *, address1: str, city: str, state: str, zip_code: str, address2: str = ""
    ) -> Address:
        """e911Validate: the address as the service has it, with the id that provisions it.

        Conflict: no such address. Changes nothing.
        """
        body = address(address1, address2, city, state, zip_code)
        return self._call("e911Validate", Validated, body=body).address

    def create(
        self,
        number: str,
        *,
        caller_name: str,
        address1: str,
        city: str,
        state: str,
        zip_code: str,
        address2: str = "",
    ) -> E911Record:
        """e911Create: checks the address and provisions it, in one step."""
        checks.refuse(
            number=checks.number(number),
            caller_name=checks.some(caller_name, "The caller name", 100),
        )
        body = {
            "dn": number,
            "callername": caller_name,
            **address(address1, address2, city, state, zip_code),
        }
        return self._call("e911Create", OneRecord, body=body).record

    def provision(self, number: str, address_id: int, caller_name: str) -> E911Record:
        """e911ProvisionAddress: an address that was validated.

        The same again changes nothing more.
        """
        checks.refuse(
            number=checks.number(number),
            address_id=checks.identifier(address_id, "An address's id"),
            caller_name=checks.some(caller_name, "The caller name", 100),
        )
        body = {"addressid": address_id, "callername": caller_name}
        return self._call("e911ProvisionAddress", OneRecord, path={"dn": number}, body=body).record

    def delete(self, number: str) -> None:
        """e911RecordDelete."""
        checks.refuse(number=checks.number(number))
        self._do("e911RecordDelete", path={"dn": number})


def address(address1: str, address2: str, city: str, state: str, zip_code: str) -> dict[str, str]:
    checks.refuse(
        address1=checks.some(address1, "The street", 200),
        address2=checks.text(address2, "The second line", 200),
        city=checks.some(city, "The city", 100),
        state=checks.state(state),
        zip_code=checks.matches(
            zip_code, "[0-9]{5}(-[0-9]{4})?", "A ZIP code has five digits, or nine with a dash."
        ),
    )
    return {
        "address1": address1,
        "address2": address2,
        "city": city,
        "state": state,
        "zip": zip_code,
    }
