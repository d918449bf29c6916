"""Someone says that people are at an address still, or what an address is called here."""

from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.audit.services import record
from apps.e911 import lines
from apps.e911.models import Address, Record
from apps.e911.thing import ADDRESS
from apps.voicetel import clock


def same_place(row: Record) -> QuerySet[Record]:
    """The account's records at just this address, this one too."""
    place = {name: getattr(row, name) for name in lines.PLACE}
    return Record.objects.of(row.account_id).filter(**place, address1__gt="")


def review(row: Record, *, by: User, whole: bool) -> int:
    """The address is right: for this number, or for every number at it. How many."""
    rows = same_place(row)
    with transaction.atomic():
        many = (rows if whole else rows.filter(pk=row.pk)).update(
            confirmed_at=clock.now(), confirmed_by=by.with_address[:254]
        )
        if many:
            record(
                by,
                row.account,
                "e911_reviewed",
                row.number,
                thing=ADDRESS.name,
                address=lines.on_one_line(lines.of_row(row)),
                numbers=many,
            )
    return many


def name_address(address: Address, label: str, *, by: User) -> None:
    """The customer's own name of an address of the book; "" takes it away."""
    was = address.label
    if was == label:
        return
    with transaction.atomic():
        Address.objects.of(address.account_id).filter(pk=address.pk).update(label=label)
        record(
            by,
            address.account,
            "e911_address_named",
            lines.on_one_line(lines.of_row(address)),
            before=was,
            after=label,
        )
    address.label = label
