"""A message through every fault of the provider: what the rows say in the end is what the provider
has and charged, and nothing is sent twice.
"""

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from apps.accounts import access
from apps.changes import machine, sweeps
from apps.changes.engine import tokens
from apps.changes.models import Entry
from apps.changes.states import State
from apps.messaging.changes import SendMessage
from apps.messaging.models import Feed, Kind, Message, OptOut
from apps.messaging.services import feeds
from apps.messaging.thing import pair
from apps.sandbox.models import Account as Theirs
from apps.sandbox.models import Message as Record
from apps.voicetel import clock
from tests.changes.pressing import again
from tests.messaging.conftest import FAR, OWN

FAULTS: dict[str, tuple[dict[str, Any], State]] = {  # what happens; how the row ends
    "drop_after": ({}, State.DONE),
    "status_after": ({"status": 502}, State.DONE),
    "html_after": ({}, State.DONE),
    "cut_body": ({}, State.DONE),
    "drop_before": ({}, State.ABSENT),
    "status": ({"status": 502}, State.ABSENT),
    "html": ({}, State.ABSENT),
    "redirect": ({"location": "http://elsewhere.test/"}, State.ABSENT),
    "conflict": ({}, State.REFUSED),
}


def send(harbor: Any, by: Any, text: str, far: str = FAR) -> Entry:
    change = SendMessage(harbor, pair(OWN, far), text=text)
    now = datetime.now(UTC)
    return again(machine.submit(change, by=by, token=tokens.mint(), fresh_at=now))


def settle(sandbox: Any, seconds: int = 600, times: int = 8) -> None:
    for _ in range(times):
        clock.advance(seconds)
        sandbox.advance(seconds)
        sweeps.send_due()
        sweeps.settle_due()


def there(text: str) -> int:
    return Record.objects.filter(direction="out", text=text).count()


def read_history(harbor: Any, number: str = OWN) -> None:
    feeds.ensure(harbor, [number])
    for kind in (Kind.SMS, Kind.MMS, Kind.DLR):
        feed = Feed.objects.of(harbor).get(number=number, kind=kind)
        feeds.read(feed.pk, if_due=False)


@pytest.mark.parametrize("kind", FAULTS)
def test_a_lost_answer_is_looked_up_and_never_sent_again(
    harbor: Any, cast: Any, sandbox: Any, changes: Any, kind: str
) -> None:
    options, wanted = FAULTS[kind]
    before = Theirs.objects.get(pk=harbor.number).cash
    sandbox.fault("messageSend", kind, **options)
    entry = send(harbor, cast.manager, "Your table is ready.")
    settle(sandbox)
    entry = again(entry)
    assert entry.state == wanted
    assert there("Your table is ready.") == (1 if wanted == State.DONE else 0)
    taken = before - Theirs.objects.get(pk=harbor.number).cash
    assert taken == (7500 if wanted == State.DONE else 0)
    if wanted == State.DONE:
        assert entry.charged == 7500
        read_history(harbor)
        rows = Message.objects.of(harbor).filter(text="Your table is ready.")
        assert [(row.entry_id, bool(row.ident), row.cost) for row in rows] == [
            (entry.pk, True, 7500)
        ]


def test_a_doubt_takes_no_record_of_a_twin_that_is_done(
    harbor: Any, cast: Any, sandbox: Any, changes: Any
) -> None:
    first = send(harbor, cast.manager, "Twin")
    sandbox.fault("messageSend", "drop_before")
    second = send(harbor, cast.manager, "Twin")
    settle(sandbox)
    assert (again(first).state, again(second).state) == (State.DONE, State.ABSENT)
    assert there("Twin") == 1


def test_a_doubt_takes_what_its_done_twin_leaves(
    harbor: Any, cast: Any, sandbox: Any, changes: Any
) -> None:
    first = send(harbor, cast.manager, "Twin")
    sandbox.fault("messageSend", "drop_after")
    second = send(harbor, cast.manager, "Twin")
    settle(sandbox)
    read_history(harbor)
    assert (again(first).state, again(second).state) == (State.DONE, State.DONE)
    rows = Message.objects.of(harbor).filter(text="Twin")
    assert {row.entry_id for row in rows} == {first.pk, second.pk}
    assert len({row.ident for row in rows}) == rows.count() == there("Twin") == 2


def test_a_record_known_before_the_sending_proves_nothing(
    harbor: Any, cast: Any, sandbox: Any, changes: Any
) -> None:
    elsewhere(harbor, "Twin", sandbox)
    read_history(harbor)
    assert Message.objects.of(harbor).get(text="Twin").entry_id is None
    sandbox.fault("messageSend", "drop_before")
    entry = send(harbor, cast.manager, "Twin")
    settle(sandbox)
    assert again(entry).state == State.ABSENT


def elsewhere(harbor: Any, text: str, sandbox: Any) -> None:
    """The same text by another program of the customer's."""
    access.client_for(harbor).messages.send(OWN, FAR, text)


@pytest.mark.parametrize("seed", range(20))
def test_interleaved_twins_end_as_the_provider_has_them(
    harbor: Any, cast: Any, sandbox: Any, changes: Any, seed: int
) -> None:
    """Done, doubted and never arrived, in any order, with histories read in between. Which of two
    same texts arrived nobody can tell; how many did, and what they cost, must agree.
    """
    chance = random.Random(seed)
    before = Theirs.objects.get(pk=harbor.number).cash
    for _ in range(chance.randint(3, 6)):
        if (what := chance.choice(["", "drop_after", "drop_before"])) != "":
            sandbox.fault("messageSend", what)
        send(harbor, cast.manager, chance.choice(["Same", "Same", "Other"]))
        if chance.random() < 0.4:
            read_history(harbor)
        settle(sandbox, chance.choice([40, 200, 600]))
    settle(sandbox)
    settle(sandbox)
    read_history(harbor)
    done = Entry.objects.of(harbor).filter(state=State.DONE)
    assert Entry.objects.of(harbor).exclude(state__in=[State.DONE, State.ABSENT]).count() == 0
    for text in ("Same", "Other"):
        assert done.filter(args__text=text).count() == there(text)
    rows = Message.objects.of(harbor).filter(text__in=["Same", "Other"])
    assert rows.count() == done.count()
    assert all(row.entry_id and row.ident for row in rows)
    taken = before - Theirs.objects.get(pk=harbor.number).cash
    assert taken == sum(entry.charged or 0 for entry in done)


def test_a_409_records_an_opt_out_by_its_words_alone(
    harbor: Any, cast: Any, sandbox: Any, changes: Any
) -> None:
    refused = send(harbor, cast.manager, "Hello", far="9175550198")
    assert refused.state == State.REFUSED
    assert OptOut.objects.of(harbor).get(far="9175550198").how == "told"
    held = send(harbor, cast.manager, "Hello", far="9175550198")
    assert held.state == State.REFUSED
    assert "opted out, so nothing was sent" in held.said
    sandbox.fault("messageSend", "conflict")
    send(harbor, cast.manager, "Hello")
    assert not OptOut.objects.of(harbor).filter(far=FAR).exists()
