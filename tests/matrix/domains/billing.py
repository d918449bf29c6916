"""Who gets what at the addresses of billing."""

from apps.accounts.roles import Right
from apps.billing.calls.shown import key_of
from apps.billing.models import Call
from tests.cast import Cast
from tests.matrix.row import Args, Row


def harbor_call(cast: Cast) -> Args:
    """A call of Harbor's."""
    call, _ = Call.objects.of(cast.harbor).get_or_create(
        account=cast.harbor,
        at=1_790_000_000,
        record=bytes(16),
        defaults={
            "own": "2015550110",
            "far": "2015550173",
            "direction": Call.Direction.IN,
            "area": "201",
            "seconds": 102,
            "rate": 10_000,
            "cost": 17_000,
        },
    )
    return {"key": key_of(call)}


BAD_CALLS = tuple(
    {"key": key}
    for key in (f"1790000000-{'f' * 32}", "1790000000", "x", "-", f"{'9' * 40}-{'0' * 32}", "%00")
)

ROWS: dict[str, Row] = {
    "billing:billing": Row(get=Right.VIEW),
    "billing:calls": Row(get=Right.VIEW),
    "billing:calls_csv": Row(get=Right.VIEW),
    "billing:calls_xlsx": Row(get=Right.VIEW),
    "billing:coverage": Row(get=Right.VIEW),
    "billing:call": Row(get=Right.VIEW, own=harbor_call, absent=BAD_CALLS),
    "billing:payments": Row(get=Right.VIEW),
    "billing:payments_csv": Row(get=Right.VIEW),
    "billing:payments_xlsx": Row(get=Right.VIEW),
    "billing:payments_age": Row(get=Right.VIEW),
    "billing:payments_refresh": Row(post=Right.BILLING),
    "billing:credits": Row(get=Right.VIEW),
    "billing:credits_csv": Row(get=Right.VIEW),
    "billing:credits_xlsx": Row(get=Right.VIEW),
    "billing:credits_age": Row(get=Right.VIEW),
    "billing:credits_refresh": Row(post=Right.BILLING),
}
