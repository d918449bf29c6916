"""Which numbers are free: the lines that geography.py makes, less and plus the
exceptions in Stock.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from apps.sandbox.models import Number, Stock
from apps.sandbox.world import geography
from apps.sandbox.world.geography import Exchange


@cache
def _made(prefix: str) -> frozenset[str]:
    exchange = geography.by_prefix().get(prefix)
    return frozenset(exchange.lines()) if exchange else frozenset()


def is_free(number: str) -> bool:
    exception = Stock.objects.filter(pk=number).values_list("free", flat=True).first()
    if exception is not None:
        return exception
    return number in _made(number[:6]) and not Number.objects.filter(pk=number).exists()


def take(number: str) -> None:
    """No longer in the inventory: assigned, ported in, or released for ever."""
    Stock.objects.update_or_create(pk=number, defaults={"free": False})


def give_back(number: str) -> None:
    """Free again, also where it was never made here (a seeded number that its account removed)."""
    Stock.objects.update_or_create(pk=number, defaults={"free": True})


def _exceptions(prefix: str = "") -> dict[str, set[str]]:
    """NPA-NXX to the numbers whose state differs: taken ones as they are, given ones with a plus
    before them.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for number, free in Stock.objects.filter(number__startswith=prefix).values_list(
        "number", "free"
    ):
        found[number[:6]].add(f"+{number}" if free else number)
    return found


def free_of(exchange: Exchange, exceptions: Iterable[str]) -> list[str]:
    """The exchange's free numbers, in order."""
    made = _made(exchange.npa + exchange.nxx)
    changed = set(exceptions)
    if not changed:
        return sorted(made)
    return sorted((made - changed) | {number[1:] for number in changed if number.startswith("+")})


def walk(npa: str = "") -> Iterator[tuple[Exchange, list[str]]]:
    """Exchanges with their free numbers, in order; npa narrows to one area code."""
    exceptions = _exceptions(npa)
    for area, found in geography.exchanges().items():
        if npa and area != npa:
            continue
        seen = set()
        for exchange in found:
            seen.add(exchange.npa + exchange.nxx)
            yield exchange, free_of(exchange, exceptions.get(exchange.npa + exchange.nxx, ()))
        # given back in an exchange that geography.py did not make
        for prefix in sorted(set(exceptions) - seen):
            given = sorted(number[1:] for number in exceptions[prefix] if number.startswith("+"))
            if given and prefix[:3] == area:
                first = found[0]
                yield Exchange(area, prefix[3:], first.state, first.lata, first.city), given


def search(
    mask: str, *, province: str = "", rate_center: str = "", lata: str = "", most: int = 10
) -> list[tuple[Exchange, str]]:
    """Free numbers that begin with the mask, or with a * in it (for any digits) are like it; at
    most `most` of them.
    """
    pattern = re.compile(
        "".join(r"\d*" if sign == "*" else sign for sign in mask) + ("$" if "*" in mask else "")
    )
    found: list[tuple[Exchange, str]] = []
    for exchange, numbers in walk(mask[:3]):
        if not _fits(exchange, province, rate_center, lata):
            continue
        for number in numbers:
            if pattern.match(number):
                found.append((exchange, number))
                if len(found) == most:
                    return found
    return found


def _fits(exchange: Exchange, province: str, rate_center: str, lata: str) -> bool:
    return (
        (not province or exchange.state == province.upper())
        and (not rate_center or exchange.rate_center == rate_center.upper().replace(" ", "")[:10])
        and (not lata or exchange.lata == lata)
    )


DIMENSIONS = ("state", "city", "rateCenter", "npanxx", "block")


def coverage(
    count_by: str,
    *,
    state: str = "",
    city: str = "",
    rate_center: str = "",
    npa: str = "",
    lata: str = "",
) -> list[dict[str, str | int]]:
    """Free numbers counted by one of DIMENSIONS. A field is filled where the whole bucket shares
    it, else empty.
    """
    counts: Counter[tuple[str, ...]] = Counter()
    shared: dict[tuple[str, ...], list[set[str]]] = {}
    for exchange, numbers in walk(npa):
        if not _fits(exchange, state, rate_center, lata) or (
            city and exchange.city.lower() != city.lower()
        ):
            continue
        for block, count in _blocks(count_by, numbers):
            fields = (
                exchange.state,
                exchange.city,
                exchange.rate_center,
                exchange.lata,
                exchange.npa,
                exchange.nxx,
                block,
            )
            key = _key(count_by, exchange, block)
            counts[key] += count
            for values, value in zip(
                shared.setdefault(key, [set() for _ in fields]), fields, strict=True
            ):
                values.add(value)
    return [
        dict(
            zip(
                FIELDS,
                (values.copy().pop() if len(values) == 1 else "" for values in shared[key]),
                strict=True,
            )
        )
        | {"count": count}
        for key, count in sorted(counts.items())
        if count
    ]


FIELDS = ("locState", "city", "rcAbbre", "lata", "npa", "nxx", "block")


def _blocks(count_by: str, numbers: list[str]) -> Iterable[tuple[str, int]]:
    return (
        Counter(number[6] for number in numbers).items()
        if count_by == "block"
        else [("", len(numbers))]
    )


def _key(count_by: str, exchange: Exchange, block: str) -> tuple[str, ...]:
    match count_by:
        case "state":
            return (exchange.state,)
        case "city":
            return (exchange.state, exchange.city)
        case "rateCenter":
            return (exchange.state, exchange.rate_center, exchange.lata)
        case "npanxx":
            return (exchange.npa, exchange.nxx)
    return (exchange.npa, exchange.nxx, block)
