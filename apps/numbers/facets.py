"""How many numbers there are of each kind: counted once a refresh, so that no page counts 100,000
rows.

On the Copy row it is JSON: {"cells": {"<traits>:<route>": count}, "routes": {"<route>":
"<gateway>"}, "named": {"<route>": "<the customer's own name>"}}. A cell is one combination of all
yes-or-no facts and a route ("" for none); any choice of filters is a sum of cells, exactly.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from apps.numbers.models import route_shown
from apps.numbers.traits import BITS, fits

Wanted = tuple[tuple[str, bool], ...]  # ("sms", True), ("fax", False)
NO_ROUTE = ""


def route_key(route: int | None) -> str:
    return NO_ROUTE if route is None else str(route)


@dataclass(slots=True)
class Facets:
    """Counts by cell, and what the routes are called: by the provider, and by the customer."""

    cells: dict[tuple[int, str], int] = field(default_factory=dict)
    routes: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, stored: str) -> "Facets":
        found = json.loads(stored)
        cells: dict[tuple[int, str], int] = {}
        for key, count in found.get("cells", {}).items():
            traits, _, route = key.partition(":")
            cells[int(traits), route] = count
        return cls(cells, found.get("routes", {}), found.get("named", {}))

    @classmethod
    def of(
        cls, rows: Iterable[tuple[int, int | None, int]], names: Mapping[int | None, str]
    ) -> "Facets":
        """From counted rows (traits, route, count), and what each route is called."""
        facets = cls()
        for traits, route, count in rows:
            facets.cells[traits, route_key(route)] = count
            facets.routes[route_key(route)] = names.get(route, "")
        return facets

    def dump(self) -> str:
        cells = {
            f"{traits}:{route}": count for (traits, route), count in sorted(self.cells.items())
        }
        kept = {"cells": cells, "routes": dict(sorted(self.routes.items()))}
        if self.named:
            kept["named"] = dict(sorted(self.named.items()))
        return json.dumps(kept, separators=(",", ":"))

    @property
    def shown(self) -> dict[str, str]:
        """What each route is called on pages, by its key."""
        return {
            key: self.named.get(key) or route_shown(address, key)
            for key, address in self.routes.items()
        }

    @property
    def total(self) -> int:
        return sum(self.cells.values())

    def moved(self, old: tuple[int, int | None], new: tuple[int, int | None], gateway: str) -> None:
        """One number went from one cell to another."""
        self.left(*old)
        self.came(new, gateway)

    def came(self, new: tuple[int, int | None], gateway: str) -> None:
        """One number entered a cell."""
        entered = (new[0], route_key(new[1]))
        self.cells[entered] = self.cells.get(entered, 0) + 1
        if gateway or entered[1] not in self.routes:
            self.routes[entered[1]] = gateway

    def left(self, traits: int, route: int | None) -> None:
        """One number left its cell."""
        cell = (traits, route_key(route))
        self.cells[cell] = self.cells.get(cell, 0) - 1
        if self.cells[cell] <= 0:
            del self.cells[cell]

    def matching(self, wanted: Wanted, route: str | None = None) -> dict[tuple[int, str], int]:
        """The cells that pass the filters; route: its key, None for any."""
        return {
            cell: count
            for cell, count in self.cells.items()
            if (route is None or cell[1] == route) and fits(cell[0], wanted)
        }

    def counts(self, wanted: Wanted, route: str | None = None) -> dict[str, dict[str, int]]:
        """For each filter's menu: how many rows each choice would show beside the other filters
        chosen.
        """
        menus: dict[str, dict[str, int]] = {name: {"1": 0, "0": 0} for name in BITS}
        menus["route"] = {}
        chosen = dict(wanted)
        for (traits, key), count in self.cells.items():
            misses = [name for name, yes in chosen.items() if bool(traits & BITS[name]) is not yes]
            if route is not None and key != route:
                misses.append("route")
            if len(misses) > 1:
                continue  # two other filters hide it, so no single menu can bring it back
            for name, bit in BITS.items():
                if not misses or misses == [name]:
                    menus[name]["1" if traits & bit else "0"] += count
            if not misses or misses == ["route"]:
                menus["route"][key] = menus["route"].get(key, 0) + count
        return menus
