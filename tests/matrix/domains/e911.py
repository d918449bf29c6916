"""Who gets what at the addresses of emergency addresses."""

from apps.accounts.roles import Right
from apps.e911.models import Address
from apps.voicetel import clock
from tests.cast import Cast
from tests.matrix.row import NUMBER, Args, Row

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


ROWS: dict[str, Row] = {
    "e911:list": Row(get=Right.VIEW),
    "e911:list_csv": Row(get=Right.VIEW),
    "e911:list_xlsx": Row(get=Right.VIEW),
    "e911:age": Row(get=Right.VIEW),
    "e911:refresh": Row(post=Right.MANAGE),
    "e911:detail": Row(get=Right.VIEW, **NUMBER),
    "e911:state": Row(get=Right.VIEW, **NUMBER),
    "e911:check": Row(post=Right.MANAGE, data=LINES, **NUMBER),
    "e911:protect": Row(post=Right.MANAGE, data=harbor_address, **NUMBER),
    "e911:create": Row(post=Right.MANAGE, data=LINES, **NUMBER),
    "e911:remove": Row(
        get=Right.MANAGE, post=Right.MANAGE, data={"typed": "(201) 555-0110"}, **NUMBER
    ),
}
