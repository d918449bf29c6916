"""A short run of schemathesis against the real sandbox; `bin/fuzz` is the long one."""

from collections.abc import Iterator

import pytest

from apps.sandbox.front.remote import Remote
from apps.sandbox.people import HARBOR
from tests.sandbox import schema
from tests.sandbox.fuzz.rounds import KINDS, Served, failed, play, served

pytestmark = schema.needs_document


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.mark.parametrize(("username", "mode"), KINDS[:2])
def test_a_few_examples_of_each_operation_find_nothing(
    sandbox: Served, username: str, mode: str
) -> None:
    done = play(sandbox, schema.PATH, username, mode, seed=1, seconds=60, examples=4)
    assert done.ok, done.said
    assert failed(done.statuses) == []
    assert sandbox.alive
    assert sandbox.errors == ""
    assert len(done.statuses) == 74


def test_control_what_is_wrong_on_purpose_is_found(sandbox: Served) -> None:
    """A 500 that nobody asked for, an answer of wrong types, and a status that the document does
    not have.
    """

    def spoil(control: Remote) -> None:
        control.fault("gatewaysList", "status", times=None, status=500)
        control.fault("aclList", "garbage", times=None, flavor="types")
        control.fault("authGet", "status", times=None, status=418)

    spoilt = ("gatewaysList", "aclList", "authGet")
    done = play(
        sandbox,
        schema.PATH,
        HARBOR.username,
        "positive",
        seed=1,
        seconds=15,
        before=spoil,
        only=spoilt,
    )
    assert not done.ok
    for told in ("GET /v2.2/gateways", "GET /v2.2/acl", "GET /v2.2/auth", "418 is not promised"):
        assert told in done.said
    assert "gatewaysList 500" in failed(done.statuses)
