"""A number leaves the account: removed, released or moved, with the number typed and a fresh
sign-in.
"""

import pytest

from apps.accounts import access
from apps.changes import machine
from apps.changes.engine import tokens
from apps.changes.models import Entry
from apps.changes.states import State
from apps.copies import claims
from apps.copies.services import Outcome, look, take_in
from apps.notifications.models import Notice
from apps.numbers import sources
from apps.numbers.facets import Facets
from apps.numbers.models import Gone, Number
from apps.numbers.services.refresh import ask, count_facets
from apps.voicetel import clock
from tests.accounts.proof import confirm
from tests.numbers.looking import FIRST, copy_of
from tests.pages import words

PAGE = f"/numbers/{FIRST}/leave/"
OPERATIONS = {"remove": "numbersDelete", "release": "numbersRelease", "move": "numbersMove"}
WAYS = tuple(OPERATIONS)


@pytest.fixture(autouse=True)
def _here_and_now(changes):
    """A change is sent within its POST."""


def typed(way, **more):
    to = {"to": "1000000002", "route": "4"} if way == "move" else {}
    return {"token": tokens.mint(), "typed": "(201) 555-0110", **to, **more}


def held(account):
    return set(Number.objects.of(account).values_list("number", flat=True))


@pytest.mark.parametrize("way", WAYS)
def test_it_goes_after_the_number_was_typed_and_the_person_proved(
    harbor, manager, sandbox, cast, way
):
    answer = manager.post(f"{PAGE}{way}/", typed(way))
    assert "/reauthenticate/" in answer["Location"]
    assert FIRST in sandbox.numbers_of("1000000001")
    done = confirm(manager, answer)
    entry = Entry.objects.of(harbor).get()
    assert done["Location"] == f"/changes/{entry.pk}/"
    assert entry.state == State.DONE
    assert FIRST not in sandbox.numbers_of("1000000001")
    assert FIRST not in held(harbor)
    assert Facets.load(copy_of(harbor).facts).cells == count_facets(harbor, {}).cells
    gone = Gone.objects.of(harbor).get()
    assert gone.number == FIRST
    assert manager.get(f"/numbers/{FIRST}/").status_code == 404
    assert "Undo" not in words(manager.get(f"/changes/{entry.pk}/"))
    told = Notice.objects.across_people().filter(kind="change_done")
    assert [notice.user for notice in told] == [cast.owner]


def test_a_moved_number_arrives_at_the_other_account(harbor, manager, sandbox):
    confirm(manager, manager.post(f"{PAGE}move/", typed("move")))
    assert FIRST in sandbox.numbers_of("1000000002")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("wrong", ["", "2015550111", "yes"])
def test_nothing_happens_without_the_number_typed(harbor, manager, sandbox, way, wrong):
    calls = sandbox.count()
    answer = manager.post(f"{PAGE}{way}/", typed(way, typed=wrong))
    assert answer.status_code == 422
    assert not Entry.objects.of(harbor).exists()
    assert sandbox.count() == calls
    assert FIRST in held(harbor)


@pytest.mark.parametrize(
    ("to", "route", "sentence"),
    [
        ("", "4", "Enter the number of the account"),
        ("1000000001", "4", "on this account already"),
        ("Harbor", "4", "digits only"),
        ("1000000002", "1000", "list"),
        ("1000000002", "", "Choose where"),
    ],
)
def test_a_move_wants_another_account_and_a_route_of_it(
    harbor, manager, sandbox, to, route, sentence
):
    answer = manager.post(f"{PAGE}move/", typed("move", to=to, route=route))
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert sandbox.count("numbersMove") == 0


def test_the_page_says_what_each_way_means(harbor, manager):
    page = words(manager.get(PAGE))
    for heading in (
        "Move to another account",
        "Remove from this account",
        "Release to the network",
    ):
        assert heading in page
    assert "None of them can be undone" in page


def test_a_viewer_is_offered_none_of_it(harbor, viewer, sandbox):
    assert viewer.get(PAGE).status_code == 403
    assert viewer.post(f"{PAGE}remove/", typed("remove")).status_code == 403
    assert FIRST in sandbox.numbers_of("1000000001")


@pytest.mark.parametrize("way", WAYS)
def test_a_lost_answer_is_read_back(harbor, manager, sandbox, way):
    operation = OPERATIONS[way]
    sandbox.lose_answer(operation)
    confirm(manager, manager.post(f"{PAGE}{way}/", typed(way)))
    entry = Entry.objects.of(harbor).get()
    assert entry.state in {State.DOUBT, State.DONE}  # a removal may be sent again at once
    clock.advance(60)
    machine.run(entry.pk)
    entry.refresh_from_db()
    assert entry.state == State.DONE
    assert sandbox.count(operation) == 1 or way == "remove"
    assert FIRST not in held(harbor)


def test_a_number_that_is_porting_stays(harbor, manager, sandbox):
    sandbox.set_number(FIRST, porting=1)
    confirm(manager, manager.post(f"{PAGE}remove/", typed("remove")))
    entry = Entry.objects.of(harbor).get()
    assert entry.state == State.REFUSED
    assert "porting" in entry.said
    assert FIRST in held(harbor)


def test_a_list_that_was_asked_for_before_does_not_bring_it_back(harbor, manager, sandbox):
    asked = clock.now()
    token = claims.claim(harbor, sources.numbers.name, asked)
    old = ask(access.client_for(harbor))
    assert FIRST in old
    confirm(manager, manager.post(f"{PAGE}remove/", typed("remove")))
    assert take_in(harbor, sources.numbers, token, asked, old) == Outcome.TAKEN
    assert FIRST not in held(harbor)
    look(harbor, sources.numbers)
    assert FIRST not in held(harbor)
