"""Who gets what at the addresses of billing."""

from apps.accounts.roles import Right
from tests.matrix.row import Row

ROWS: dict[str, Row] = {
    "billing:billing": Row(get=Right.VIEW),
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
