"""What the first page and the search collect of changes."""

from typing import Any

import pytest

from apps.accounts.models import Account, Membership
from apps.changes import selectors
from apps.changes.models import Entry
from apps.changes.states import State
from apps.ui.collected import Need
from tests.cast import Cast
from tests.changes.world import Keep, World


@pytest.fixture
def kept(changes: Any, cast: Cast, world: World, press: Any) -> Entry:
    entry: Entry = press(Keep(cast.harbor, "2015551234", value="home"))
    assert entry.state == State.DONE
    return entry


def needs(account: Account, user: Any) -> list[Need]:
    return selectors.needs(account, Membership.objects.get(user=user, account=account))


@pytest.mark.parametrize(("state", "tone"), [(State.ASK, "warn"), (State.ABSENT, "bad")])
def test_a_change_that_asks_needs_those_who_may_answer(
    kept: Entry, cast: Cast, state: State, tone: str, django_assert_num_queries: Any
) -> None:
    assert needs(cast.harbor, cast.manager) == []
    Entry.objects.of(cast.harbor).update(state=state)
    member = Membership.objects.get(user=cast.manager)
    with django_assert_num_queries(1):
        [need] = selectors.needs(cast.harbor, member)
    assert (need.tone, need.action, need.href) == (tone, "Review change", f"/changes/{kept.pk}/")
    assert kept.what in need.text
    assert needs(cast.harbor, cast.viewer) == []


def test_one_being_confirmed_can_be_followed_by_everybody(kept: Entry, cast: Cast) -> None:
    Entry.objects.of(cast.harbor).update(state=State.DOUBT)
    [need] = needs(cast.harbor, cast.viewer)
    assert (need.tone, need.action) == ("info", "View change")


@pytest.mark.parametrize("typed", ["home", "5551234", "Manager"])
def test_a_change_is_found_by_its_words_its_subject_and_who_made_it(
    kept: Entry, cast: Cast, typed: str, django_assert_num_queries: Any
) -> None:
    Entry.objects.of(cast.harbor).update(by_name="Manager Harbor", what="keep it at home")
    with django_assert_num_queries(1):
        [hit] = selectors.find(cast.harbor, typed, 5)
    assert (hit.kind, hit.href) == ("Change", f"/changes/{kept.pk}/")
    assert selectors.find(cast.northwind, typed, 5) == []


def test_it_is_found_by_its_number_and_never_by_nothing(kept: Entry, cast: Cast) -> None:
    assert [hit.href for hit in selectors.find(cast.harbor, f"#{kept.pk}", 5)] == [
        f"/changes/{kept.pk}/"
    ]
    assert selectors.find(cast.harbor, " ", 5) == []
