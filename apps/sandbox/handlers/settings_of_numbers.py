"""What is set on one number: forward, route, caller name, fax, texts in, translation,
port-out PIN.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from apps.sandbox.handlers.numbers import held
from apps.sandbox.handlers.registry import plays
from apps.sandbox.models import Number, SmsRow
from apps.sandbox.rules import EMAIL, Asked, Refusal
from apps.sandbox.world import addresses, routes

CALLER_NAME = re.compile(r"[A-Za-z0-9 ]{1,15}", re.ASCII)


def keep(number: Number, **values: Any) -> None:
    Number.objects.filter(pk=number.pk).update(**values)


@plays("numbersForwardSet")
def set_forward(asked: Asked) -> dict[str, Any]:
    number, destination = held(asked), asked.ten_digits("destination")
    if destination == number.pk:
        raise Refusal(409, "Forward update failed: a number cannot forward to itself")
    keep(number, forward_to=destination)
    return {"number": number.pk, "forwardTo": destination}


@plays("numbersForwardDelete")
def stop_forward(asked: Asked) -> None:
    keep(held(asked), forward_to="")


@plays("numbersRoute")
def set_route(asked: Asked) -> dict[str, Any]:
    route = asked.integer("route")
    # the document gives this operation no 404
    number = held(asked, 400, "Invalid route: number not on this account")
    if route not in routes.names_of(asked.account.pk):
        raise Refusal(400, "Invalid route")
    keep(number, route=route)
    return {"number": number.pk, "route": route}


@plays("numbersCnam")
def set_cnam(asked: Asked) -> dict[str, Any]:
    number, enabled = held(asked), asked.boolean("enabled")
    if enabled and not asked.account.services.get("cnam"):
        raise Refusal(409, "CNAM update failed: service not enabled")
    keep(number, cnam=enabled)
    return {"number": number.pk, "cnam": enabled}


@plays("numbersTranslation")
def set_translation(asked: Asked) -> dict[str, Any]:
    number, translation = held(asked), asked.ten_digits("translation")
    keep(number, translated=translation)
    return {"number": number.pk, "translation": translation}


@plays("numbersPortOutPinUpdate")
def set_pin(asked: Asked) -> dict[str, Any]:
    number, pin = held(asked), asked.body.get("pin")
    if not isinstance(pin, str) or not re.fullmatch(r"\d{4}", pin, re.ASCII):
        raise Refusal(400, "Field Invalid: pin (four digits)")
    keep(number, pin=pin)
    # changed: of a later release, whose client insists on it
    return {"number": number.pk, "portOutPin": pin, "changed": True}


@plays("numbersLidb")
def set_caller_name(asked: Asked) -> dict[str, Any]:
    """Kept here whatever the network says; it takes no name without a letter, and says so in
    carrierStatus.
    """
    number, name = held(asked), asked.text("cnam")
    if not CALLER_NAME.fullmatch(name):
        raise Refusal(
            400, "Field Required: cnam (outbound caller name, max 15 alphanumeric characters)"
        )
    reference = (
        asked.maybe_text("customerOrderReference", most=100)
        or f"{asked.account.pk}-{int(asked.at)}"
    )
    keep(number, lidb=name.upper())
    accepted = any(letter.isalpha() for letter in name)
    status = "Success" if accepted else "Rejected: the name must hold a letter"
    return {
        "number": number.pk,
        "cnam": name.upper(),
        "carrierStatus": status,
        "customerOrderReference": reference,
    }


@plays("numbersFaxGet")
def get_fax(asked: Asked) -> dict[str, Any]:
    number = held(asked, message="No fax routing configured")
    if not number.fax:
        raise Refusal(404, "No fax routing configured")
    return {"number": number.pk, "email": number.fax}


@plays("numbersFaxSet")
def set_fax(asked: Asked) -> dict[str, Any]:
    number, email = held(asked), asked.email()
    keep(number, fax=email)
    return {"number": number.pk, "email": email}


@plays("numbersFaxDelete")
def stop_fax(asked: Asked) -> None:
    get_fax(asked)
    keep(held(asked), fax="")


@plays("numbersSmsGet")
def get_sms(asked: Asked) -> dict[str, Any]:
    number = held(asked, message="No SMS routing configured")
    row = SmsRow.objects.filter(pk=number.route_in).first() if number.route_in else None
    if row is None:
        raise Refusal(404, "No SMS routing configured")
    return {"number": number.pk, "type": row.type, "resource": row.resource}


@plays("numbersSmsSet")
def set_sms(asked: Asked) -> dict[str, Any]:
    number, kind, resource = held(asked), asked.text("type"), asked.text("resource", most=500)
    if not _fits(kind, resource):
        raise Refusal(
            400, "Invalid type or resource: email, reachable https webhook, or IP address"
        )
    row, _ = SmsRow.objects.update_or_create(
        account=asked.account.pk, number=number.pk, defaults={"type": kind, "resource": resource}
    )
    keep(number, route_in=row.pk)
    return {"number": number.pk, "type": kind, "resource": resource}


def _fits(kind: str, resource: str) -> bool:
    match kind:
        case "email":
            return EMAIL.fullmatch(resource) is not None
        case "webhook":
            try:
                parts = urlsplit(resource)
                port_is_fine = parts.port is None or parts.port > 0
            except ValueError:
                return False
            return (
                parts.scheme == "https"
                and port_is_fine
                and not parts.username
                and addresses.is_public_host(parts.hostname or "")
            )
        case "sip":
            return addresses.is_gateway(resource)
    return False


@plays("numbersSmsDelete")
def stop_sms(asked: Asked) -> None:
    get_sms(asked)
    number = held(asked)
    SmsRow.objects.filter(account=asked.account.pk, number=number.pk).delete()
    keep(number, route_in=0)
