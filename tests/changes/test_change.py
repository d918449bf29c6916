"""A change goes into its row and comes back the same; its secrets do not show."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from apps.accounts.roles import Right
from apps.accounts.sealed import Unsealable
from apps.changes import change as module
from apps.changes.change import Change, pack, unpack
from tests.changes.world import KEPT, Keep, Order, Port, World


def row_of(c: Change) -> Any:
    from apps.changes.models import Entry

    args, sealed, mark = pack(c)
    return Entry(
        account=c.account,
        kind=type(c).__name__,
        subject=c.subject,
        args=args,
        sealed=sealed,
        print=mark,
    )


def test_arguments_come_back_as_they_were(cast: Any, world: World) -> None:
    order = Order(
        cast.harbor, "cart-1", numbers=["2015551234", "2015551296"], shown=Decimal("0.10")
    )
    assert unpack(row_of(order)) == order


def test_a_secret_is_neither_in_the_clear_arguments_nor_in_the_text(
    cast: Any, world: World
) -> None:
    port = Port(cast.harbor, "2015551234", pin="4711")
    entry = row_of(port)
    assert entry.args == {}
    assert "4711" not in repr(port)
    assert b"4711" not in entry.sealed
    assert unpack(entry) == port


def test_a_secret_sealed_for_another_account_does_not_open(cast: Any, world: World) -> None:
    entry = row_of(Port(cast.harbor, "2015551234", pin="4711"))
    entry.account = cast.northwind
    with pytest.raises(Unsealable):
        unpack(entry)


def test_the_print_tells_any_two_bodies_apart(cast: Any, world: World) -> None:
    bodies = [
        Port(cast.harbor, "2015551234", pin="4711"),
        Port(cast.harbor, "2015551234", pin="4712"),
        Port(cast.harbor, "2015551235", pin="4711"),
        Port(cast.northwind, "2015551234", pin="4711"),
        Keep(cast.harbor, "2015551234", value="4711"),
    ]
    assert len({pack(body)[2] for body in bodies}) == len(bodies)


def test_the_print_is_not_the_bare_hash_of_a_pin(cast: Any, world: World, settings: Any) -> None:
    port = Port(cast.harbor, "2015551234", pin="4711")
    first = pack(port)[2]
    settings.SECRET_KEY = "another key of fifty letters and more, so that it is long enough"
    assert pack(port)[2] != first


@pytest.mark.parametrize("args", [{}, {"value": "a", "extra": 1}, {"value": 5}, {"other": "a"}])
def test_arguments_of_another_release_are_refused(
    cast: Any, world: World, args: dict[str, Any]
) -> None:
    entry = row_of(Keep(cast.harbor, "x", value="a"))
    entry.args = args
    with pytest.raises(msgspec.ValidationError):
        unpack(entry)


def test_a_kind_that_is_not_registered_is_refused(cast: Any, world: World) -> None:
    entry = row_of(Keep(cast.harbor, "x", value="a"))
    entry.kind = "Gone"
    with pytest.raises(KeyError):
        unpack(entry)


def test_two_classes_of_one_name_are_a_mistake(world: World) -> None:
    with pytest.raises(RuntimeError):
        module.change("testKeep", needs=Right.OWN)(
            type("Keep", (Change,), {"__annotations__": {}, "thing": KEPT})
        )


def test_a_mark_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        module.change("testKeep", needs=Right.OWN, agian=True)
