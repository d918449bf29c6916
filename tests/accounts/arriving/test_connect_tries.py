"""What a try at /connect/ costs: a call counts, a slip that was mended in time does not."""

import pytest
from django.test import Client

from apps.accounts.arriving import connect
from apps.accounts.models import Attempt, Connection, User
from apps.voicetel import clock
from apps.voicetel.hour import line
from apps.voicetel.models import Spent
from tests.accounts.arriving.walking_in import LARK, NEW, arrive, elsewhere, form, link_for
from tests.threads import at_once

HERE, NEIGHBOUR = "198.51.100.7", "198.51.100.99"


def type_again(client: Client, secret: str = "demo1234", **typed: str) -> int:
    return client.post("/connect/", form(secret=secret), **typed).status_code


def test_what_was_mistyped_is_typed_again_as_often_as_one_likes_before_its_call(
    cast, sandbox, mailoutbox
):
    client = arrive("new@lark.test", mailoutbox, secret="mistyped")
    assert [type_again(client, f"again{n}") for n in range(5)] == [303] * 5
    assert type_again(client) == 303
    line.serve(everything=True)
    assert Connection.objects.get().state == "done"
    assert sandbox.count("accountApiKey") == 1


def test_a_withdrawn_wish_costs_no_try(cast, sandbox, mailoutbox):
    client = arrive("new@lark.test", mailoutbox, secret="mistyped")
    for _ in range(5):
        client.post("/connect/cancel/", {"number": "1000000004"})
        assert type_again(client) == 303
    client.post("/connect/cancel/", {"number": "1000000004"})
    # the mail of the first step: one of its network, one of its address
    assert Attempt.objects.count() == 2
    assert not Spent.objects.exists()


def test_the_same_with_a_key(cast, sandbox, mailoutbox):
    client = arrive("new@lark.test", mailoutbox, kind="key", secret="0" * 32)
    for _ in range(3):
        assert (
            client.post("/connect/", form(kind="key", secret=sandbox.key(LARK))).status_code == 303
        )
    line.serve(everything=True)
    assert Connection.objects.get().state == "done"


def test_neighbours_of_one_who_mistypes_have_their_tries_still(cast, sandbox, mailoutbox):
    client = arrive("new@lark.test", mailoutbox, HERE, secret="mistyped")
    for n in range(3):
        type_again(client, f"again{n}")
    arrive("next@door.test", mailoutbox, NEIGHBOUR, number="1000000003")


def test_what_cost_a_call_counts(cast, sandbox, mailoutbox):
    client = arrive("new@lark.test", mailoutbox, secret="wrong1")
    line.serve(everything=True)
    assert type_again(client, "wrong2") == 303
    assert type_again(client, "wrong3") == 303  # no call went out for the one before
    clock.advance(3700)
    sandbox.advance(3700)
    line.serve(everything=True)
    assert sandbox.count("accountApiKey") == 2
    assert type_again(client) == 429


def test_what_is_typed_again_or_withdrawn_while_its_call_is_on_its_way_counts(
    cast, sandbox, mailoutbox, monkeypatch
):
    client = arrive("new@lark.test", mailoutbox, secret="wrong1")
    real, answers = connect._ask_provider, []

    def meanwhile(row):
        answers.append(
            client.post("/connect/cancel/", {"number": "1000000004"}).status_code
            if answers
            else type_again(client, "wrong2")
        )
        return real(row)

    monkeypatch.setattr(connect, "_ask_provider", meanwhile)
    for _ in range(3):
        line.serve(everything=True)
    assert answers == [303, 303]
    assert sandbox.count("accountApiKey") == 2
    assert type_again(client) == 429


def test_a_lost_answer_cost_a_call(cast, sandbox, mailoutbox):
    client = arrive("new@lark.test", mailoutbox, secret="wrong1")
    sandbox.lose_answer("accountApiKey")
    line.serve(everything=True)
    client.post("/connect/cancel/", {"number": "1000000004"})
    assert type_again(client) == 303
    client.post("/connect/cancel/", {"number": "1000000004"})
    assert type_again(client) == 303
    # the mail, the call that was lost, the one that waits
    assert Attempt.objects.count() == 2 + 3 + 3


def test_from_another_network_its_tries_count_and_those_of_the_first_are_free_again(
    cast, sandbox, mailoutbox
):
    client = arrive("new@lark.test", mailoutbox, HERE, secret="mistyped")
    assert type_again(client, REMOTE_ADDR="203.0.113.9") == 303
    for n in range(2):
        arrive(f"p{n}@door.test", mailoutbox, NEIGHBOUR, number=f"100000003{n}")
    arrive("q@door.test", mailoutbox, "203.0.113.20", number="1000000040")
    full = link_for("r@door.test", mailoutbox)
    assert Client(REMOTE_ADDR="203.0.113.21").post(full, form("1000000041")).status_code == 429


def test_where_no_try_is_left_the_one_that_waits_stays_in_line(cast, sandbox, mailoutbox):
    client = arrive("new@lark.test", mailoutbox, HERE)
    for n in range(2):
        arrive(f"p{n}@door.test", mailoutbox, f"203.0.113.{n}", number=f"100000003{n}")
    before, counted = Connection.objects.get(number=LARK), Attempt.objects.count()
    assert type_again(client, "changed my mind", REMOTE_ADDR="203.0.113.9") == 429
    assert (Connection.objects.get(number=LARK).pk, Attempt.objects.count()) == (before.pk, counted)
    line.serve(everything=True)
    assert Connection.objects.get(pk=before.pk).state == "done"


def test_a_try_typed_again_counts_for_a_day_from_then(cast, sandbox, mailoutbox):
    client = arrive("new@lark.test", mailoutbox, secret="mistyped")
    clock.advance(23 * 3600)
    type_again(client, "wrong")
    assert set(
        Attempt.objects.filter(until__gt=clock.now())
        .order_by("-pk")
        .values_list("until", flat=True)[:3]
    ) == {Connection.objects.get().expires_at}


@pytest.mark.parametrize("kind", ["password", "key"])
def test_pressed_twice_at_once_it_costs_one_try(transactional_db, kind):
    user = User.objects.create_user("lark@demo.test", NEW)
    typed, address = connect.Typed(LARK, kind, "0" * 32), elsewhere()
    at_once(lambda n: connect.ask(user, typed, address), 2)
    assert Connection.objects.count() == 1
    assert Attempt.objects.count() == len(connect._counts(user.email, LARK, kind, "x"))
