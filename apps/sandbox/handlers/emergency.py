"""Emergency addresses: checked and corrected, records by number."""

import re
from typing import Any

from apps.sandbox.handlers.registry import plays
from apps.sandbox.models import E911, Address, Number
from apps.sandbox.rules import TEN_DIGITS, Asked, Refusal

SHORT = {
    "AVENUE": "AVE",
    "BOULEVARD": "BLVD",
    "COURT": "CT",
    "DRIVE": "DR",
    "LANE": "LN",
    "PLACE": "PL",
    "ROAD": "RD",
    "SQUARE": "SQ",
    "STREET": "ST",
    "SUITE": "STE",
    "APARTMENT": "APT",
    "FLOOR": "FL",
    "NORTH": "N",
    "SOUTH": "S",
    "EAST": "E",
    "WEST": "W",
}


def _tidy(text: str) -> str:
    """As the emergency network writes it: capitals, no points, the usual short words."""
    words = re.sub(r"[.,]", " ", text.upper()).split()
    return " ".join(SHORT.get(word, word) for word in words)


def _validated(asked: Asked, refusal: int) -> Address:
    """The address of the body, corrected and kept. refusal: the status for a field that
    is missing.
    """
    try:
        street, city, state, code = (
            asked.text(name, most=100) for name in ("address1", "city", "state", "zip")
        )
        second = asked.maybe_text("address2", most=100)
    except Refusal as no:
        raise Refusal(refusal, no.message) from None
    state = state.upper()
    if not re.fullmatch(r"[A-Z]{2}", state) or not re.fullmatch(r"\d{5}(-\d{4})?", code, re.ASCII):
        raise Refusal(refusal, "Field Invalid: state (two letters) or zip (five digits)")
    if state == "ZZ" or street.startswith("0 ") or not _tidy(street):
        raise Refusal(409, "Address validation failed")
    return Address.objects.create(
        address1=_tidy(street), address2=_tidy(second), city=_tidy(city), state=state, zip=code[:5]
    )


def _shown(record: E911) -> dict[str, Any]:
    address = record.address
    return {
        "dn": f"1{record.pk}",
        "callername": record.caller_name,
        "address1": address.address1,
        "address2": address.address2,
        "city": address.city,
        "state": address.state,
        "zip": address.zip,
    }


def _ten(asked: Asked) -> str:
    """The number of the address; eleven digits with a leading 1, as the records show it, are taken
    too.
    """
    dn = asked.path["dn"]
    return dn[1:] if len(dn) == 11 and dn.startswith("1") else dn


def _own(asked: Asked, number: str) -> bool:
    return (
        bool(TEN_DIGITS.fullmatch(number))
        and Number.objects.filter(pk=number, account=asked.account.pk).exists()
    )


def _provision(asked: Asked, number: str, address: Address, name: str) -> dict[str, Any]:
    if not asked.account.services.get("e911"):
        raise Refusal(409, "e911 service is not enabled")
    record, _ = E911.objects.update_or_create(
        pk=number, defaults={"caller_name": name, "address": address}
    )
    return {"record": _shown(record)}


@plays("e911Validate")
def validate(asked: Asked) -> dict[str, Any]:
    address = _validated(asked, 409)  # the document gives this operation no 400
    return {
        "address": {
            "addressid": address.pk,
            "address1": address.address1,
            "address2": address.address2,
            "city": address.city,
            "state": address.state,
            "zip": address.zip,
        }
    }


@plays("e911Create")
def create(asked: Asked) -> dict[str, Any]:
    number, name = asked.ten_digits("dn"), asked.text("callername", most=50)
    if not _own(asked, number):
        raise Refusal(403, "Number is not on the authenticated account")
    return _provision(asked, number, _validated(asked, 400), name)


@plays("e911ProvisionAddress")
def provision(asked: Asked) -> dict[str, Any]:
    number, name = _ten(asked), asked.text("callername", most=50)
    address = Address.objects.filter(pk=asked.integer("addressid")).first()
    if not _own(asked, number):
        raise Refusal(409, "Failed: number not on account")
    if address is None:
        raise Refusal(409, "Failed: unknown addressid")
    return _provision(asked, number, address, name)


@plays("e911QueryAll")
def query_all(asked: Asked) -> dict[str, Any]:
    held = Number.objects.filter(account=asked.account.pk).values_list("number", flat=True)
    records = E911.objects.filter(pk__in=held).select_related("address").order_by("pk")
    rows = [_shown(record) for record in records]
    if not rows:
        raise Refusal(404, "No records found")
    return {"records": rows}


@plays("e911QueryRecord")
def query(asked: Asked) -> dict[str, Any]:
    number = _ten(asked)
    if not _own(asked, number):
        raise Refusal(401, "Number not on account")
    record = E911.objects.select_related("address").filter(pk=number).first()
    if record is None:
        raise Refusal(409, "Query failed")
    return {"record": _shown(record)}


@plays("e911RecordDelete")
def remove(asked: Asked) -> None:
    number = _ten(asked)
    if not _own(asked, number) or not E911.objects.filter(pk=number).delete()[0]:
        raise Refusal(409, "Failed: no record for this number")
