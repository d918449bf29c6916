"""Look-ups that charge: who a caller is, and which carrier a number lives at."""

import hashlib
from typing import Any

from apps.sandbox.handlers.registry import plays
from apps.sandbox.models import Account, Number
from apps.sandbox.rules import TEN_DIGITS, Asked, Refusal
from apps.sandbox.world import charges, geography

NAMES = (
    "GARCIA MARIA",
    "ACME SUPPLY CO",
    "JOHNSON L",
    "RIVERSIDE CLINIC",
    "WIRELESS CALLER",
    "NGUYEN T",
    "CITY HALL",
    "PATEL PRIYA",
)
CARRIERS = (
    ("Verizon", "RBOC", "9104"),
    ("Bandwidth", "CLEC", "981E"),
    ("T-Mobile", "WIRELESS", "6529"),
    ("Comcast", "CLEC", "7610"),
)


def pick(number: str, choices: tuple[Any, ...]) -> Any:
    """The same choice for the same number, always."""
    return choices[hashlib.blake2b(number.encode(), digest_size=4).digest()[0] % len(choices)]


def _ten_digits(number: str, what: str) -> str:
    if not TEN_DIGITS.fullmatch(number):
        raise Refusal(400, f"Invalid {what}: ten-digit telephone number")
    return number


@plays("cnamLookup")
def caller_name(asked: Asked) -> dict[str, Any]:
    number = _ten_digits(asked.path["number"], "number")
    if not asked.account.services.get("cnam"):
        raise Refusal(402, "CNAM service is not enabled")
    price = asked.account.rates["cnam"]
    charges.afford(asked, price)
    charges.take(asked, price, number)
    ours = Number.objects.filter(pk=number).first()
    if ours:
        return {
            "number": number,
            "cnam": ours.lidb or Account.objects.get(pk=ours.account).name.upper()[:15],
        }
    return {"number": number, "cnam": pick(number, NAMES)}


@plays("lrnLookup")
def carrier(asked: Asked) -> dict[str, Any]:
    number, ani = (
        _ten_digits(asked.path["number"], "destination"),
        _ten_digits(asked.path["ani"], "ANI"),
    )
    price = asked.account.rates["lrn"]
    charges.afford(asked, price)
    charges.take(asked, price, number)
    there, here = geography.where(number), geography.where(ani)
    ours = Number.objects.filter(pk=number).exists()
    lec, kind, ocn = ("VoiceTel", "CLEC", "073H") if ours else pick(number, CARRIERS)
    same_state = there is not None and here is not None and there.state == here.state
    return {
        "destination": number,
        "ani": ani,
        "lrn": {
            "lrn": f"1{number[:6]}0000",
            "ocn": ocn,
            "lec": lec,
            "lecType": kind,
            "city": there.city.upper() if there else "",
            "state": there.state if there else "",
            "rc": there.rate_center if there else "",
            "lata": there.lata if there else "",
            "jurisdiction": "INTRASTATE" if same_state else "INTERSTATE",
            "local": "Y" if there and here and there.lata == here.lata else "N",
        },
    }
