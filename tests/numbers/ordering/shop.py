"""What a person does at the counter: fill a cart by the search, read the confirmation, press."""

import html
import re
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import Account
from apps.changes.models import Entry
from apps.money import micro
from apps.numbers.models import Cart
from apps.sandbox.world.geography import exchanges

HARBOR = "1000000001"
PRICE = 500_000  # micro-dollars a number, of the sandbox
LINES = [line for each in exchanges()["201"] for line in each.lines()]
STOCK = [line for line in LINES if not line.endswith("96")]
FAILS = [line for line in LINES if line.endswith("96")]  # ordered, these fail
FIELD = re.compile(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"')
MANY = [
    line
    for area in sorted(exchanges())[:24]
    if area != "201"
    for each in exchanges()[area]
    for line in each.lines()
    if not line.endswith("96")
]  # for orders of hundreds


def pick(client: Client, numbers: Sequence[str]) -> None:
    """Search for each prefix, and put these numbers into the cart."""
    left = set(numbers)
    for prefix in sorted({number[:6] for number in numbers}):
        query = f"area={prefix[:3]}&exchange={prefix[3:]}"
        assert client.get(f"/numbers/order/?{query}").status_code == 200
        mine = [number for number in left if number.startswith(prefix)]
        answer = client.post(
            "/numbers/order/cart/", {"account": HARBOR, "query": query, "number": mine}
        )
        assert answer.status_code == 303, (answer.status_code, answer.content[-1500:])


def confirmation(client: Client, path: str = "/numbers/order/review/") -> dict[str, str]:
    """What the confirmation's form would post."""
    page = client.get(path).content.decode()
    found = {name: html.unescape(value) for name, value in FIELD.findall(page)}
    found.pop("csrfmiddlewaretoken", None)
    return found | {"route": "4", "label": ""}


def press(client: Client, **more: Any) -> HttpResponse:
    """Order what is in the cart."""
    return client.post("/numbers/order/review/", confirmation(client) | more)


def buy(client: Client, numbers: Sequence[str], **more: Any) -> HttpResponse:
    pick(client, numbers)
    return press(client, **more)


def the_order(account: Account) -> Cart:
    """The newest order."""
    return Cart.objects.of(account).filter(state=Cart.State.ORDERED).latest("pk")


def entries(account: Account) -> list[Entry]:
    return list(Entry.objects.of(account).order_by("pk"))


def charged(sandbox: Any) -> list[int]:
    """Micro-dollars of each charge to Harbor Dental, as the provider has them."""
    return [micro(each.amount) for each in sandbox.charges(HARBOR)]
