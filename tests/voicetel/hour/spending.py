"""What the tests of the hour do over and over: ask for a call, settle it, be refused."""

from datetime import datetime, timedelta

import pytest

from apps.voicetel.client import BudgetSpent
from apps.voicetel.hour import budget
from apps.voicetel.hour.budget import Ticket
from apps.voicetel.hour.rules import ACCOUNT, LOOKING, CallClass
from apps.voicetel.models import Spent

SECOND = timedelta(seconds=1)


def reserve(call_class: CallClass = LOOKING, operation: str = "accountGet") -> Ticket:
    return budget.reserve(ACCOUNT, call_class, operation, "1000000001")


def spend(
    calls: int, call_class: CallClass = LOOKING, operation: str = "accountGet"
) -> list[Ticket]:
    tickets = [reserve(call_class, operation) for _ in range(calls)]
    for ticket in tickets:
        budget.settle(ticket)
    return tickets


def refused(call_class: CallClass = LOOKING, operation: str = "accountGet") -> datetime:
    with pytest.raises(BudgetSpent) as caught:
        reserve(call_class, operation)
    return caught.value.retry_at


def row(ticket: Ticket) -> Spent:
    return Spent.objects.get(pk=ticket.spent)
