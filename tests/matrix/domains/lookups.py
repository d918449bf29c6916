"""Who gets what at the addresses of look-ups."""

from apps.accounts.roles import Right
from tests.matrix.row import Row

ROWS: dict[str, Row] = {
    "lookups:lookups": Row(get=Right.VIEW),
    "lookups:lookups_csv": Row(get=Right.VIEW),
    "lookups:lookups_xlsx": Row(get=Right.VIEW),
    "lookups:ask": Row(post=Right.MANAGE, data={"number": "9175550133", "kind": "name"}),
    "lookups:many": Row(get=Right.MANAGE, post=Right.MANAGE, data={"numbers": "", "kind": "name"}),
    "lookups:keeping": Row(get=Right.MANAGE, post=Right.MANAGE, data={"days": "30"}),
}
