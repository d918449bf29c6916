"""What a job would do, before anybody starts it: how many things go from what to what, and which
are left out.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.changes.change import Change
from apps.jobs.kinds import KINDS
from apps.jobs.models import Job

CHUNK = 500
SHOWN = 50  # groups of a preview; the rest is one
ALREADY = "already set this way"
UNKNOWN = "Not known"


@dataclass
class Preview:
    """items: those that a start changes. left_out: [reason, how many]. groups: [was, now, how
    many], most first. fresh: why a start asks for a fresh sign-in; none: it doesn't. price:
    micro-dollars.
    """

    items: list[str] = field(default_factory=list)
    left_out: list[tuple[str, int]] = field(default_factory=list)
    groups: list[tuple[str, str, int]] = field(default_factory=list)
    called: str = ""
    fresh: str | None = None
    price: int = 0
    changes: set[str] = field(default_factory=set)  # their classes


def preview_of(job: Job, items: Sequence[str]) -> Preview:
    """The preview of a job that isn't written yet. A few queries for each 500 items."""
    found, kind = Preview(), KINDS[job.kind]
    groups, left = Counter[tuple[str, str]](), Counter[str]()
    for at in range(0, len(items), CHUNK):
        part = items[at : at + CHUNK]
        pairs = [(item, change) for item, change in zip(part, kind.make(job, part), strict=True)]
        left[kind.why_none(job)] += sum(change is None for _, change in pairs)
        for item, change, was, now in _stated([(i, c) for i, c in pairs if c is not None], found):
            if was is None:
                left[ALREADY] += 1
                continue
            found.items.append(item)
            found.price += change.price()
            found.changes.add(type(change).__name__)
            groups[was, now] += 1
            if found.fresh is None and change.wants_fresh():
                found.fresh = change.fresh_because()
    found.left_out = [(why, many) for why, many in left.items() if many]
    top = groups.most_common(SHOWN)
    found.groups = [(was, now, many) for (was, now), many in top]
    if rest := groups.total() - sum(many for _, many in top):
        found.groups.append(("Other values", "", rest))
    return found


def _stated(
    pairs: list[tuple[str, Change]], found: Preview
) -> list[tuple[str, Change, str | None, str]]:
    """(item, change, was, now) in words; was is None for what is so already."""
    by_class: dict[type[Change], list[tuple[str, Change]]] = {}
    for item, change in pairs:
        by_class.setdefault(type(change), []).append((item, change))
    stated: list[tuple[str, Change, str | None, str]] = []
    for cls, each in by_class.items():
        changes: list[Any] = [change for _, change in each]
        before = cls.before_many(changes)
        steps = cls.steps(list(zip(changes, before, strict=True)))
        for (item, change), was, step in zip(each, before, steps, strict=True):
            if step:
                found.called = step.called
            if change.is_so(was):
                stated.append((item, change, None, ""))
            elif step:
                stated.append((item, change, _capital(step.was) or UNKNOWN, _capital(step.now)))
            else:
                stated.append((item, change, "", _capital(change.describe())))
    order = {item: at for at, (item, _) in enumerate(pairs)}
    return sorted(stated, key=lambda row: order[row[0]])


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
