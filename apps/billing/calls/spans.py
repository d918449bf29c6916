"""Spans of time as pairs (since, until) of Unix seconds, the end not included."""

from collections.abc import Iterable

Span = tuple[int, int]
Spans = list[Span]


def merged(spans: Iterable[Span]) -> Spans:
    """The same time, in order, without overlaps and empty spans."""
    found: Spans = []
    for since, until in sorted(spans):
        if until <= since:
            continue
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def without(spans: Iterable[Span], less: Iterable[Span]) -> Spans:
    """The time of the first that is in none of the others."""
    left = merged(spans)
    for since, until in merged(less):
        left = [
            part
            for one, other in left
            for part in ((one, min(other, since)), (max(one, until), other))
            if part[0] < part[1]
        ]
    return merged(left)


def within(spans: Iterable[Span], since: int, until: int) -> Spans:
    """What lies between two moments."""
    return merged((max(one, since), min(other, until)) for one, other in spans)


def length(spans: Iterable[Span]) -> int:
    """Seconds."""
    return sum(until - since for since, until in merged(spans))
