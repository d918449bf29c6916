"""/connect/: from an e-mail address to one's own numbers."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.accounts import arrival_sweeps, letters
from apps.accounts.arrivals import Connection, ConnectLink, Letter
from apps.accounts.models import Account, Membership, Profile, User
from apps.numbers import services
from apps.voicetel import budget, clock, line
from apps.voicetel.hour import ACCOUNT, LANES
from apps.voicetel.models import Spent
from tests.accounts.arriving import HARBOR, LARK, NEW, arrive, elsewhere, form, link_for, path_in, told
from tests.conftest import PASSWORD

PANEL = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "accounts-connect"}


def page(client: Client) -> str:
    return client.get("/connect/").content.decode()


def pass_time(sandbox, **delta: float) -> None:
    seconds = timedelta(**delta).total_seconds()
    sandbox.advance(seconds)
    clock.advance(seconds)


def fill_the_hour() -> None:
    for _ in range(6):
        budget.settle(budget.reserve(ACCOUNT, LANES["looking"], "accountGet", "1000000002"))


def test_lark_connects_from_nothing_and_sees_its_numbers(cast, sandbox, mailoutbox):
    client = Client()
    assert client.post("/connect/", {"email": "Lark@Demo.test"})["Location"] == "/connect/?asked=1"
    letters.send_letters()
    assert mailoutbox[0].to == ["lark@demo.test"]
    link = path_in(mailoutbox[0])
    assert client.get(link).status_code == 200
    response = client.post(link, form("100-000-0004"))
    assert (response.status_code, response["Location"]) == (302, "/connect/")
    assert "first in line" in page(client)
    assert sandbox.requests() == []  # nothing on the way calls the provider
    line.serve(everything=True)
    assert "is connected" in page(client)
    account = Account.objects.get(number=LARK)
    assert (account.key_state, account.key()) == ("live", sandbox.key(LARK))
    assert Membership.objects.get(account=account).role == "owner"
    services.refresh_numbers(account)
    listed = client.get("/numbers/").content.decode()
    assert all(f"({number[:3]}) {number[3:6]}-{number[6:]}" in listed for number in sandbox.numbers_of(LARK))
    assert told(mailoutbox, "lark@demo.test")[-1] == f"VoiceTel account {LARK} is connected"


def test_the_call_is_a_newcomers(cast, sandbox, mailoutbox):
    arrive("lark@demo.test", mailoutbox)
    line.serve(everything=True)
    assert list(Spent.objects.order_by("pk").values_list("operation", "lane", "account")) == [
        ("accountApiKey", "newcomers", LARK),
        ("accountGet", "looking", LARK),  # its balance, for the owner who is looking from now on
    ]


def test_a_pasted_key_that_answers_for_the_very_number_makes_the_first_owner(cast, sandbox, mailoutbox):
    client = arrive("lark@demo.test", mailoutbox, kind="key", secret=sandbox.key(LARK).upper())
    assert not Account.objects.filter(number=LARK).exists()  # nothing opens before
    line.serve(everything=True)
    assert "is connected" in page(client)
    assert sandbox.count("accountGet") == 1
    assert Profile.objects.get(account__number=LARK).balance == int(sandbox.balance(LARK) * 1_000_000)  # the answer is not wasted


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
    assert "first in line" in page(first)
    assert "1 before you in line" in page(second)
    assert "Your turn comes about" in page(second)
    assert 'hx-trigger="every 20s"' in page(second)
    part = second.get("/connect/", **PANEL)
    assert part.status_code == 200
    assert "<html" not in part.content.decode()
    second.post("/connect/cancel/")
    assert second.get("/connect/", **PANEL).status_code == 286
    assert "hx-trigger" not in second.get("/connect/", **PANEL).content.decode()


def test_one_persons_page_shows_nothing_of_anothers_wish(cast, sandbox, mailoutbox):
    arrive("one@person.test", mailoutbox, number="1000000003")
    second = arrive("two@person.test", mailoutbox)
    assert "1000000003" not in page(second)
    assert "one@person" not in page(second)


def test_withdrawing_erases_what_was_typed_and_calls_nobody(cast, sandbox, mailoutbox):
    client = arrive("lark@demo.test", mailoutbox)
    client.post("/connect/cancel/")
    line.serve(everything=True)
    assert (Connection.objects.get().state, Connection.objects.get().sealed) == ("cancelled", None)
    assert sandbox.requests() == []


def test_withdrawn_while_the_call_was_on_its_way_it_connects_nothing(cast, sandbox, mailoutbox, monkeypatch):
    client = arrive("lark@demo.test", mailoutbox)
    from apps.accounts import connect

    real = connect._ask_provider

    def meanwhile(row):
        found = real(row)
        client.post("/connect/cancel/")
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


def test_no_more_than_two_newcomers_an_hour(cast, sandbox, mailoutbox):
    for n in range(4):
        arrive(f"p{n}@person.test", mailoutbox, secret="wrong")
    line.serve(everything=True)
    line.serve(everything=True)
    assert sandbox.count("accountApiKey") == 2


def test_after_a_day_what_was_typed_is_erased_and_who_comes_back_keeps_the_place(cast, sandbox, mailoutbox):
    fill_the_hour()
    client = arrive("lark@demo.test", mailoutbox)
    asked_at = Connection.objects.get().asked_at
    pass_time(sandbox, hours=24, seconds=1)
    sandbox.down()
    line.serve(everything=True)
    row = Connection.objects.get()
    assert (row.state, row.sealed) == ("expired", None)
    assert told(mailoutbox, "lark@demo.test")[-1] == f"VoiceTel account {LARK}: please come back"
    client.post("/logout/")
    way_back = path_in(mailoutbox[-1])
    assert "Sign in to go on" in client.get(way_back).content.decode()
    client.post("/login/?next=/connect/", {"login": "lark@demo.test", "password": NEW})
    assert client.get(way_back)["Location"] == "/connect/"
    assert "your place in line is kept" in page(client)
    assert client.post("/connect/", form()).status_code == 303
    assert Connection.objects.get(state="waiting").asked_at == asked_at
    assert Connection.objects.get(state="waiting").expires_at > clock.now()


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
    from apps.accounts import connect

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
    assert Connection.objects.get(number="1000000003").reason == "What you typed can no longer be opened here."


# The link


def test_the_link_works_once(cast, mailoutbox):
    link = link_for("lark@demo.test", mailoutbox)
    assert Client().post(link, form()).status_code == 302
    assert Client().get(link).status_code == 404
    again = Client().post(link, form())
    assert again.status_code == 404
    assert Connection.objects.count() == 1


def test_the_link_works_for_two_hours(cast, mailoutbox):
    link = link_for("lark@demo.test", mailoutbox)
    clock.advance(7190)
    assert Client().get(link).status_code == 200
    clock.advance(20)
    assert Client().get(link).status_code == 404


def test_the_links_secret_is_256_random_bits_and_not_in_the_database(cast, mailoutbox):
    token = link_for("lark@demo.test", mailoutbox).split("/")[2]
    assert len(token) == 43
    stored = str(list(ConnectLink.objects.values())) + str(list(Letter.objects.values()))
    assert token not in stored


def test_looking_at_the_link_uses_nothing_up_and_leaks_no_referrer(cast, mailoutbox):
    link = link_for("lark@demo.test", mailoutbox)
    for _ in range(3):
        response = Client().get(link)
    assert response["Referrer-Policy"] == "strict-origin"
    assert ConnectLink.objects.count() == 1
    assert not User.objects.filter(email="lark@demo.test").exists()


def test_a_form_sent_back_keeps_the_link(cast, mailoutbox):
    link = link_for("lark@demo.test", mailoutbox)
    for wrong in (form(number="12"), form(kind="key", secret="no key"), form(password="short"), form(secret=NEW, password=NEW)):
        response = Client().post(link, wrong)
        assert response.status_code == 422
        assert NEW not in response.content.decode()
    assert Client().post(link, form()).status_code == 302


@pytest.mark.parametrize("password", ["short1", "passwordpassword", "lark@demo.test", "Qwertyuiop12!"])
def test_the_own_password_follows_the_portals_rules(cast, mailoutbox, password):
    assert Client().post(link_for("lark@demo.test", mailoutbox), form(password=password)).status_code == 422
    assert not User.objects.filter(email="lark@demo.test").exists()


def test_a_person_who_is_known_signs_in_instead_and_keeps_the_password(cast, sandbox, mailoutbox):
    link = link_for("owner@harbor.test", mailoutbox)
    client = Client()
    assert "Sign in to go on" in client.get(link).content.decode()
    assert "Sign in to go on" in client.post(link, form()).content.decode()  # no password is set by a link of this kind
    assert not Connection.objects.exists()
    client.post("/login/", {"login": "owner@harbor.test", "password": PASSWORD})
    assert client.get(link)["Location"] == "/connect/"
    assert client.post("/connect/", form()).status_code == 303
    line.serve(everything=True)
    cast.owner.refresh_from_db()
    assert cast.owner.check_password(PASSWORD)
    assert {m.account.number for m in Membership.objects.filter(user=cast.owner)} == {HARBOR, LARK}
    assert client.post("/switch/", {"account": LARK}).status_code == 303


def test_another_persons_browser_is_told_to_sign_out(cast, sign_in, mailoutbox):
    link = link_for("owner@harbor.test", mailoutbox)
    assert "Sign out first" in sign_in(cast.stranger).get(link).content.decode()


def test_ones_own_account_spends_no_call(cast, sandbox, sign_in):
    response = sign_in(cast.viewer).post("/connect/", form(HARBOR))
    assert response.status_code == 422
    assert "You work on this account already" in response.content.decode()
    assert not Connection.objects.exists()


def test_who_never_got_in_is_forgotten_and_members_leavers_and_waiting_ones_are_not(cast, sandbox, mailoutbox):
    from django.utils import timezone

    from apps.accounts import ownership

    arrive("never@person.test", mailoutbox, secret="wrong")
    line.serve(everything=True)
    ownership.remove(Membership.objects.get(user=cast.viewer), cast.owner)
    pass_time(sandbox, days=31)
    User.objects.update(created_at=timezone.now() - timedelta(days=40))
    arrival_sweeps.forget_arrivals()
    left = set(User.objects.values_list("email", flat=True))
    assert "never@person.test" not in left
    assert {"owner@harbor.test", "viewer@harbor.test", "support@demo.test"} <= left
    assert not ConnectLink.objects.exists()
    assert not Connection.objects.exists()


def test_the_sign_in_page_leads_here(db):
    assert 'href="/connect/"' in Client().get("/login/").content.decode()


def test_a_letter_that_cannot_go_out_is_tried_again_and_stops_no_other(cast, mailoutbox, monkeypatch):
    for email in ("one@person.test", "two@person.test"):
        Client().post("/connect/", {"email": email}, REMOTE_ADDR=elsewhere())
    real = letters.EmailMultiAlternatives.send

    def broken(self, *args, **kwargs):
        if self.to == ["one@person.test"]:
            raise OSError("no route")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(letters.EmailMultiAlternatives, "send", broken)
    letters.send_letters()
    assert [mail.to for mail in mailoutbox] == [["two@person.test"]]
    monkeypatch.undo()
    letters.send_letters(everything=True)
    assert [mail.to for mail in mailoutbox] == [["two@person.test"], ["one@person.test"]]
    letters.send_letters(everything=True)
    assert len(mailoutbox) == 2
