"""Who gets what at the addresses of numbers."""

from apps.accounts.roles import Right
from apps.jobs import services
from apps.numbers.thing import NUMBER as THING
from tests.cast import Cast
from tests.matrix.row import BAD_IDS, HARBOR, NUMBER, Args, Row, harbor_route


def harbor_selection(cast: Cast) -> Args:
    """A number of Harbor's that was selected."""
    return {"pk": services.select(cast.harbor, [HARBOR], by=cast.owner, thing=THING).pk}


def harbor_setting(cast: Cast) -> Args:
    return {**harbor_selection(cast), "name": "forward"}


ROWS: dict[str, Row] = {
    "numbers:list": Row(get=Right.VIEW),
    "numbers:list_csv": Row(get=Right.VIEW),
    "numbers:list_xlsx": Row(get=Right.VIEW),
    "numbers:age": Row(get=Right.VIEW),
    "numbers:refresh": Row(post=Right.MANAGE),
    "numbers:routes": Row(get=Right.VIEW),
    "numbers:route_name": Row(
        get=Right.MANAGE, post=Right.MANAGE, own=harbor_route, data={"name": "Desk"}
    ),
    "numbers:bulk": Row(get=Right.MANAGE, post=Right.MANAGE, data={"numbers": HARBOR}),
    "numbers:bulk_choose": Row(get=Right.MANAGE, own=harbor_selection, absent=BAD_IDS),
    "numbers:bulk_setting": Row(
        get=Right.MANAGE,
        post=Right.MANAGE,
        own=harbor_setting,
        absent=({"pk": 999_999_999, "name": "forward"},),
        data={"to": "2015550198"},
    ),
    "numbers:detail": Row(get=Right.VIEW, **NUMBER),
    "numbers:detail_age": Row(get=Right.VIEW, **NUMBER),
    "numbers:accept_cost": Row(post=Right.OWN, **NUMBER),
    "numbers:settings": Row(get=Right.VIEW, **NUMBER),
    "numbers:forward": Row(get=Right.VIEW, post=Right.MANAGE, data={"to": "2015550198"}, **NUMBER),
    "numbers:route": Row(get=Right.VIEW, post=Right.MANAGE, data={"route": "4"}, **NUMBER),
    "numbers:cnam": Row(get=Right.VIEW, post=Right.MANAGE, data={"enabled": "on"}, **NUMBER),
    "numbers:translation": Row(
        get=Right.VIEW, post=Right.MANAGE, data={"to": "2015550198"}, **NUMBER
    ),
    "numbers:caller-name": Row(
        get=Right.VIEW, post=Right.MANAGE, data={"name_shown": "Harbor"}, **NUMBER
    ),
    "numbers:sms": Row(
        get=Right.VIEW, post=Right.MANAGE, data={"kind": "email", "to": "a@harbor.test"}, **NUMBER
    ),
    "numbers:fax": Row(
        get=Right.VIEW, post=Right.MANAGE, data={"email": "a@harbor.test"}, **NUMBER
    ),
    "numbers:pin": Row(get=Right.VIEW, post=Right.MANAGE, data={"pin": "4711"}, **NUMBER),
    "numbers:leave": Row(get=Right.MANAGE, **NUMBER),
    "numbers:leave_remove": Row(post=Right.MANAGE, data={"typed": "2015550110"}, **NUMBER),
    "numbers:leave_release": Row(post=Right.MANAGE, data={"typed": "2015550110"}, **NUMBER),
    "numbers:leave_move": Row(
        post=Right.MANAGE,
        data={"typed": "2015550110", "to": "1000000002", "route": "4"},
        **NUMBER,
    ),
    "numbers:label": Row(get=Right.VIEW, post=Right.MANAGE, data={"label": "Desk"}, **NUMBER),
}
