"""Who gets what at the addresses of finding and ordering numbers."""

from typing import Any

from django.utils import timezone

from apps.accounts.roles import Right
from apps.numbers.models import Cart
from tests.cast import Cast
from tests.matrix.row import Row


def harbor_order(cast: Cast) -> dict[str, Any]:
    """An order of Harbor's of which nothing was sent."""
    now = timezone.now()
    cart = Cart.objects.of(cast.harbor).create(
        account=cast.harbor,
        by=cast.owner,
        by_name="Owner Harbor",
        state=Cart.State.ORDERED,
        changed_at=now,
        ordered_at=now,
    )
    return {"pk": cart.pk}


BAD_IDS = ({"pk": 999_999_999},)
ROWS: dict[str, Row] = {
    "numbers:coverage": Row(get=Right.VIEW),
    "numbers:order": Row(get=Right.VIEW),
    "numbers:cart_add": Row(post=Right.MANAGE, data={"query": "area=201", "all": "1"}),
    "numbers:cart_remove": Row(post=Right.MANAGE),
    "numbers:order_review": Row(
        get=Right.MANAGE, post=Right.MANAGE, data={"each": "500000", "numbers": "", "route": "4"}
    ),
    "numbers:orders": Row(get=Right.VIEW),
    "numbers:orders_csv": Row(get=Right.VIEW),
    "numbers:orders_xlsx": Row(get=Right.VIEW),
    "numbers:placed": Row(get=Right.VIEW, own=harbor_order, absent=BAD_IDS),
    "numbers:order_again": Row(post=Right.MANAGE, own=harbor_order, absent=BAD_IDS),
    "numbers:add": Row(
        get=Right.MANAGE,
        post=Right.MANAGE,
        data={"number": "2015550142", "each": "500000", "route": "4"},
    ),
}
