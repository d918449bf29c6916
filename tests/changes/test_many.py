"""What 500 rows were, are and may be undone to is asked in one query each."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from apps.accounts.models import Account
from apps.accounts.roles import Right
from apps.changes import selectors
from apps.changes.change import REGISTRY, Change, change, pack, recall
from apps.changes.engine import rows
from apps.changes.models import Entry
from apps.changes.states import State
from apps.numbers.models import Number
from apps.things import Thing

LABELLED = Thing("labelled", "Labelled")
MANY = 500


@change("testLabel", needs=Right.MANAGE, again=True)
class Label(Change):
    """The label of one of our numbers, read and written for many at once."""

    thing = LABELLED
    to: str

    def describe(self) -> str:
        return f"label {self.subject} {self.to}"

    def before(self) -> dict[str, Any]:
        return self.before_many([self])[0]

    @classmethod
    def before_many(cls, changes: Sequence["Label"]) -> list[dict[str, Any]]:
        of_account = Number.objects.of(changes[0].account)
        told = dict(
            of_account.filter(number__in=[each.subject for each in changes]).values_list(
                "number", "label"
            )
        )
        return [{"label": told.get(each.subject, "")} for each in changes]

    def done(self, answer: str) -> None:
        self.done_many([(self, answer)])

    @classmethod
    def done_many(cls, pairs: Sequence[tuple["Label", Any]]) -> None:
        kept = {each.subject: answer for each, answer in pairs}
        numbers = list(Number.objects.of(pairs[0][0].account).filter(number__in=kept))
        for number in numbers:
            number.label = kept[number.number]
        Number.objects.of(pairs[0][0].account).bulk_update(numbers, ["label"])

    def undo(self, before: dict[str, Any]) -> Change | None:
        return Label(self.account, self.subject, to=before["label"])


del REGISTRY["Label"]


@pytest.fixture
def labels(cast: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Label]]:
    monkeypatch.setitem(REGISTRY, "Label", Label)
    subjects = [f"201555{n:04}" for n in range(MANY)]
    Number.objects.of(cast.harbor).bulk_create(
        [Number(account=cast.harbor, number=subject, label="old") for subject in subjects]
    )
    return [Label(cast.harbor, subject, to="new") for subject in subjects]


def done(account: Account, changes: list[Label]) -> list[Entry]:
    """Their entries as they are once sent, read anew."""
    rows.rows().bulk_create(
        [
            Entry(
                account=account,
                kind="Label",
                thing="labelled",
                subject=each.subject,
                lane=each.lane(),
                what=each.describe(),
                args=pack(each)[0],
                print="0",
                before={"label": "old"},
                answer={"label": "new"},
                token=f"{n}-{each.to}",
                state=State.DONE,
            )
            for n, each in enumerate(changes)
        ]
    )
    return list(Entry.objects.of(account).filter(args__to=changes[0].to).order_by("pk"))


def test_before_of_many_is_one_query(labels: list[Label], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert Label.before_many(labels) == [{"label": "old"}] * MANY


def test_done_of_many_reads_once_and_writes_once(
    cast: Any, labels: list[Label], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(5):  # SQLite writes them in three batches
        Label.done_many([(each, "new") for each in labels])
    assert Number.objects.of(cast.harbor).filter(label="new").count() == MANY


def test_a_class_that_says_nothing_of_many_asks_each(cast: Any, labels: list[Label]) -> None:
    each = labels[:3]
    assert Change.before_many.__func__(Label, each) == [{"label": "old"}] * 3  # type: ignore[attr-defined]
    Change.done_many.__func__(Label, [(one, "new") for one in each])  # type: ignore[attr-defined]
    assert Number.objects.of(cast.harbor).filter(label="new").count() == 3


def test_the_undos_of_many_are_asked_in_three_queries(
    cast: Any, labels: list[Label], django_assert_num_queries: Any
) -> None:
    Label.done_many([(each, "new") for each in labels])
    entries = done(cast.harbor, labels)
    with django_assert_num_queries(3):  # what is newer, the account, what the copy says
        undos = selectors.find_undos(entries)
    assert undos == {entry.pk: Label(cast.harbor, entry.subject, to="old") for entry in entries}
    assert len(undos) == MANY


def test_each_undo_of_many_is_what_it_is_alone(cast: Any, labels: list[Label]) -> None:
    """Some were changed again, some elsewhere, one is of another release."""
    Label.done_many([(each, "new") for each in labels[:6]])
    entries = done(cast.harbor, labels[:6])
    done(cast.harbor, [Label(cast.harbor, entries[0].subject, to="newer")])
    Number.objects.of(cast.harbor).filter(number=entries[1].subject).update(label="elsewhere")
    rows.rows().filter(pk=entries[2].pk).update(args={"other": 1})
    rows.rows().filter(pk=entries[3].pk).update(state=State.REFUSED)
    rows.rows().filter(pk=entries[4].pk).update(before={"gone": 1})
    entries = list(rows.rows().filter(pk__in=[entry.pk for entry in entries]).order_by("pk"))
    many = selectors.find_undos(entries)
    assert many == {entry.pk: selectors.find_undo(entry) for entry in entries}
    last = recall(entries[5]).undo({"label": "old"})
    assert list(many.values()) == [None] * 5 + [last]


def test_none_of_none(db: None) -> None:
    assert selectors.find_undos([]) == rows.newer_of_many([]) == {}
