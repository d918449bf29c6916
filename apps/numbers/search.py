"""What a person typed into the search box, and the rows that it finds among 100,000 without reading
them all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from apps import phones
from apps.accounts.models import Account
from apps.numbers.models import Number
from apps.text import folded

MOST = 1000  # hits are counted up to here; more are "1,000+"
# the index knows runs of so many characters; shorter searches are answered by the sort's own index
GRAM = 3
# what the index on PostgreSQL holds, word for word as the migration has it. Each gram is kept with
# its account: how long a search takes tells nothing of other accounts' numbers.
HELD = "numbers_grams(numbers_number.account_id, numbers_number.number || ' ' || folded)"


@dataclass(frozen=True, slots=True)
class Search:
    """A search: `digits` anywhere in the number (or at its start or end), `national` at its start,
    or `text` anywhere in the folded label.
    """

    text: str
    digits: str = ""
    place: str = "anywhere"  # starts, ends
    national: str = ""  # the digits without the country's 1

    @classmethod
    def of(cls, typed: str) -> "Search":
        """From what was typed: (201) 555, 201.555, +1 201 555; `201*` starts with it, `*1234` ends
        in it.
        """
        bare = typed.strip()
        text = folded(typed) or bare  # an accent alone is found nowhere
        place = "ends" if bare.startswith("*") else "starts" if bare.endswith("*") else "anywhere"
        digits, national = phones.sought(bare.strip("*"))
        if not digits:
            return cls(text)
        if place != "anywhere":
            return cls(text, (national if place == "starts" else "") or digits, place)
        return cls(text, digits, place, national)

    @property
    def needles(self) -> list[str]:
        """Every text of which one must be there."""
        return [each for each in (self.digits, self.national, self.text) if each]

    @property
    def indexed(self) -> bool:
        """Whether the index of grams can find it."""
        long = all(len(each) >= GRAM for each in self.needles)
        return self.place == "anywhere" and bool(self.needles) and long

    def condition(self) -> Q:
        """The same search by the ORM, row by row along any index."""
        if self.place == "starts":
            return between("number", self.digits)
        if self.place == "ends":
            return between("reversed", self.digits[::-1])
        found = Q(folded__contains=self.text)
        if self.digits:
            found |= Q(number__contains=self.digits)
        return found | between("number", self.national) if self.national else found


def between(column: str, digits: str) -> Q:
    """Begins with these digits, as a range that every index serves: 4321 is from 4321 to before
    4322.
    """
    found = Q(**{f"{column}__gte": digits})
    head = digits.rstrip("9")
    if head:
        found &= Q(**{f"{column}__lt": head[:-1] + chr(ord(head[-1]) + 1)})
    return found


def grams(text: str) -> list[str]:
    """Every run of three characters of a text."""
    return [text[at : at + GRAM] for at in range(len(text) - GRAM + 1)]


def hits(
    account: Account, search: Search, traits: Sequence[int] | None, route: int | None, routed: bool
) -> list[int]:
    """Primary keys of what matches within the filters: all of them, or MOST + 1 when there are
    more.

    traits: the bits allowed, None for any; route: with `routed`, the gateway id asked for (None: no
    route).
    """
    if connection.vendor == "sqlite" and search.indexed:
        return _by_table_of_grams(account, search, traits, route, routed)
    rows = Number.objects.of(account).filter(search.condition())
    if search.indexed:
        rows = rows.filter(_held(account, search))
    if traits is not None:
        rows = rows.filter(traits__in=traits)
    if routed:
        rows = rows.filter(route=route)
    return list(rows.order_by().values_list("pk", flat=True)[: MOST + 1])


def _held(account: Account, search: Search) -> RawSQL:
    """Holds every gram of one of the needles: what PostgreSQL's index answers."""
    sql = " OR ".join([f"{HELD} @> %s"] * len(search.needles))
    given = [[f"{account.pk}:{gram}" for gram in grams(each)] for each in search.needles]
    return RawSQL(f"({sql})", given, BooleanField())  # noqa: S611 - only marks are put in


def _by_table_of_grams(
    account: Account, search: Search, traits: Sequence[int] | None, route: int | None, routed: bool
) -> list[int]:
    """Driven from SQLite's index: CROSS JOIN keeps the planner from turning it round (12 ms instead
    of 0.8), and it ends at the cap.
    """
    tokens = (
        [f'"{account.pk}x{gram.encode().hex()}"' for gram in grams(each)] for each in search.needles
    )
    given: list[str | int | None] = [
        " OR ".join(f"({' '.join(each)})" for each in tokens),
        account.pk,
    ]
    found = ["instr(n.folded, %s) > 0"]
    given.append(search.text)
    if search.digits:
        found.append("instr(n.number, %s) > 0")
        given.append(search.digits)
    if search.national:
        found.append("instr(n.number, %s) = 1")
        given.append(search.national)
    where = f"n.account_id = %s AND ({' OR '.join(found)})"
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
