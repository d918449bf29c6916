"""Setting: one value of a thing as its page shows and changes it, declared once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from apps.changes.change import Change
from apps.changes.kit.forms import SettingForm

R = TypeVar("R")


def _nothing(_: object) -> str:
    return ""


@dataclass(frozen=True)
class Setting(Generic[R]):
    """One value of things of a kind.

    name: in its address and ids. group: the heading under which it is shown. now: the value in
    words; none: the words for no value. form: None where the portal cannot change it yet. changes:
    what the form makes; none where the value is ours alone, whose events are of the action kept
    (kit/kept.py). note: why it cannot be changed, or is
    not used now. bulk: many things can get the same value at once.
    """

    name: str
    label: str
    group: str
    now: Callable[[R], str]
    none: str
    form: type[SettingForm[R]] | None = None
    changes: tuple[type[Change], ...] = ()
    kept: str = ""
    note: Callable[[R], str] = _nothing
    bulk: bool = False
