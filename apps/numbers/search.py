"""What a person typed into the search box, and the rows that it finds among 100,000 without reading
them all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from apps.accounts.models import Account
from apps.numbers.models import Number
from apps.ui.forms import BETWEEN, DIGITS

MOST = 1000  # hits are counted up to here; more are "1,000+"
# the index knows runs of three characters; shorter searches are answered by the sort's own index
TRIGRAM = 3


@dataclass(frozen=True, slots=True)
class Search:
    """A search: `digits` anywhere in the number (or at its start or end), or `text` anywhere in the
    label.
    """

    text: str
    digits: str = ""
    place: str = "anywhere"  # starts, ends

    @classmethod
    def of(cls, typed: str) -> "Search":
        """From what was typed: (201) 555, 201.555, +1 201 555; `201*` starts with it, `*1234` ends
        in it.
        """
        text = typed.strip()
        place = "ends" if text.startswith("*") else "starts" if text.endswith("*") else "anywhere"
        bare = text.strip("*").strip()
        if not bare or not set(bare) <= DIGITS | BETWEEN:
            return cls(text)
        digits = "".join(letter for letter in bare if letter in DIGITS)
        if digits.startswith("1") and (bare.startswith("+") or len(digits) == 11):
            digits = digits[1:]
        return cls(text, digits, place) if digits else cls(text)

    @property
    def indexed(self) -> bool:
        """Whether the trigram index can find it."""
        return self.place == "anywhere" and len(self.digits or self.text) >= TRIGRAM

    def condition(self) -> Q:
        """The same search by the ORM: through PostgreSQL's trigram index, or a scan where hits are
        many.
        """
        if self.place == "starts":
            return between("number", self.digits)
        if self.place == "ends":
            return between("reversed", self.digits[::-1])
        label = Q(label__icontains=self.text)
        return Q(number__contains=self.digits) | label if self.digits else label


def between(column: str, digits: str) -> Q:
    """Begins with these digits, as a range that every index serves: 4321 is from 4321 to before
    4322.
    """
    found = Q(**{f"{column}__gte": digits})
    head = digits.rstrip("9")
    if head:
        found &= Q(**{f"{column}__lt": head[:-1] + chr(ord(head[-1]) + 1)})
    return found


def hits(
    account: Account, search: Search, traits: Sequence[int] | None, route: int | None, routed: bool
) -> list[int]:
    """Primary keys of what matches within the filters: all of them, or MOST + 1 when there are
    more.

    traits: the bits allowed, None for any; route: with `routed`, the gateway id asked for (None: no
    route).
    """
    if connection.vendor == "sqlite" and search.indexed:
        return _by_trigrams(account, search, traits, route, routed)
    rows = Number.objects.of(account).filter(search.condition())
    if traits is not None:
        rows = rows.filter(traits__in=traits)
    if routed:
        rows = rows.filter(route=route)
    return list(rows.order_by().values_list("pk", flat=True)[: MOST + 1])


def _by_trigrams(
    account: Account, search: Search, traits: Sequence[int] | None, route: int | None, routed: bool
) -> list[int]:
    """Driven from SQLite's trigram index: CROSS JOIN keeps the planner from turning it round (12 ms
    instead of 0.8).
    """
    label = f'label : "{_quoted(search.text)}"'
    match = f'number : "{search.digits}" OR {label}' if search.digits else label
    where = "n.account_id = %s"
    given: list[str | int | None] = [match, account.pk]
    if traits is not None:
        where += f" AND n.traits IN ({', '.join(['%s'] * len(traits)) or 'NULL'})"
        given += traits
    if routed:
        where += " AND n.route IS %s"
        given.append(route)
    statement = (
        # only marks are put in
        "SELECT n.id FROM numbers_search f CROSS JOIN numbers_number n ON n.id = f.rowid "  # noqa: S608
        f"WHERE numbers_search MATCH %s AND {where} LIMIT {MOST + 1}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [pk for (pk,) in cursor.fetchall()]


def _quoted(text: str) -> str:
    return text.replace('"', '""').replace("\x00", "")
