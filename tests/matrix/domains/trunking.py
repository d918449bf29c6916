"""Who gets what at the addresses of SIP trunks."""

from typing import Any

from django.utils import timezone

from apps.accounts.roles import Right
from apps.numbers.models import Gateway
from apps.trunking.models import GatewayReading, Trunk
from tests.cast import Cast
from tests.matrix.row import Row


def asked(cast: Cast) -> dict[str, Any]:
    """Who is registered was asked for just now, so that no page asks."""
    for account in (cast.harbor, cast.northwind):
        Trunk.objects.of(account).update_or_create(
            account=account, defaults={"registration_at": timezone.now()}
        )
    return {}


def gateway(cast: Cast) -> dict[str, Any]:
    """One of Harbor's own gateways, read a moment ago."""
    values = {"address": "198.51.100.200:5060", "limit": 23}
    row = Gateway.objects.of(cast.harbor).get_or_create(
        account=cast.harbor, gateway=987_654, defaults=values
    )[0]
    GatewayReading.objects.of(cast.harbor).update_or_create(
        account=cast.harbor, gateway=row.gateway, defaults={"read_at": timezone.now()}
    )
    return {"gateway": row.gateway}


LISTED = "203.0.113.10/32"
NEW = {"address": "198.51.100.201:5060", "before": "", "limit": "23"}
ASKED: dict[str, Any] = {"own": asked, "data": {"account": "1000000001"}}
OWN: dict[str, Any] = {"own": gateway, "absent": ({"gateway": 424_242},)}

ROWS: dict[str, Row] = {
    "trunking:overview": Row(get=Right.VIEW, **ASKED),
    "trunking:age": Row(get=Right.VIEW, **ASKED),
    "trunking:refresh": Row(post=Right.MANAGE),
    "trunking:registration": Row(get=Right.VIEW, **ASKED),
    "trunking:check": Row(post=Right.MANAGE),
    "trunking:acl": Row(get=Right.VIEW),
    "trunking:acl_age": Row(get=Right.VIEW),
    "trunking:acl_refresh": Row(post=Right.MANAGE),
    "trunking:acl_add": Row(post=Right.MANAGE, data={"text": "198.51.100.77"}),
    "trunking:acl_remove": Row(get=Right.MANAGE, post=Right.MANAGE, data={"cidr": LISTED}),
    "trunking:acl_note": Row(
        get=Right.MANAGE, post=Right.MANAGE, data={"cidr": LISTED, "note": "Office"}
    ),
    "trunking:authentication": Row(get=Right.VIEW, post=Right.OWN, data={"auth_type": "0"}),
    "trunking:password": Row(get=Right.OWN, post=Right.OWN, data={"password": "Harbor12"}),
    "trunking:password_cancel": Row(post=Right.OWN),
    "trunking:gateways": Row(get=Right.VIEW),
    "trunking:gateway_add": Row(get=Right.MANAGE, post=Right.MANAGE, data=NEW),
    "trunking:gateway": Row(get=Right.VIEW, **OWN),
    "trunking:gateway_edit": Row(get=Right.MANAGE, post=Right.MANAGE, data=NEW, **OWN),
    "trunking:gateway_delete": Row(get=Right.MANAGE, post=Right.MANAGE, **OWN),
    "trunking:guide_asterisk": Row(get=Right.VIEW, **ASKED),
    "trunking:guide_freepbx": Row(get=Right.VIEW, **ASKED),
    "trunking:guide_freeswitch": Row(get=Right.VIEW, **ASKED),
    "trunking:guide_fusionpbx": Row(get=Right.VIEW, **ASKED),
    "trunking:guide_3cx": Row(get=Right.VIEW, **ASKED),
}
