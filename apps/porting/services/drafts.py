"""Preparing an order: numbers in, bills filled in, by a team."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F

from apps import phones
from apps.accounts.models import Account, User
from apps.accounts.sealed import seal, unseal
from apps.audit.services import record
from apps.porting import pace
from apps.porting.models import Check, Draft, DraftNumber, Group
from apps.porting.preflight import taken_numbers
from apps.porting.selectors import orders
from apps.porting.services import checks, grouping
from apps.text import shortened
from apps.ui.format import phone
from apps.voicetel import clock


@dataclass(slots=True)
class Added:
    """What became of a paste. left_out: as typed, and why."""

    numbers: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


class Moved(Exception):
    """Something of the draft stands fast, or changed meanwhile. The text is for a person."""


def read_numbers(text: str) -> Added:
    """Numbers of a paste or a CSV, in any form: a number a line, or several with commas, semicolons
    or tabs between. What is none is named, with why.
    """
    found, seen = Added(), set[str]()
    for line in text.splitlines():
        for cell in _cells(line):
            try:
                number = phones.ten_digits(cell)
            except phones.Unread as wrong:
                found.left_out.append((shortened(cell, 60), str(wrong)))
                continue
            if number in seen:
                found.left_out.append((phone(number), "It's in the list twice."))
            elif number:
                seen.add(number)
                found.numbers.append(number)
    return found


def _cells(line: str) -> list[str]:
    """A line is one number where it reads as one; else what separators part."""
    parts = [line]
    try:
        phones.ten_digits(line)
    except phones.Unread:
        for mark in ("\t", ";", ","):
            if mark in line:
                parts = line.split(mark)
                break
    cells = [part.strip(" \"'") for part in parts]
    return [cell for cell in cells if any(each.isdigit() for each in cell)] or [
        cell for cell in cells[:1] if cell
    ]


def start(account: Account, by: User, title: str, found: Added) -> Draft:
    """A new draft with these numbers. Says in `found` which were left out."""
    now = clock.about_now()
    with transaction.atomic():
        draft = Draft.objects.across_accounts().create(
            account=account,
            title=title,
            by=by,
            by_name=by.with_address[:254],
            changed_by=by.with_address[:254],
            created_at=now,
            changed_at=now,
        )
        record(by, account, "port_drafted", title)
        _add(account, draft, found)
    return draft


def add(account: Account, draft: Draft, by: User, found: Added) -> None:
    """More numbers. Says in `found` which were left out."""
    with transaction.atomic():
        grouping.hold(draft.pk)
        _add(account, draft, found)
        touch(draft, by)


def _add(account: Account, draft: Draft, found: Added) -> None:
    taken = taken_numbers(account, found.numbers)
    mine = DraftNumber.objects.of(account).filter(number__in=found.numbers)
    held = dict(mine.values_list("number", "draft"))
    titles = {each.pk: str(each) for each in Draft.objects.of(account).filter(pk__in=held.values())}
    room = pace.MOST_NUMBERS - DraftNumber.objects.of(account).filter(draft=draft).count()
    fit: list[str] = []
    for number in found.numbers:
        if number in held:
            other = held[number]
            where = "this order" if other == draft.pk else f"“{titles.get(other, 'another order')}”"
            why = f"It's in {where} already."
        elif number in taken:
            why = taken[number]
        elif len(fit) >= room:
            why = f"An order takes {pace.MOST_NUMBERS:,} numbers at most."
        else:
            fit.append(number)
            continue
        found.left_out.append((phone(number), why))
    found.numbers = fit
    DraftNumber.objects.across_accounts().bulk_create(
        [DraftNumber(account=account, draft=draft, number=number) for number in fit]
    )
    checks.want(account, fit)
    grouping.sort(account, draft.pk)


def remove(account: Account, draft: Draft, by: User, numbers: Iterable[str]) -> int:
    """Take numbers off the draft, but those of an order that was sent. How many."""
    with transaction.atomic():
        grouping.hold(draft.pk)
        rows = DraftNumber.objects.of(account).filter(draft=draft, number__in=list(numbers))
        groups = list(rows.exclude(group=None).values_list("group", flat=True))
        gone = rows.exclude(group__in=orders.held_groups(account, groups)).delete()[0]
        grouping.drop_empty(account, draft.pk)
        touch(draft, by)
    return gone


def touch(draft: Draft, by: User) -> None:
    """Somebody changed the draft. Within a transaction."""
    Draft.objects.of(draft.account_id).filter(pk=draft.pk).update(
        version=F("version") + 1,
        changed_at=clock.about_now(),
        changed_by=by.with_address[:254],
    )


def discard(account: Account, draft: Draft, by: User) -> None:
    """Drop a draft, with its PINs. Raises Moved while an order of it is under way or in doubt."""
    with transaction.atomic():
        grouping.hold(draft.pk)
        groups = list(Group.objects.of(account).filter(draft=draft).values_list("pk", flat=True))
        entries = orders.entries_of(account, groups)
        if any(orders.is_open(entry) for entry in entries.values()):
            raise Moved(
                "An order of this draft is being sent. You can discard the draft once that's done."
            )
        title = draft.title
        Draft.objects.of(account).filter(pk=draft.pk).delete()
        record(by, account, "port_discarded", title)


def save_bill(
    account: Account, group: Group, by: User, bill: dict[str, str], pin: str | None, version: int
) -> dict[str, str]:
    """Keep what was typed. pin: None keeps the one that is there; "" takes it away.

    Returns the fields that somebody else gave other values since the page was shown, with those
    values; then nothing was saved. Raises Moved for an order that was sent.
    """
    with transaction.atomic():
        grouping.hold(group.draft_id)
        row = Group.objects.of(account).filter(pk=group.pk).first()
        if row is None or group.pk in orders.held_groups(account, [group.pk]):
            raise Moved("This order was sent meanwhile, so its bill can't be changed here.")
        if row.version != version and (
            clash := {
                name: value
                for name, value in row.bill.items()
                if name in bill and bill[name] != value
            }
        ):
            group.version, group.changed_by = row.version, row.changed_by
            return clash
        values: dict[str, Any] = {"bill": bill, "changed_by": by.with_address[:254]}
        if pin is not None:
            values |= {
                "sealed_pin": seal(account.pk, pin) if pin else None,
                "pin_at": clock.about_now() if pin else None,
            }
        Group.objects.of(account).filter(pk=group.pk).update(version=row.version + 1, **values)
        touch(row.draft, by)
    for name, value in values.items():
        setattr(group, name, value)
    group.version = row.version + 1
    return {}


def pin_of(account: Account, group: Group) -> str:
    """The transfer PIN of a group; "" where it has none. Raises sealed.Unsealable."""
    return unseal(account.pk, bytes(group.sealed_pin)) if group.sealed_pin else ""


def forget() -> int:
    """The sweep: PINs that nobody touched for a week, drafts that nobody touched for 90 days, and
    checks that no draft wants. How many rows.
    """
    now = clock.now()
    gone = Group.objects.across_accounts().filter(pin_at__lte=now - pace.PIN_KEPT)
    many = gone.update(sealed_pin=None, pin_at=None)
    old = Draft.objects.across_accounts().filter(changed_at__lte=now - pace.DRAFT_KEPT)
    for draft in old[:200]:
        groups = Group.objects.of(draft.account_id).filter(draft=draft)
        pks = list(groups.values_list("pk", flat=True))
        entries = orders.entries_of(draft.account, pks)
        if not any(orders.is_open(entry) for entry in entries.values()):
            many += draft.delete()[0]
    wanted = DraftNumber.objects.across_accounts().values("number")
    stale = Check.objects.across_accounts().filter(at__lte=now - pace.DRAFT_KEPT)
    return many + stale.exclude(number__in=wanted).delete()[0]
