"""Numbers that a person chose: ticked, all that match, or pasted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from apps.accounts.models import Account
from apps.copies.selectors import find_copy
from apps.numbers import pasted
from apps.numbers.models import NUMBERS, Number
from apps.numbers.selectors.frame import list_state
from apps.numbers.selectors.listing import list_all

CHUNK = 500


@dataclass
class Chosen:
    """numbers: of the account, in order, each once. wrong: (line, as pasted, what is wrong)."""

    numbers: list[str] = field(default_factory=list)
    wrong: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def left_out(self) -> list[tuple[str, int]]:
        """By reason, how many are no part of the selection."""
        return list(Counter(why for _, _, why in self.wrong).items())


def from_list(account: Account, given: QueryDict) -> Chosen:
    """From the list's form: `numbers` ticked on this page, `held` of other pages, or `all` with the
    list's `query`. What isn't the account's is none.
    """
    if given.get("all"):
        copy = find_copy(account, NUMBERS)
        state = list_state(copy, QueryDict(given.get("query", "")))
        return Chosen([row.number for row in list_all(account, copy, state)])
    ticked = [*given.getlist("numbers"), *given.get("held", "").split()]
    return Chosen(_of_account(account, list(dict.fromkeys(ticked))[: pasted.MOST]))


def from_paste(account: Account, text: str) -> Chosen:
    """From what was pasted. Raises pasted.TooLong."""
    found = pasted.read(text)
    mine = set(_of_account(account, found.numbers))
    lines = [(0, number, pasted.NOT_OURS) for number in found.numbers if number not in mine]
    return Chosen([each for each in found.numbers if each in mine], [*found.wrong, *lines])


def _of_account(account: Account, numbers: Sequence[str]) -> list[str]:
    """Those that the account holds, in the order given."""
    held: set[str] = set()
    for at in range(0, len(numbers), CHUNK):
        part = [each for each in numbers[at : at + CHUNK] if len(each) == 10]
        found = Number.objects.of(account).filter(number__in=part)
        held.update(found.values_list("number", flat=True))
    return [number for number in numbers if number in held]
