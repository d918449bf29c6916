"""The copies of the release before are carried over, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from apps.accounts.models import Account
from apps.copies.models import Copy

AT = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=3)


def leaves() -> list[tuple[str, str]]:
    return MigrationExecutor(connection).loader.graph.leaf_nodes()


def go_back() -> Any:
    """The models as they were before numbers' copies moved."""
    MigrationExecutor(connection).migrate([("numbers", "0003_missed_gateways"), ("copies", None)])
    others = [leaf for leaf in leaves() if leaf[0] not in {"numbers", "copies"}]
    loader = MigrationExecutor(connection).loader
    return loader.project_state([*others, ("numbers", "0003_missed_gateways")]).apps


def go_on() -> None:
    MigrationExecutor(connection).migrate(leaves())


@pytest.fixture
def before(transactional_db):
    try:
        yield go_back()
    finally:
        go_on()


def test_nothing_of_a_copy_is_lost(before):
    healthy, failing, new = (
        before.get_model("accounts", "Account").objects.create(number=f"100000000{n}")
        for n in (1, 2, 3)
    )
    old = before.get_model("numbers", "Copy")._base_manager
    old.create(
        account=healthy,
        read_at=AT,
        next_at=LATER,
        version=7,
        total=2,
        facets='{"cells":{"0:4":2},"routes":{"4":"DID"}}',
        touched_at=AT,
        gateways_at=LATER,
        claim="c" * 16,
        claim_until=LATER,
    )
    old.create(
        account=failing,
        read_at=AT,
        next_at=LATER,
        version=3,
        failed="VoiceTel cannot be reached at the moment.",
        failures=4,
        doubted="d" * 64,
        doubted_count=9,
        doubted_at=AT,
    )
    old.create(account=new, next_at=AT)
    before.get_model("numbers", "Gateway")._base_manager.create(
        account=healthy, gateway=4, address="DID", missed_at=AT
    )

    go_on()

    kept = Copy.objects.across_accounts()
    assert sorted(kept.values_list("account__number", "name")) == [
        ("1000000001", "gateways"),
        ("1000000001", "numbers"),
        ("1000000002", "numbers"),
        ("1000000003", "numbers"),
    ]
    first = kept.get(account=healthy.pk, name="numbers")
    assert (first.read_at, first.next_at, first.version) == (AT, LATER, 7)
    assert first.facts == '{"cells":{"0:4":2},"routes":{"4":"DID"}}'
    assert (first.touched_at, first.claim, first.claim_until) == (AT, "c" * 16, LATER)
    gateways = kept.get(account=healthy.pk, name="gateways")
    assert (gateways.read_at, gateways.next_at, gateways.first) == (LATER, LATER, False)
    second = kept.get(account=failing.pk)
    assert (second.failed, second.failures) == ("VoiceTel cannot be reached at the moment.", 4)
    assert (second.doubted, second.doubted_count, second.doubted_at) == ("d" * 64, 9, AT)
    assert kept.get(account=new.pk).first

    # the release before still finds its rows, and an account can go all the same
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM numbers_copy")
        assert cursor.fetchone() == (3,)
    Account.objects.filter(pk=healthy.pk).delete()
    assert not kept.filter(account=healthy.pk).exists()


def test_going_back_has_the_release_before_count_anew(before):
    account = before.get_model("accounts", "Account").objects.create(number="1000000001")
    before.get_model("numbers", "Copy")._base_manager.create(
        account=account, next_at=LATER, version=7
    )
    go_on()
    assert go_back().get_model("numbers", "Copy")._base_manager.get().version == 0
