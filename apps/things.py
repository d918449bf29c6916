"""Thing: what a change is done to, so that ticket 12, gateway 12 and number 12 never meet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


def _nowhere(_: str) -> str:
    return ""


def _no_facts(_account: Any, _subject: str) -> Sequence[tuple[str, str]]:
    return ()


def _unnamed(_account: Any, _subjects: Sequence[str]) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of thing at the provider: how pages call one, and where one has its page.

    name: stored in rows, lanes, links and `?about=`; never renamed without a migration.
    label: the activity page's filter. shown: an id as people read it. href: the thing's own page,
    "" where it has none. named: the customer's own names for some of an account's, by id; one
    query. facts: what a ticket about one should say, as (name, value); empty where the account has
    no such thing.
    """

    name: str
    label: str
    shown: Callable[[str], str] = str
    href: Callable[[str], str] = _nowhere
    named: Callable[[Any, Sequence[str]], Mapping[str, str]] = _unnamed
    facts: Callable[[Any, str], Sequence[tuple[str, str]]] = _no_facts


_known: dict[str, Thing] = {}


def remember(thing: Thing) -> Thing:
    """Keep a kind of thing under its name. Raises RuntimeError for two of one name."""
    if _known.setdefault(thing.name, thing) is not thing:
        raise RuntimeError(f"two things named {thing.name}")
    return thing


def find_thing(name: str) -> Thing:
    """The thing of that name; one without page and form where this release knows none."""
    return _known.get(name) or Thing(name, name.capitalize())


def list_things() -> list[Thing]:
    """Every kind of thing that changes are done to, by label."""
    return sorted(_known.values(), key=lambda thing: thing.label)
