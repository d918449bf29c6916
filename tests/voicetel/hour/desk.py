"""A test tool: a desk that serves wishes of the line, and how tests want, fill the hour and let
time pass.
"""

from collections.abc import Callable
from datetime import timedelta

from apps.voicetel import clock
from apps.voicetel.hour import budget, line
from apps.voicetel.hour.rules import ACCOUNT, CLASSES
from apps.voicetel.models import Wish

OPERATION = "accountGet"
MINUTE = timedelta(minutes=1)


class Desk:
    """Serves wishes of the kind "test": reserves a call of the hour, as every handler's
    client does.
    """

    def __init__(self) -> None:
        self.served: list[str] = []
        self.before: Callable[[Wish], bool | None] = lambda wish: None

    def __call__(self, wish: Wish) -> bool:
        ticket = budget.reserve(ACCOUNT, CLASSES[wish.call_class], wish.operation, wish.account)
        self.served.append(wish.about)
        said = self.before(wish)
        budget.settle(ticket)
        return True if said is None else said


def want(call_class: str, name: str, **named: object) -> None:
    line.want(OPERATION, call_class, "test", name, **named)


def wish(name: str) -> Wish:
    return Wish.objects.get(kind="test", about=name)


def fill(calls: int, call_class: str = "owners") -> None:
    for _ in range(calls):
        budget.settle(budget.reserve(ACCOUNT, CLASSES[call_class], OPERATION))


def pass_time(span: timedelta) -> None:
    clock.advance(span.total_seconds())
