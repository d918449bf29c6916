"""Answers about emergency addresses."""

from apps.voicetel.client.records.base import Record, Text


class Address(Record, frozen=True):
    """e911Validate: the address as corrected. `addressid` provisions it."""

    addressid: int
    address1: str
    city: str
    state: str
    zip: Text
    address2: str | None = None


class Validated(Record, frozen=True):
    """e911Validate."""

    address: Address


class E911Record(Record, frozen=True):
    """One number's record. `dn` comes with eleven digits; `number` has ten, as requests want it."""

    dn: Text
    address1: str
    city: str
    state: str
    zip: Text
    callername: str
    address2: str | None = None

    @property
    def number(self) -> str:
        return str(self.dn[1:]) if len(self.dn) == 11 and self.dn[0] == "1" else str(self.dn)


class OneRecord(Record, frozen=True):
    """e911QueryRecord, e911Create, e911ProvisionAddress."""

    record: E911Record


class AllRecords(Record, frozen=True):
    """e911QueryAll."""

    records: list[E911Record]
