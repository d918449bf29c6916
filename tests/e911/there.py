"""What the sandbox holds of emergency addresses, and what people type into ours."""

from typing import Any

from apps.accounts.models import Account
from apps.changes.engine import tokens
from apps.e911.models import Record
from apps.sandbox.models import E911, Address

BARE, COVERED = "9735550150", "2015550110"  # Harbor's: without a record, and with one
TYPED = {
    "caller_name": "Harbor Dental",
    "address1": "88 River Street",
    "address2": "suite 210",
    "city": "Hoboken",
    "state": "NJ",
    "zip": "07030",
}
CORRECTED = {
    "address1": "88 RIVER ST",
    "address2": "STE 210",
    "city": "HOBOKEN",
    "state": "NJ",
    "zip": "07030",
}


def typed(**more: Any) -> dict[str, Any]:
    """A form with a token of its own."""
    return TYPED | {"token": tokens.mint()} | more


def record_there(number: str) -> dict[str, str] | None:
    """The provider's record of a number; None for none."""
    found = E911.objects.filter(pk=number).select_related("address").first()
    if found is None:
        return None
    place = {name: getattr(found.address, name) for name in CORRECTED}
    return {"caller_name": found.caller_name, **place}


def put_there(number: str, name: str = "ELSEWHERE", **place: str) -> None:
    """A record that someone made outside of the portal."""
    address = Address.objects.create(**CORRECTED | {"address1": "1 OTHER ST"} | place)
    E911.objects.update_or_create(pk=number, defaults={"caller_name": name, "address": address})


def ours(account: Account, number: str) -> Record:
    return Record.objects.of(account).get(number=number)
