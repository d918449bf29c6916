"""The transport's meter: the pool's calls are counted by budget.py, the others held back by
limits.py.
"""

from datetime import timedelta

from apps.voicetel.hour import budget, limits
from apps.voicetel.hour.rules import CLASSES, POOLS

Ticket = budget.Ticket | limits.Trial | None


class Meter:
    """Counts each call for one class and one account.

    account: its number; empty: nobody's. about: the change that is sent, by primary key; 0: none.
    """

    def __init__(self, call_class: str, account: str = "", about: int = 0) -> None:
        self.call_class, self.caller = CLASSES[call_class], limits.Caller(account, about)

    def reserve(self, pool: str | None, operation: str) -> Ticket:
        """A ticket for a call that is counted; None where nothing counts it.

        Raises BudgetSpent.
        """
        if pool:
            return budget.reserve(POOLS[pool], self.call_class, operation, self.caller.account)
        return limits.reserve(operation, self.caller)

    def settle(self, ticket: Ticket) -> None:
        if isinstance(ticket, budget.Ticket):
            budget.settle(ticket)

    def release(self, ticket: Ticket) -> None:
        if isinstance(ticket, budget.Ticket):
            budget.release(ticket)
        elif ticket:
            limits.release(ticket)

    def worked(self, ticket: Ticket, pool: str | None, operation: str) -> None:
        if not pool:
            limits.worked(operation, self.caller, ticket)

    def shut(self, pool: str | None, operation: str, wait: timedelta | None) -> None:
        if pool:
            budget.shut(POOLS[pool], operation, wait)
        else:
            limits.limited(operation, self.caller, wait)
