"""Who gets what at the addresses of emergency addresses."""

from apps.accounts.roles import Right
from apps.e911.models import Address, Record
from apps.e911.thing import ADDRESS
from apps.jobs import services as jobs
from apps.voicetel import clock
from tests.cast import Cast
from tests.matrix.row import BAD_IDS, HARBOR, NUMBER, Args, Row

LINES = {
    "caller_name": "HARBOR DENTAL",
    "address1": "88 River St",
    "address2": "Fl 2",
    "city": "Hoboken",
    "state": "NJ",
    "zip": "07030",
}


def harbor_address(cast: Cast) -> Args:
    """The press that uses an address of Harbor's own book."""
    made = Address.objects.of(cast.harbor).get_or_create(
        account=cast.harbor,
        address1="88 RIVER ST",
        defaults={"provider_id": 1_234_567, "checked_at": clock.now()},
    )[0]
    return {"address": made.pk, "caller_name": "HARBOR DENTAL"}


def harbor_entry(cast: Cast) -> Args:
    """An address of Harbor's book."""
    return {"pk": harbor_address(cast)["address"]}


def harbor_record(cast: Cast) -> Args:
    """A number of Harbor's with an address that is in use."""
    place = {"address1": "411 HACKENSACK AVE", "city": "HACKENSACK", "state": "NJ", "zip": "07601"}
    Record.objects.of(cast.harbor).get_or_create(
        account=cast.harbor, number=HARBOR, defaults={**place, "told_at": clock.now()}
    )
    return {"number": HARBOR}


def harbor_rows(cast: Cast) -> Args:
    """One row of Harbor's, ticked."""
    harbor_record(cast)
    return {"ids": str(Record.objects.of(cast.harbor).get(number=HARBOR).pk)}


def harbor_selection(cast: Cast) -> Args:
    """Numbers of Harbor's for which an address is to be chosen."""
    job = jobs.select(cast.harbor, [HARBOR], by=cast.owner, thing=ADDRESS)
    return {"pk": job.pk}


ROWS: dict[str, Row] = {
    "e911:list": Row(get=Right.VIEW),
    "e911:list_csv": Row(get=Right.VIEW),
    "e911:list_xlsx": Row(get=Right.VIEW),
    "e911:age": Row(get=Right.VIEW),
    "e911:refresh": Row(post=Right.MANAGE),
    "e911:addresses": Row(get=Right.VIEW),
    "e911:addresses_csv": Row(get=Right.VIEW),
    "e911:addresses_xlsx": Row(get=Right.VIEW),
    "e911:address_add": Row(post=Right.MANAGE, data=harbor_record),
    "e911:select": Row(post=Right.MANAGE, data=harbor_rows),
    "e911:bulk": Row(get=Right.MANAGE, post=Right.MANAGE, own=harbor_selection, absent=BAD_IDS),
    "e911:address_new": Row(get=Right.MANAGE, post=Right.MANAGE, data=LINES),
    "e911:label": Row(
        get=Right.MANAGE,
        post=Right.MANAGE,
        own=harbor_entry,
        absent=BAD_IDS,
        data={"label": "Main office"},
    ),
    "e911:detail": Row(get=Right.VIEW, **NUMBER),
    "e911:state": Row(get=Right.VIEW, **NUMBER),
    "e911:check": Row(post=Right.MANAGE, data=LINES, **NUMBER),
    "e911:protect": Row(post=Right.MANAGE, data=harbor_address, **NUMBER),
    "e911:create": Row(post=Right.MANAGE, data=LINES, **NUMBER),
    "e911:review": Row(post=Right.MANAGE, **NUMBER),
    "e911:remove": Row(
        get=Right.MANAGE, post=Right.MANAGE, data={"typed": "(201) 555-0110"}, **NUMBER
    ),
}
