"""What is wrong with an order before it is sent. One list for the page and for the service that
sends: what the page did not ask, nothing sends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.accounts.models import Account
from apps.numbers.models import Number
from apps.porting import pace
from apps.porting.bill import BillForm, kept_form
from apps.porting.models import Check, DraftNumber, Group, PortNumber
from apps.porting.rules import carriers, holidays
from apps.porting.rules.numbering import is_toll_free
from apps.porting.rules.stages import Stage
from apps.ui.format import count, phone
from apps.ui.format import zone as zone_of
from apps.voicetel import clock

USUAL, FAR = 5, 30  # business days to the soonest date that is usual; days


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence about an order. stops: it can't be sent so; else it may be, once it was read.
    field: of the bill, where it is about one.
    """

    text: str
    stops: bool = True
    field: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """One order and what was found. renewed_at: the oldest of its numbers' checks."""

    group: Group
    numbers: tuple[str, ...]
    findings: tuple[Finding, ...]
    oldest: datetime | None

    @property
    def stops(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.stops)

    @property
    def asks(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if not each.stops)

    @property
    def good_until(self) -> datetime | None:
        return self.oldest + pace.FRESH if self.oldest else None


def today_of(account: Account) -> date:
    """The date where the account's people are."""
    return clock.about_now().astimezone(zone_of(account.zone)).date()


def examine(account: Account, groups: Sequence[Group]) -> list[Checked]:
    """Every finding of these orders. Four queries."""
    rows = DraftNumber.objects.of(account).filter(group__in=groups).order_by("number")
    by_group: dict[int, list[str]] = {}
    for group, number in rows.values_list("group", "number"):
        by_group.setdefault(group, []).append(number)
    every = [number for numbers in by_group.values() for number in numbers]
    checks = {each.number: each for each in Check.objects.of(account).filter(number__in=every)}
    taken = taken_numbers(account, every)
    today = today_of(account)
    return [
        _examine(account, group, by_group.get(group.pk, []), checks, taken, today)
        for group in groups
    ]


def taken_numbers(account: Account, numbers: Sequence[str]) -> dict[str, str]:
    """Why numbers can't be ordered, of those that can't: they are here, or on their way."""
    here = Number.objects.of(account).filter(number__in=numbers).values_list("number", flat=True)
    moving = PortNumber.objects.of(account).filter(number__in=numbers, port__closed_at=None)
    moving = moving.exclude(port__stage=Stage.REJECTED)  # a new order is the second choice
    return dict.fromkeys(
        moving.values_list("number", flat=True), "It's in an open port already."
    ) | dict.fromkeys(here, "It's on this account already.")


def _examine(
    account: Account,
    group: Group,
    numbers: list[str],
    checks: dict[str, Check],
    taken: dict[str, str],
    today: date,
) -> Checked:
    found: list[Finding] = []
    told = [checks.get(number) for number in numbers]
    ages = [check.at for check in told if check and check.at]
    oldest = min(ages) if len(ages) == len(numbers) and ages else None
    found += _numbers(numbers, checks, taken)
    form = kept_form(group, today)
    if not group.bill:
        found.append(Finding("The bill isn't filled in yet."))
    elif not form.is_valid():
        found += [
            Finding(f"{form.fields[name].label}: {errors[0]}", field=name)
            for name, errors in form.errors.items()
            if name in form.fields
        ]
    found += _asks(group, numbers, form, today) if group.bill else []
    return Checked(group, tuple(numbers), tuple(found), oldest)


def _numbers(numbers: list[str], checks: dict[str, Check], taken: dict[str, str]) -> list[Finding]:
    found: list[Finding] = []
    old = clock.about_now() - pace.FRESH
    if not numbers:
        found.append(Finding("No number is left on this order."))
    for number in numbers:
        check = checks.get(number)
        if check is None or check.portable is None:
            found.append(Finding(f"{phone(number)} isn't checked yet."))
        elif not check.portable:
            found.append(Finding(f"{phone(number)} can't be ported. {check.reason}".strip()))
        if number in taken:
            found.append(Finding(f"{phone(number)}: {taken[number]}"))
    stale = [
        number
        for number in numbers
        if (check := checks.get(number)) and check.at and check.at <= old
    ]
    if stale:
        found.append(
            Finding(
                f"The check of {count(len(stale), 'number')} is more than 50 minutes old. We're"
                " renewing it."
            )
        )
    known = {check.carrier for number in numbers if (check := checks.get(number)) and check.carrier}
    if len(known) > 1:
        found.append(Finding(f"These numbers are at {' and '.join(sorted(known))}. Split them."))
    if len({is_toll_free(number) for number in numbers}) > 1:
        found.append(Finding("Toll-free numbers need an order of their own. Split them."))
    return found


def _asks(group: Group, numbers: list[str], form: BillForm, today: date) -> list[Finding]:
    """What is allowed, and often wrong."""
    found: list[Finding] = []
    bill = form.cleaned_data
    known = carriers.find_help(group.carrier)
    if known and known.wants and not group.sealed_pin:
        found.append(
            Finding(f"{group.carrier} usually wants a transfer PIN. {known.pin}", False, "pin")
        )
    billing = bill.get("billing_number")
    if billing and billing not in numbers:
        found.append(
            Finding(
                f"The billing number {phone(billing)} isn't among these numbers. That's fine if it"
                " stays with the old carrier.",
                False,
                "billing_number",
            )
        )
    account_number = bill.get("account_number") or ""
    digits = "".join(each for each in account_number if each.isdigit())
    if digits in numbers or (billing and digits == billing):
        found.append(
            Finding("The account number looks like a phone number.", False, "account_number")
        )
    if due := bill.get("due"):
        found += _date(due, today)
    return found


def _date(due: date, today: date) -> list[Finding]:
    said = f"{due:%b} {due.day}"
    if not holidays.is_business(due):
        return [
            Finding(f"{said} isn't a business day. Carriers port on business days.", False, "due")
        ]
    ahead = holidays.business_days(today, due)
    if ahead < USUAL:
        return [
            Finding(
                f"{said} is only {count(ahead, 'business day')} away. The carrier may set a later"
                " date.",
                False,
                "due",
            )
        ]
    if due - today > timedelta(days=FAR):
        return [
            Finding(f"{said} is more than 30 days away. Carriers may decline that.", False, "due")
        ]
    return []
