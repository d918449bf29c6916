"""A draft as its pages show it: numbers by group with their checks, bills, the sum."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from apps.accounts.models import Account
from apps.changes.kit.balance import Cost, cost_of
from apps.changes.models import Entry
from apps.porting import pace
from apps.porting.models import Check, Draft, DraftNumber, Group
from apps.porting.preflight import Checked, examine
from apps.porting.rules.numbering import FEE
from apps.porting.selectors import orders
from apps.text import shortened
from apps.ui.format import money, phone
from apps.voicetel import clock


class NoSuchDraft(LookupError):
    """The account has no such draft, whoever else may."""


def get_draft(account: Account, pk: int) -> Draft:
    """Raises NoSuchDraft."""
    found = Draft.objects.of(account).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise NoSuchDraft
    found.account = account
    return found


def get_group(account: Account, draft: Draft, pk: int) -> Group:
    """Raises NoSuchDraft."""
    mine = Group.objects.of(account).filter(draft=draft)
    found = mine.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise NoSuchDraft
    found.account = account
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """A number of a draft. state: ready, checking, failed, out."""

    number: str
    phone: str
    state: str
    said: str = ""


@dataclass(slots=True)
class Bill:
    """A group with all that its pages say. state: empty, wrong, ready, or that of its order."""

    group: Group
    name: str
    numbers: list[str]
    checked: Checked
    entry: Entry | None
    fee: int = 0
    held: bool = False
    port: str = ""
    fields: list[str] = field(default_factory=list)

    @property
    def many(self) -> int:
        return len(self.numbers)

    @property
    def phones(self) -> list[str]:
        return [phone(each) for each in self.numbers]

    @property
    def ready(self) -> bool:
        return not self.checked.stops

    @property
    def badge(self) -> tuple[str, str]:
        """Word and tone of what it is worth."""
        if self.entry is not None:
            return self.entry.shown.word, self.entry.shown.tone
        if self.ready:
            return "Ready", "good"
        missing = len({each.field for each in self.checked.stops if each.field})
        if not self.group.bill:
            return "Not filled in", "neutral"
        if not missing:
            return "Not ready", "warn"
        return f"{missing} field{'' if missing == 1 else 's'} to fix", "warn"


def name_of(group: Group) -> str:
    """A group as people read it."""
    name = shortened(group.carrier, 60) or "Carrier not known"
    return f"{name}, toll-free" if group.toll_free else name


def in_order(account: Account, draft: Draft) -> list[Group]:
    """The groups of a draft; toll-free ones, and those of a carrier that isn't known, last."""
    found = Group.objects.of(account).filter(draft=draft)
    return sorted(found, key=lambda each: (not each.carrier, each.toll_free, each.pk))


def bills(account: Account, draft: Draft) -> list[Bill]:
    """The groups of a draft. Seven queries, however many."""
    groups = in_order(account, draft)
    for group in groups:
        group.account, group.draft = account, draft
    entries = orders.entries_of(account, [group.pk for group in groups])
    return [
        Bill(
            checked.group,
            name_of(checked.group),
            list(checked.numbers),
            checked,
            entries.get(checked.group.pk),
            fee=FEE * len(checked.numbers),
            held=orders.is_held(entries.get(checked.group.pk)),
        )
        for checked in examine(account, groups)
    ]


def numbers_page(account: Account, draft: Draft) -> dict[str, Any]:
    """Context of the first step: {"groups": [(Group or None, name, [Shown])], "out", "checking",
    "ready"}.
    """
    rows = list(DraftNumber.objects.of(account).filter(draft=draft).order_by("number"))
    checks = {
        each.number: each
        for each in Check.objects.of(account).filter(number__in=[row.number for row in rows])
    }
    groups = in_order(account, draft)
    held = orders.held_groups(account, [group.pk for group in groups])
    placed: dict[int, list[Shown]] = {group.pk: [] for group in groups}
    rest: list[Shown] = []
    out: list[Shown] = []
    for row in rows:
        shown = show(row, checks.get(row.number))
        if row.left_out:
            out.append(shown)
        elif row.group_id in placed:
            placed[row.group_id].append(shown)
        else:
            rest.append(shown)
    now = clock.about_now()
    moves = any(
        (check.due_at and check.due_at <= now) or (check.until and check.until > now)
        for check in checks.values()
    )
    return {
        "groups": [(each, name_of(each), placed[each.pk], each.pk in held) for each in groups],
        "checking": rest,
        "out": out,
        "ready": sum(len(each) for each in placed.values()),
        "every": 2 if moves else 0,
        "others": [each for each in groups if each.pk not in held],
    }


def show(row: DraftNumber, check: Check | None) -> Shown:
    if row.left_out:
        return Shown(row.number, phone(row.number), "out", row.left_out)
    if check is not None and check.portable:
        return Shown(row.number, phone(row.number), "ready")
    if check is not None and check.failed:
        return Shown(row.number, phone(row.number), "failed", check.failed)
    return Shown(row.number, phone(row.number), "checking")


@dataclass(frozen=True, slots=True)
class Sum:
    """What is to be charged. cost: the same, with the balance around it."""

    fee: int
    many: int
    cost: Cost


def sum_of(account: Account, found: Sequence[Bill]) -> Sum:
    """Of the orders that are not sent yet."""
    fresh = [each for each in found if not each.held]
    fee = sum(each.fee for each in fresh)
    return Sum(fee, sum(each.many for each in fresh), cost_of(account, fee))


def confirm_page(account: Account, draft: Draft) -> dict[str, Any]:
    """Context of the last step."""
    found = bills(account, draft)
    fresh = [each for each in found if not each.held]
    ends = [each.checked.good_until for each in fresh if each.checked.good_until]
    return {
        "bills": found,
        "fresh": fresh,
        "sum": sum_of(account, found),
        "ready": bool(fresh) and all(each.ready for each in fresh),
        "good_until": min(ends) if ends else None,
        "moves": any(each.entry and each.entry.moves for each in found),
        "button": f"Order for {money(sum(each.fee for each in fresh))}",
    }


def to_renew(account: Account, draft: Draft) -> list[str]:
    """Numbers of orders not sent yet whose check grows old."""
    rows = DraftNumber.objects.of(account).filter(draft=draft).exclude(group=None)
    groups = orders.held_groups(account, list(rows.values_list("group", flat=True).distinct()))
    numbers = rows.exclude(group__in=groups).values_list("number", flat=True)
    old = Q(at=None) | Q(at__lte=clock.about_now() - pace.RENEW)
    waiting = Check.objects.of(account).filter(old, number__in=list(numbers))
    return list(waiting.filter(failed="").values_list("number", flat=True))
