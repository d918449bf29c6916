"""Where VoiceTel has free numbers: states, then a state's cities, rate centers, area codes and
prefixes, then a prefix's blocks of 1,000.

Only the names of the dimension asked for are promised in an answer, so the rest is carried in the
URL.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from apps.accounts.models import Account
from apps.numbers.ordering.asking import COVERAGE, Answer, Question, ask
from apps.numbers.ordering.places import NAMES
from apps.ui.format import count

# tabs of a state or area code: by what is counted, as the URL says it
TABS: Final = {
    "city": ("city", "Cities"),
    "rate_center": ("rateCenter", "Rate centers"),
    "area": ("npanxx", "Area codes"),
    "prefix": ("npanxx", "Prefixes"),
}


@dataclass(frozen=True, slots=True)
class Where:
    """What the page looks at. by: one of TABS; prefix: then its blocks."""

    state: str = ""
    area: str = ""
    prefix: str = ""
    by: str = ""

    @property
    def question(self) -> Question:
        if self.prefix:
            return Question.of(COVERAGE, countBy="block", npa=self.area)
        by = TABS[self.by][0] if self.by else "state"
        return Question.of(COVERAGE, countBy=by, locState=self.state, npa=self.area)

    @property
    def title(self) -> str:
        if self.prefix:
            return f"({self.area}) {self.prefix}"
        return f"Area code {self.area}" if self.area else NAMES.get(self.state, self.state)

    def url(self, **changes: str) -> str:
        given = {
            "state": self.state,
            "area": self.area,
            "prefix": self.prefix,
            "by": self.by,
        } | changes
        return urlencode({name: value for name, value in given.items() if value})

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        """(label, query, whether it is this page) of each way to count."""
        if self.prefix or not (self.state or self.area):
            return []
        left = {"area", "state"} if self.area else {"prefix"}
        names = [name for name in TABS if name not in left]
        return [(TABS[name][1], self.url(by=name), name == self.by) for name in names]


@dataclass(frozen=True, slots=True)
class Bucket:
    """A row of the page. share: of the largest count, in percent; deeper, search: query strings."""

    name: str
    count: int
    share: int
    deeper: str
    search: str


@dataclass(frozen=True, slots=True)
class Covered:
    """The page. block: ten counts where it shows a prefix's blocks."""

    where: Where
    answer: Answer
    buckets: list[Bucket]

    @property
    def total(self) -> int:
        return sum(each.count for each in self.buckets)

    @property
    def words(self) -> str:
        return count(self.total, "free number")


def covered(account: Account, where: Where, *, seconds: float, again: bool = False) -> Covered:
    """Ask, wait at most so long, and show what is known by then."""
    (answer,) = ask(account, [where.question], seconds=seconds, again=again)
    counted: Counter[tuple[str, str, str]] = Counter()  # (name, deeper, search)
    for row in answer.rows:
        found = _bucket(where, row)
        if found and row["count"] > 0:
            counted[found] += row["count"]
    most = max(counted.values(), default=1)
    rows = [
        Bucket(name, many, max(1, many * 100 // most), deeper, search)
        for (name, deeper, search), many in counted.items()
    ]
    rows.sort(key=lambda each: (0 if where.prefix else -each.count, each.name))
    return Covered(where, answer, rows)


def _bucket(where: Where, row: dict[str, Any]) -> tuple[str, str, str] | None:
    """(name, query of the page below it, query of its search); None for a row of something else."""
    base = {"state": where.state, "area": where.area}
    if where.prefix:
        if row["nxx"] != where.prefix or not row["block"]:
            return None
        digit = row["block"][-1] if len(row["block"]) < 7 else row["block"][6]
        low = f"({where.area}) {where.prefix}-{digit}000 to {digit}999"
        return low, "", _search(base | {"exchange": where.prefix})
    match where.by:
        case "":
            state = row["state"]
            if not state:
                return None
            return NAMES.get(state, state), f"state={state}&by=city", _search({"state": state})
        case "city" if row["city"]:
            return row["city"], "", _search(base | {"city": row["city"]})
        case "rate_center" if row["rate_center"]:
            return row["rate_center"], "", _search(base | {"rate_center": row["rate_center"]})
        case "area" if row["npa"]:
            area = row["npa"]
            deeper = where.url(area=area, by="prefix")
            return area, deeper, _search({"state": where.state, "area": area})
        case "prefix" if row["npa"] and row["nxx"]:
            area, prefix = row["npa"], row["nxx"]
            deeper = where.url(area=area, prefix=prefix, by="")
            return f"({area}) {prefix}", deeper, _search({"area": area, "exchange": prefix})
    return None


def _search(query: dict[str, str]) -> str:
    return urlencode({name: value for name, value in query.items() if value})
