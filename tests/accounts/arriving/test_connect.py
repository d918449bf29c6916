"""/connect/: from an e-mail address to one's own numbers."""

import re

import pytest
from django.test import Client

from apps.accounts.arriving import connect, letters
from apps.accounts.models import Account, Connection, Membership, Profile, User
from apps.copies.services import look
from apps.numbers import sources
from apps.voicetel import clock
from apps.voicetel.hour import line
from apps.voicetel.models import Party, Spent, Wish
from tests.accounts.arriving.walking_in import LARK, NEW, arrive, form, fresh, path_in, told
from tests.hours import fill_the_hour, pass_time
from tests.pages import flat

PANEL = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "accounts-connect"}


def page(client: Client) -> str:
    return flat(client.get("/connect/"))


def test_lark_connects_from_nothing_and_sees_its_numbers(cast, sandbox, mailoutbox):
    client = Client()
    assert client.post("/connect/", {"email": "Lark@Demo.test"})["Location"] == "/connect/?asked=1"
    letters.send_letters()
    assert mailoutbox[0].to == ["lark@demo.test"]
    link = path_in(mailoutbox[0])
    assert client.get(link).status_code == 200
    response = client.post(link, form("100-000-0004"))
    assert (response.status_code, response["Location"]) == (302, "/connect/")
    assert "you're next" in page(client)
    assert sandbox.requests() == []  # nothing on the way calls the provider
    line.serve(everything=True)
    assert "is connected" in page(client)
    account = Account.objects.get(number=LARK)
    assert (account.key_state, account.key()) == ("live", sandbox.key(LARK))
    assert Membership.objects.get(account=account).role == "owner"
    look(account, sources.numbers)
    listed = client.get("/numbers/").content.decode()
    assert all(
        f"({number[:3]}) {number[3:6]}-{number[6:]}" in listed
        for number in sandbox.numbers_of(LARK)
    )
    assert told(mailoutbox, "lark@demo.test")[-1] == f"VoiceTel account {LARK} is connected"


def test_the_call_is_a_newcomers(cast, sandbox, mailoutbox):
    arrive("lark@demo.test", mailoutbox)
    line.serve(everything=True)
    assert list(Spent.objects.order_by("pk").values_list("operation", "call_class", "account")) == [
        ("accountApiKey", "newcomers", LARK),
        ("accountGet", "looking", LARK),  # its balance, for the owner who is looking from now on
    ]


def test_a_pasted_key_that_answers_for_the_very_number_makes_the_first_owner(
    cast, sandbox, mailoutbox
):
    client = arrive("lark@demo.test", mailoutbox, kind="key", secret=sandbox.key(LARK).upper())
    assert not Account.objects.filter(number=LARK).exists()  # nothing opens before
    line.serve(everything=True)
    assert "is connected" in page(client)
    assert sandbox.count("accountGet") == 1
    # the answer is not wasted
    assert Profile.objects.get(account__number=LARK).balance == int(
        sandbox.balance(LARK) * 1_000_000
    )


def test_a_wrong_password_is_told_on_the_page_and_by_mail_and_erased(cast, sandbox, mailoutbox):
    client = arrive("lark@demo.test", mailoutbox, secret="Planted9X")
    assert b"Planted9X" not in bytes(Connection.objects.get().sealed)
    line.serve(everything=True)
    line.serve(everything=True)
    row = Connection.objects.get()
    assert (row.state, row.sealed) == ("refused", None)
    assert sandbox.count("accountApiKey") == 1
    assert "is not right for account 1000000004" in page(client)
    assert "Planted9X" not in page(client)
    assert told(mailoutbox, "lark@demo.test")[-1] == f"VoiceTel account {LARK} is not connected"
    assert "Planted9X" not in mailoutbox[-1].body
    assert not Account.objects.filter(number=LARK).exists()


def test_after_a_refusal_the_right_one_is_typed_on_the_same_page(cast, sandbox, mailoutbox):
    client = arrive("lark@demo.test", mailoutbox, secret="wrong")
    line.serve(everything=True)
    assert f'value="{LARK}"' in page(client)
    assert client.post("/connect/", form()).status_code == 303
    line.serve(everything=True)
    assert "is connected" in page(client)


def test_the_page_shows_the_place_polls_while_it_waits_and_stops(cast, sandbox, mailoutbox):
    fill_the_hour()
    first, second = arrive("one@person.test", mailoutbox), arrive("two@person.test", mailoutbox)
    assert "you're next" in page(first)
    assert "1 ahead of you" in page(second)
    for client, usual in ((first, r"within \d+ minutes"), (second, r"(within|by) [\w: ]+")):
        words = re.sub("<[^>]+>", "", page(client))
        assert re.search(rf"Usually {usual}, at the latest [\w: ]+ [AP]M", words), words
    assert 'hx-trigger="every 20s"' in page(second)
    part = second.get("/connect/", **PANEL)
    assert part.status_code == 200
    assert "<html" not in part.content.decode()
    second.post("/connect/cancel/", {"number": "1000000004"})
    assert second.get("/connect/", **PANEL).status_code == 286
    assert "hx-trigger" not in second.get("/connect/", **PANEL).content.decode()


def test_one_persons_page_shows_nothing_of_anothers_wish(cast, sandbox, mailoutbox):
    arrive("one@person.test", mailoutbox, number="1000000003")
    second = arrive("two@person.test", mailoutbox)
    assert "1000000003" not in page(second)
    assert "one@person" not in page(second)
    assert LARK in page(second)


def test_withdrawing_erases_what_was_typed_and_calls_nobody(cast, sandbox, mailoutbox):
    client = arrive("lark@demo.test", mailoutbox)
    client.post("/connect/cancel/", {"number": "1000000004"})
    line.serve(everything=True)
    assert (Connection.objects.get().state, Connection.objects.get().sealed) == ("cancelled", None)
    assert sandbox.requests() == []


def test_withdrawn_while_the_call_was_on_its_way_it_connects_nothing(
    cast, sandbox, mailoutbox, monkeypatch
):
    client = arrive("lark@demo.test", mailoutbox)
    from apps.accounts.arriving import connect

    real = connect._ask_provider

    def meanwhile(row):
        found = real(row)
        client.post("/connect/cancel/", {"number": "1000000004"})
        return found

    monkeypatch.setattr(connect, "_ask_provider", meanwhile)
    line.serve(everything=True)
    assert Connection.objects.get().state == "cancelled"
    assert not Membership.objects.filter(account__number=LARK).exists()


def test_with_the_hour_full_it_waits_and_comes_later(cast, sandbox, mailoutbox):
    fill_the_hour()
    arrive("lark@demo.test", mailoutbox)
    line.serve(everything=True)
    assert (Connection.objects.get().state, sandbox.requests()) == ("waiting", [])
    pass_time(sandbox, minutes=61)
    line.serve(everything=True)
    assert Connection.objects.get().state == "done"


def test_who_may_not_sign_in_any_more_connects_nothing_and_costs_no_call(cast, sandbox, mailoutbox):
    arrive("lark@demo.test", mailoutbox)
    assert Connection.objects.exists()
    User.objects.filter(email="lark@demo.test").update(is_active=False)
    line.serve(everything=True)
    assert sandbox.requests() == []
    assert not Membership.objects.filter(account__number=LARK).exists()


def test_no_more_than_two_newcomers_an_hour(cast, sandbox, mailoutbox):
    for n in range(4):
        arrive(f"p{n}@person.test", mailoutbox, secret="wrong")
    line.serve(everything=True)
    line.serve(everything=True)
    assert sandbox.count("accountApiKey") == 2


def test_after_a_day_what_was_typed_is_erased_and_who_comes_back_keeps_the_place(
    cast, sandbox, mailoutbox
):
    fill_the_hour()
    client = arrive("lark@demo.test", mailoutbox)
    asked_at = Connection.objects.get().asked_at
    pass_time(sandbox, hours=24, seconds=1)
    sandbox.down()
    line.serve(everything=True)
    row = Connection.objects.get()
    assert (row.state, row.sealed) == ("expired", None)
    assert (
        told(mailoutbox, "lark@demo.test")[-1] == f"VoiceTel account {LARK}: please enter it again"
    )
    client.post("/logout/")
    way_back = path_in(mailoutbox[-1])
    assert "Sign in to go on" in client.get(way_back).content.decode()
    client.post("/login/?next=/connect/", {"login": "lark@demo.test", "password": NEW})
    assert client.get(way_back)["Location"] == "/connect/"
    assert "you keep your place in the queue" in page(client)
    assert client.post("/connect/", form()).status_code == 303
    assert Connection.objects.get(state="waiting").asked_at == asked_at
    assert Connection.objects.get(state="waiting").expires_at > clock.now()


def test_one_that_cannot_be_ended_as_it_should_stops_no_other_and_is_erased_too(
    cast, sandbox, mailoutbox, monkeypatch
):
    for name in ("one", "two"):
        arrive(f"{name}@person.test", mailoutbox)
    pass_time(sandbox, days=1, seconds=1)
    real = letters.write

    def poisoned(kind, to, **facts):
        if to == "one@person.test":
            raise RuntimeError("broken here")
        real(kind, to, **facts)

    monkeypatch.setattr(letters, "write", poisoned)
    connect.expire_due()
    assert set(Connection.objects.values_list("state", "sealed")) == {("expired", None)}
    assert (
        told(mailoutbox, "two@person.test")[-1] == f"VoiceTel account {LARK}: please enter it again"
    )
    line.serve(everything=True)
    assert sandbox.requests() == []
    assert not Wish.objects.exists()


def test_so_many_expire_at_once_and_the_others_in_the_next_sweep(
    cast, sandbox, mailoutbox, monkeypatch
):
    monkeypatch.setattr(connect, "BATCH", 1)
    for name in ("one", "two"):
        arrive(f"{name}@person.test", mailoutbox)
    pass_time(sandbox, days=1, seconds=1)
    for left in (1, 0):
        connect.expire_due()
        assert Connection.objects.filter(state="waiting").count() == left


@pytest.mark.parametrize(("days", "kept"), [(7, True), (8, False), (28, False)])
def test_a_place_is_kept_as_long_as_the_way_back_works(cast, sandbox, mailoutbox, days, kept):
    arrive("lark@demo.test", mailoutbox)
    first = Connection.objects.get().asked_at
    pass_time(sandbox, days=1, seconds=1)
    connect.expire_due()
    pass_time(sandbox, days=days, seconds=-60)
    client = fresh("lark@demo.test", NEW)
    assert ("you keep your place in the queue" in page(client)) is kept
    assert client.post("/connect/", form()).status_code == 303
    assert (Wish.objects.get().since == first) is kept


def test_a_lost_answer_is_asked_again_and_never_for_ever(cast, sandbox, mailoutbox):
    arrive("lark@demo.test", mailoutbox)
    sandbox.lose_answer("accountApiKey")
    line.serve(everything=True)
    assert (Connection.objects.get().state, Connection.objects.get().tries) == ("waiting", 1)
    pass_time(sandbox, minutes=61)
    line.serve(everything=True)
    assert Connection.objects.get().state == "done"


def test_what_breaks_on_our_side_stops_nobody_else(cast, sandbox, mailoutbox, monkeypatch):
    arrive("one@person.test", mailoutbox, number="1000000003")
    second = arrive("lark@demo.test", mailoutbox)
    from apps.accounts.arriving import connect

    real = connect._ask_provider

    def broken(row):
        if row.number == "1000000003":
            raise RuntimeError("ours")
        return real(row)

    monkeypatch.setattr(connect, "_ask_provider", broken)
    line.serve(everything=True)
    assert "is connected" in page(second)


def test_a_sealed_secret_moved_to_another_row_does_not_open(cast, sandbox, mailoutbox):
    arrive("lark@demo.test", mailoutbox)
    box = Connection.objects.get().sealed
    arrive("thief@person.test", mailoutbox, number="1000000003")
    Connection.objects.filter(number="1000000003").update(sealed=box)
    line.serve(everything=True)
    assert (
        Connection.objects.get(number="1000000003").reason
        == "What you typed can no longer be opened here."
    )


def test_a_wish_that_waited_too_long_costs_its_network_no_turn(cast, sandbox, mailoutbox):
    arrive("late@person.test", mailoutbox)
    pass_time(sandbox, hours=25)
    line.serve(everything=True)
    assert Connection.objects.get().state == "expired"
    assert not Party.objects.exclude(had_at=None).exists()
