"""What the first page and the search collect of numbers."""

from typing import Any

import pytest

from apps.accounts.models import Account, Membership
from apps.copies.models import Copy
from apps.copies.services import look
from apps.numbers import selectors, sources
from apps.numbers.models import NUMBERS
from apps.numbers.services.rows import label_number
from apps.ui.collected import Hit
from tests.cast import Cast
from tests.numbers.looking import FIRST


@pytest.fixture
def read(sandbox: Any, cast: Cast) -> Account:
    look(cast.harbor, sources.numbers)
    label_number(cast.harbor, FIRST, "Front desk")
    return cast.harbor


def test_a_number_is_found_by_digits_and_by_its_label(read: Account) -> None:
    hit = Hit("Number", "(201) 555-0110", "Front desk", f"/numbers/{FIRST}/")
    assert selectors.find(read, "front", 5) == [hit]
    assert selectors.find(read, "(201) 555-0110", 5) == [hit]
    assert selectors.find(read, "0110", 5) == [hit]


def test_no_more_are_found_than_asked_for_and_none_by_nothing(
    read: Account, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(2):
        assert len(selectors.find(read, "555", 3)) == 3
    with django_assert_max_num_queries(0):
        assert selectors.find(read, "  ", 3) == []


def test_nothing_of_another_account_is_found(read: Account, cast: Cast) -> None:
    assert selectors.find(read, "front", 5)
    assert selectors.find(cast.northwind, "front", 5) == []


def test_a_list_that_could_not_be_refreshed_needs_attention_while_the_account_is_connected(
    read: Account, cast: Cast, django_assert_num_queries: Any
) -> None:
    member = Membership.objects.get(user=cast.viewer)
    assert selectors.needs(read, member) == []
    Copy.objects.of(read).filter(name=NUMBERS).update(failed="VoiceTel did not answer.")
    with django_assert_num_queries(1):
        [need] = selectors.needs(read, member)
    assert "We couldn't refresh your numbers. VoiceTel did not answer." in need.text
    assert (need.tone, need.action, need.href) == ("warn", "View numbers", "/numbers/")
    read.key_state = Account.Key.DEAD
    assert selectors.needs(read, member) == []
