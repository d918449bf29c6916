"""A row for each number of the account: numbers come and go in another list."""

import json

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef

from apps.accounts.models import Account
from apps.copies import claims, tasks
from apps.copies.models import Copy
from apps.e911.models import E911, Record
from apps.e911.services.facts import facts_of
from apps.numbers.models import NUMBERS, Number
from apps.running.work import SECONDS, work_off
from apps.voicetel import clock

log = structlog.get_logger("e911")


def follow_all() -> int:
    """The sweep: accounts whose list of numbers was read since our rows were made for it."""
    copies = Copy.objects.across_accounts()
    done = {each.account_id: facts_of(each)["numbers"] for each in copies.filter(name=E911)}
    lists = copies.filter(name=NUMBERS, version__gt=0).select_related("account")
    due = [each for each in lists if done.get(each.account_id, -1) != each.version]
    return work_off(due, lambda each: follow(each.account, each), SECONDS, log)


def follow(account: Account, numbers: Copy) -> None:
    """Add a row for each number without one, of which nothing is known until the next list; take
    away the rows of numbers that left. numbers: the copy of the list of numbers.
    """
    now, rows = clock.now(), Record.objects.of(account)
    own = Number.objects.of(account)
    fresh = own.filter(~Exists(rows.filter(number=OuterRef("number"))))
    new = [
        Record(account=account, number=number, told_at=now)
        for number in fresh.values_list("number", flat=True)
    ]
    left = rows.filter(~Exists(own.filter(number=OuterRef("number"))))
    if numbers.read_at:
        # a record that was told after the list of numbers was read is of a number to come
        left = left.filter(told_at__lt=numbers.read_at)
    with transaction.atomic():
        copy = claims.locked(account, E911)
        left.delete()
        rows.bulk_create(new, batch_size=2000, ignore_conflicts=True)
        copy.facts = json.dumps(facts_of(copy) | {"numbers": numbers.version})
        copy.save(update_fields=["facts"])
    if new and account.connected and claims.mark_due(account, E911):
        tasks.nudge(account, E911)
