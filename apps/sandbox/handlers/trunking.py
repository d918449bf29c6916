"""How the account's equipment gets in: access list, authentication, registration, its
own gateways.
"""

import ipaddress
import re
from typing import Any

from apps.sandbox import people, wire
from apps.sandbox.handlers.gateways import own, shown
from apps.sandbox.handlers.registry import plays
from apps.sandbox.models import Account, Acl, Gateway, Number
from apps.sandbox.rules import Asked, Refusal
from apps.sandbox.wire import Reply
from apps.sandbox.world import addresses

MASKS = {8, 16, 24, 32}
BAD_MASK = "Invalid mask: must be /8, /16, /24, or /32"
NOT_ROUTABLE = "CIDR range must be routable"
LABELS = {0: "Digest", 1: "IP Auth", 2: "Digest OR IP Auth", 3: "Digest AND IP Auth"}
# (a sentence)
BAD_PASSWORD = "Must be 6-10 alphanumeric characters with at least one letter and one number"  # noqa: S105
SIP_PASSWORD = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[A-Za-z0-9]{6,10}", re.ASCII)


def _entries(account: str) -> list[dict[str, str]]:
    return [
        {"cidr": cidr}
        for cidr in Acl.objects.filter(account=account)
        .order_by("pk")
        .values_list("cidr", flat=True)
    ]


def _conflict(
    message: str, added: list[str], removed: list[str], failed: list[dict[str, str]]
) -> Reply:
    data = {
        "added": [{"cidr": cidr} for cidr in added],
        "removed": [{"cidr": cidr} for cidr in removed],
        "failed": failed,
    }
    return wire.error(409, message, beside={"data": data})


@plays("aclList")
def list_acl(asked: Asked) -> dict[str, Any]:
    entries = _entries(asked.account.pk)
    if not entries:
        raise Refusal(404, "No entries found")
    return {"acl": entries}


@plays("aclCreate")
def add_acl(asked: Asked) -> dict[str, Any] | Reply:
    """What is good is added even when something else is not: then 409 says which is which."""
    wanted = asked.body.get("acl")
    if (
        not isinstance(wanted, list)
        or not wanted
        or not all(isinstance(entry, dict) for entry in wanted)
    ):
        return _conflict("Field Required: acl", [], [], [])
    added: list[str] = []
    failed: list[dict[str, str]] = []
    for entry in wanted:
        text = entry.get("cidr")
        cidr, reason = _checked(text) if isinstance(text, str) else ("", BAD_MASK)
        if not reason:
            _, created = Acl.objects.get_or_create(account=asked.account.pk, cidr=cidr)
            reason = "" if created else "DB Insert failed"
        if reason:
            failed.append({"cidr": str(text)[:100], "reason": reason})
        else:
            added.append(cidr)
    if failed:
        return _conflict("One or more entries could not be added", added, [], failed)
    return {"added": [{"cidr": cidr} for cidr in added]}


def _checked(text: str) -> tuple[str, str]:
    """The entry as it is kept, and the reason why not (empty when it is fine)."""
    try:
        network = ipaddress.IPv4Network(text.strip(), strict=False)
    except ValueError:
        return "", BAD_MASK
    if "/" not in text or network.prefixlen not in MASKS:
        return "", BAD_MASK
    return (str(network), "") if addresses.routable(network) else ("", NOT_ROUTABLE)


@plays("aclDelete")
def remove_acl(asked: Asked) -> dict[str, Any] | Reply:
    wanted = [part.strip() for part in asked.query.get("cidrs", "").split(",") if part.strip()]
    if not wanted:
        return _conflict("Field Required: cidrs", [], [], [])
    removed: list[str] = []
    failed: list[dict[str, str]] = []
    for cidr in wanted:
        gone, _ = Acl.objects.filter(account=asked.account.pk, cidr=cidr).delete()
        if gone:
            removed.append(cidr)
        else:
            failed.append({"cidr": cidr[:100], "reason": "DB delete failed"})
    if failed:
        return _conflict("One or more entries could not be removed", [], removed, failed)
    return {"removed": [{"cidr": cidr} for cidr in removed]}


@plays("authGet")
def authentication(asked: Asked) -> dict[str, Any]:
    kind = asked.account.auth_type
    return {
        "authType": kind,
        "authTypeDescription": LABELS[kind],
        "acl": _entries(asked.account.pk),
    }


@plays("authPut")
def set_authentication(asked: Asked) -> dict[str, Any] | Reply:
    """Each field by itself; a new password makes the API key a new one."""
    account = asked.account
    updated: list[dict[str, Any]] = []
    errors: list[dict[str, str]] = []
    if "authType" not in asked.body and "password" not in asked.body:
        raise Refusal(400, "Field Required: authType or password")
    if "authType" in asked.body:
        kind = asked.body["authType"]
        if isinstance(kind, int) and not isinstance(kind, bool) and kind in LABELS:
            account.auth_type = kind
            updated.append({"field": "authType", "value": kind})
        else:
            errors.append({"field": "authType", "message": "Must be 0, 1, 2 or 3"})
    if "password" in asked.body:
        password = asked.body["password"]
        if isinstance(password, str) and SIP_PASSWORD.fullmatch(password):
            account.password = password
            account.apikey = people.key_of(f"{account.pk} {password} {account.apikey}", 0)
            updated.append({"field": "password"})
        else:
            errors.append({"field": "password", "message": BAD_PASSWORD})
    Account.objects.filter(pk=account.pk).update(
        auth_type=account.auth_type, password=account.password, apikey=account.apikey
    )
    if errors:
        return wire.error(
            409, "One or more updates failed", beside={"updated": updated, "errors": errors}
        )
    return {"updated": updated}


@plays("accountRegistration")
def registration(asked: Asked) -> dict[str, Any]:
    if not asked.account.agent:
        raise Refusal(404, "Not registered")
    return {
        "agent": asked.account.agent,
        "uri": f"sip:{asked.account.pk}@{_device(asked.account.pk)}",
    }


def _device(account: str) -> str:
    """Where the registered device is: the account's first gateway, as a phone system is both."""
    first = Gateway.objects.filter(account=account).order_by("pk").first()
    return first.gateway if first else f"203.0.113.{10 + int(account) % 90}:5060"


@plays("gatewaysCreate")
def add_gateway(asked: Asked) -> dict[str, Any]:
    address, prefix, limit = _gateway_fields(asked)
    if not address:
        raise Refusal(400, "Field Required: gateway")
    if Gateway.objects.filter(
        account=asked.account.pk, gateway=address, prefix=prefix or ""
    ).exists():
        raise Refusal(409, "Failed to add: gateway exists")
    return shown(
        Gateway.objects.create(
            account=asked.account.pk, gateway=address, prefix=prefix or "", limit=limit or 23
        )
    )


@plays("gatewaysPut")
def change_gateway(asked: Asked) -> dict[str, Any]:
    gateway = own(asked)
    address, prefix, limit = _gateway_fields(asked)
    gateway.gateway = address or gateway.gateway
    gateway.prefix = gateway.prefix if prefix is None else prefix
    gateway.limit = limit or gateway.limit
    gateway.save()
    return shown(gateway)


def _gateway_fields(asked: Asked) -> tuple[str, str | None, int | None]:
    """Address, prefix and limit as far as the body has them, checked."""
    address = asked.maybe_text("gateway", most=255)
    if "gateway" in asked.body and not addresses.is_gateway(address):
        raise Refusal(400, "Invalid gateway: must resolve to a routable public IPv4 address")
    prefix = asked.maybe_text("prefix", most=20) if "prefix" in asked.body else None
    if prefix and not re.fullmatch(r"[\d*#+]{1,20}", prefix, re.ASCII):
        raise Refusal(400, "Invalid prefix: digits")
    limit = None
    if asked.body.get("limit") is not None:
        limit = asked.integer("limit")
        if not 1 <= limit <= 1000:
            raise Refusal(400, "Invalid limit: 1 to 1000")
    return address, prefix, limit


@plays("gatewaysDelete")
def remove_gateway(asked: Asked) -> None:
    gateway = own(asked)
    routed = Number.objects.filter(account=asked.account.pk, route=gateway.pk).count()
    if routed:
        raise Refusal(409, f"Cannot remove: {routed} numbers are still routed to it")
    gateway.delete()
