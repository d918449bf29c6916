"""The largest answer of each class of operations: what is larger is given up at the operation's own
size, whole or packed.
"""

import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.sandbox.front.adapter import InProcess
from apps.voicetel.client import BY_ID, Client, Transport, Unavailable
from apps.voicetel.client.operations import MEGABYTE

NOW = datetime.now(UTC)
LOOKS: list[tuple[int, str, Callable[[Client], Any]]] = [
    (64, "e911QueryAll", lambda c: c.e911.list()),
    (64, "ticketsList", lambda c: c.tickets.list()),
    (24, "accountCdr", lambda c: c.account.cdr(NOW, NOW - timedelta(days=1))),
    (8, "gatewaysList", lambda c: c.gateways.list()),
]


@pytest.mark.parametrize("kind", ["huge", "bomb"])
@pytest.mark.parametrize(("size", "operation", "look"), LOOKS, ids=[each[1] for each in LOOKS])
def test_too_large_an_answer_is_given_up_at_the_size_of_its_class(
    size: int, operation: str, look: Callable[[Client], Any], kind: str, sandbox: Any
) -> None:
    assert BY_ID[operation].largest == size * MEGABYTE
    sandbox.fault(operation, kind)
    client = Client(
        Transport("http://sandbox.test", adapter=InProcess()), sandbox.key("1000000001")
    )
    tracemalloc.start()
    try:
        with pytest.raises(Unavailable, match=f"more than {size * MEGABYTE} bytes|larger than"):
            look(client)
        peak = tracemalloc.get_traced_memory()[1] / MEGABYTE
    finally:
        tracemalloc.stop()
    assert peak < size * 1.3 + 24
