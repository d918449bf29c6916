"""Who gets what at the addresses of billing."""

from datetime import timedelta

from apps.accounts.roles import Right
from apps.billing.calls.shown import key_of
from apps.billing.models import Call, Reading
from apps.voicetel import clock
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


def harbor_month(cast: Cast) -> Args:
    """A month of which two balances of Harbor's were read, or are now."""
    now = clock.now()
    for hours, balance in ((2, 100), (1, 90)):
        at = now - timedelta(minutes=hours)
        Reading.objects.of(cast.harbor).get_or_create(
            account=cast.harbor, balance=balance, defaults={"asked_at": at, "answered_at": at}
        )
    return {"month": f"{now:%Y-%m}"}


BAD_MONTHS = tuple({"month": month} for month in ("2026-13", "x", "9999-01", "%00"))
BAD_CALLS = tuple(
    {"key": key}
    for key in (f"1790000000-{'f' * 32}", "1790000000", "x", "-", f"{'9' * 40}-{'0' * 32}", "%00")
)

ROWS: dict[str, Row] = {
    "billing:billing": Row(get=Right.VIEW),
    "billing:low-balance": Row(get=Right.VIEW, post=Right.BILLING, data={"below": "50"}),
    "billing:statement": Row(get=Right.VIEW),
    "billing:statement_month": Row(get=Right.VIEW, own=harbor_month, absent=BAD_MONTHS),
    "billing:statement_csv": Row(get=Right.VIEW, own=harbor_month, absent=BAD_MONTHS),
    "billing:statement_xlsx": Row(get=Right.VIEW, own=harbor_month, absent=BAD_MONTHS),
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
