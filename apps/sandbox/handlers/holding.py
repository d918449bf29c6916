"""Numbers that come and go: assigned one by one, removed, released, moved to another account."""

from typing import Any

from apps.sandbox.handlers.numbers import held
from apps.sandbox.handlers.registry import plays
from apps.sandbox.models import E911, Account, Number, SmsRow
from apps.sandbox.rules import Asked, Refusal
from apps.sandbox.world import charges, inventory, routes


def leave(number: Number) -> None:
    """What hangs on a number goes with it."""
    SmsRow.objects.filter(number=number.pk).delete()
    E911.objects.filter(pk=number.pk).delete()
    number.delete()


@plays("numbersCreate")
def add_number(asked: Asked) -> dict[str, Any]:
    number = asked.ten_digits("number")
    route = asked.integer("route") if asked.body.get("route") is not None else routes.DEFAULT
    if route not in routes.names_of(asked.account.pk):
        raise Refusal(409, "Failed to add: invalid route")
    if not inventory.is_free(number):
        raise Refusal(409, "Failed to add: number not available")
    price = asked.account.rates["did"]
    charges.afford(asked, price)
    Number.objects.create(number=number, account=asked.account.pk, route=route)
    inventory.take(number)
    charges.take(asked, price, number)
    return {"number": number, "route": route}


@plays("numbersDelete")
def remove_number(asked: Asked) -> None:
    """Back to the inventory."""
    number = held(asked)
    if number.porting:
        raise Refusal(409, "Failed: number is currently porting")
    leave(number)
    inventory.give_back(asked.path["number"])


@plays("numbersRelease")
def release_number(asked: Asked) -> None:
    """Back to the network: nobody gets it again."""
    number = held(asked, 409, "Failed: number not on this account")
    if number.porting:
        raise Refusal(409, "Failed: number is currently porting")
    leave(number)
    inventory.take(asked.path["number"])


@plays("numbersMove")
def move_number(asked: Asked) -> dict[str, Any]:
    number, route, target = held(asked), asked.integer("route"), asked.integer("accountId")
    if not Account.objects.filter(pk=str(target), enabled=True).exists():
        raise Refusal(400, "Invalid accountId")
    if route not in routes.names_of(str(target)):
        raise Refusal(400, "Invalid route")
    if number.porting or str(target) == asked.account.pk:
        raise Refusal(409, "Move failed")
    SmsRow.objects.filter(number=number.pk).delete()
    E911.objects.filter(pk=number.pk).delete()
    Number.objects.filter(pk=number.pk).update(
        account=str(target), route=route, route_in=0, campaign="", carrier=0, forward_to=""
    )
    return {"number": number.pk, "accountId": target, "route": route}
