"""Which calls to ask VoiceTel for next, and what an answer proves: pure functions.

`accountCdr` gives records newest first and may cut the rest. It never says so. A record that we
hold already, asked for again as the oldest one, is the anchor: an answer that reaches it is whole
above it. Records are kept by the moment a call began and appear after it ended, so an hour is
settled only by an answer 26 hours after its end.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from apps.billing.calls import spans
from apps.billing.calls.spans import Span, Spans

HOUR, DAY = 3600, 86_400
LATE = 26 * HOUR  # after which an hour's records are all there
HISTORY = 90 * DAY  # how far back calls are asked for
MOST = 50_000  # rows that an answer may be expected to have
# of four turns one looks back, where there is something to look for; and one settles what is too
# much to be asked for again with each look at the newest calls
TURNS, BACK, SETTLE = 4, 1, 3
# answers without their anchor and without any row, after which we believe that VoiceTel no longer
# has it
BELIEVED = 2


class Anchor(NamedTuple):
    """A record that we hold. at: Unix seconds; record: 16 bytes."""

    at: int
    record: bytes


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. start: the newer end, included; None for now. end: the older one, included.

    anchor: the record at `end` that an answer must reach to be whole; None: nothing proves it.
    """

    start: int | None
    end: int
    anchor: Anchor | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an account's calls. now: by the provider's clock, as far as we know it.

    most: rows after which the provider was seen to cut an answer. reach: seconds that an answer may
    cover, after a longer one was lost. turns: pulls made. cut: the last look at the newest calls
    left a gap; open: nothing proved that it left none. backward: answers come oldest first. ghost:
    an anchor that was not in its answer; short: how often.
    """

    now: int
    floor: int  # nothing older is asked for
    held: Spans
    settled: Spans
    most: int | None = None
    reach: int | None = None
    turns: int = 0
    cut: bool = False
    open: bool = False
    backward: bool = False
    ghost: Anchor | None = None
    short: int = 0

    @property
    def rows(self) -> int:
        """As many may be expected of an answer."""
        return min(MOST, self.most or MOST)

    @property
    def holes(self) -> Spans:
        """What is not held between the floor and the newest moment that is."""
        return spans.without([(self.floor, self.held[-1][1])], self.held) if self.held else []


@dataclass(frozen=True, slots=True)
class Found:
    """What an answer proves. held: time of which every record that was there is in it.

    whole: nothing was cut; short: it lacks a record that has to be in it, so it proves nothing.
    backward: it came oldest first.
    """

    held: Spans
    whole: bool
    short: bool = False
    backward: bool = False


Before = Callable[[int], Anchor | None]  # the newest record that began before a moment
Count = Callable[[int, int], int]  # records held between two moments


def next_ask(known: Known, before: Before, count: Count) -> Ask:
    """What this account's turn is spent on."""
    if not known.held:
        return Ask(None, max(known.now - _shorter(DAY, known.reach), known.floor))
    before = _without_ghost(known, before)
    turn = known.turns % TURNS
    holes = known.holes
    if holes and (known.cut or turn == BACK):
        return _bounded(known, holes[-1], before, count)
    newest = _newest(known, before, count)
    left_open = known.open or known.most is not None
    if turn == SETTLE and left_open and (left := _unsettled(known)):
        return _bounded(known, left[0], before, count)
    return newest


def _without_ghost(known: Known, before: Before) -> Before:
    """before(), but for an anchor that VoiceTel no longer has."""
    ghost = known.ghost
    if ghost is None or known.short < BELIEVED:
        return before

    def found(at: int) -> Anchor | None:
        anchor = before(at)
        return before(ghost.at) if anchor == ghost else anchor

    return found


def _newest(known: Known, before: Before, count: Count) -> Ask:
    """From the record before the oldest moment that is not settled, up to now; only from the newest
    record where that would be too much.
    """
    run = known.held[-1]
    open_since = next(iter(spans.without([run], known.settled)), (run[1], run[1]))[0]
    asked = _from(open_since, run[0], before)
    expected = count(asked.end, run[1]) + _rate(known, count) * (known.now - run[1])
    too_long = known.reach is not None and known.now - asked.end > known.reach
    return _from(run[1], run[0], before) if expected > known.rows or too_long else asked


def _from(since: int, floor: int, before: Before) -> Ask:
    """The ask that ends with the anchor of a moment, unless that lies a day before the run that we
    hold: then nothing proves that the answer is whole.
    """
    anchor = before(since)
    if anchor is None or anchor.at < floor - DAY:
        return Ask(None, since)
    return Ask(None, anchor.at, anchor)


def _unsettled(known: Known) -> Spans:
    """What could be settled now, oldest first."""
    open_spans = spans.without(known.held, known.settled)
    return spans.within(open_spans, known.floor, settled_until(known.now))


def _bounded(known: Known, span: Span, before: Before, count: Count) -> Ask:
    """A span's newest part that is not too much to ask for, down to an anchor where one is near."""
    since, until = span
    rate = _rate(known, count)
    longest = int(known.rows / rate) if rate else HISTORY
    longest = max(_shorter(longest, known.reach), HOUR)
    if until - since > longest:
        return Ask(until - 1, until - longest)
    anchor = before(since)
    if anchor is None or until - anchor.at > longest + DAY:
        return Ask(until - 1, since)
    return Ask(until - 1, anchor.at, anchor)


def _shorter(seconds: int, reach: int | None) -> int:
    return seconds if reach is None else min(seconds, reach)


def _rate(known: Known, count: Count) -> float:
    """Records a second, as in the newest week of what is held."""
    until = known.held[-1][1]
    recent = spans.within(known.held, until - 7 * DAY, until)
    return count(recent[0][0], until) / max(spans.length(recent), DAY)


def settled_until(now: int) -> int:
    """The end of the newest hour whose records are all there."""
    return (now - LATE) // HOUR * HOUR


def judge(ask: Ask, rows: Sequence[Anchor], until: int, *, backward: bool = False) -> Found:
    """What an answer proves. rows: of the answer, in its order; until: up to when it speaks, by the
    provider's clock, not included. backward: an earlier answer came oldest first.
    """
    rows = [row for row in rows if row.at < until]
    if not rows:
        short = ask.anchor is not None
        return Found([] if short else [(ask.end, until)], whole=not short, short=short)
    if _is_backward(rows, before=backward):
        return _judge_backward(ask, rows, until)
    oldest = min(row.at for row in rows)
    if oldest < ask.end:
        return Found([(ask.end, until)], whole=True)
    if ask.anchor and oldest == ask.end:  # others of the anchor's own second may be cut
        return Found([(ask.end + 1, until)], whole=True)
    # Nothing proves that the second of the oldest row is whole, but for a second that is alone:
    # asking for it again would give the same.
    alone = oldest == until - 1
    return Found([(oldest if alone else oldest + 1, until)], whole=False)


def _is_backward(rows: Sequence[Anchor], *, before: bool) -> bool:
    """Rows of one second come in either order: then it is that of the answers before."""
    at = [row.at for row in rows]
    return before if at[0] == at[-1] else at == sorted(at)


def _judge_backward(ask: Ask, rows: Sequence[Anchor], until: int) -> Found:
    """Rows that came oldest first: what follows the newest may be cut."""
    reached = ask.anchor is None or rows[0].at <= ask.end
    newest = rows[-1].at
    return Found([(ask.end, newest)] if reached else [], False, short=not reached, backward=True)


def learned(known: Known, ask: Ask, found: Found, rows: int) -> Known:
    """What is known after an answer. known.now: when it was given, by the provider's clock."""
    until, newest = settled_until(known.now), ask.start is None
    settled = [(since, min(end, until)) for since, end in found.held]
    return replace(
        known,
        held=spans.merged([*known.held, *found.held]),
        settled=spans.merged([*known.settled, *settled]),
        most=_most(known, ask, found, rows),
        reach=known.reach * 2 if known.reach and known.reach < HISTORY else None,
        turns=known.turns + 1,
        cut=newest and ask.anchor is not None and not found.whole,
        open=not found.whole and ask.anchor is None if newest else known.open,
        backward=found.backward if rows else known.backward,
        **_suspect(known, ask, found),
    )


def _most(known: Known, ask: Ask, found: Found, rows: int) -> int | None:
    """How many rows may be expected next: fewer after a cut, and twice as many after none."""
    if found.backward:
        return max(rows, known.most or 0)
    if ask.anchor and not found.whole and rows:
        return rows
    grown = known.most and known.most * 2
    return grown if grown and grown < MOST else None


def _suspect(known: Known, ask: Ask, found: Found) -> dict[str, Any]:
    if not found.short:
        return {}
    short = known.short + 1 if known.ghost == ask.anchor else 1
    return {"ghost": ask.anchor, "short": short}


def lost(known: Known, ask: Ask) -> Known:
    """What is known after an answer that did not come, or broke: the next one covers half."""
    covered = (known.now if ask.start is None else ask.start) - ask.end
    return replace(known, reach=max(covered // 2, HOUR))
