"""What strangers try at /connect/ (TRUST section 6): who is known, and other people's passwords."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.accounts.arriving import connect, letters
from apps.accounts.models import Attempt, Connection, JoinRequest, Membership, User
from apps.voicetel import clock
from apps.voicetel.hour import line
from tests.accounts.arriving.walking_in import (
    HARBOR,
    LARK,
    arrive,
    elsewhere,
    form,
    fresh,
    link_for,
    told,
)
from tests.accounts.planted import sees

# The oracle


def test_known_and_unknown_addresses_get_the_same_answer_work_and_mail(
    cast, mailoutbox, django_assert_num_queries
):
    answers = []
    for email in ("owner@harbor.test", "support@demo.test", "nobody@person.test"):
        client = Client(REMOTE_ADDR=elsewhere())
        with django_assert_num_queries(5):
            response = client.post("/connect/", {"email": email})
        answers.append((response.status_code, response["Location"], response.content))
    assert answers[0] == answers[1] == answers[2] == (303, "/connect/?asked=1", b"")
    assert mailoutbox == []  # nothing is sent while they wait
    letters.send_letters()
    assert len({mail.subject for mail in mailoutbox}) == 1
    assert (
        len(
            {
                mail.body.replace(link, "")
                for mail in mailoutbox
                for link in mail.body.split()
                if link.startswith("http")
            }
        )
        == 1
    )


def test_an_address_that_was_mailed_enough_gets_the_same_answer_and_no_more_mail(cast, mailoutbox):
    for _ in range(connect.MAILS.most + 2):
        assert (
            Client()
            .post("/connect/", {"email": "victim@person.test"}, REMOTE_ADDR=elsewhere())
            .status_code
            == 303
        )
    letters.send_letters()
    assert len(mailoutbox) == connect.MAILS.most


def test_links_are_limited_by_network(db):
    answers = [
        Client().post("/connect/", {"email": f"p{n}@person.test"}).status_code
        for n in range(connect.LINKS.most + 1)
    ]
    assert answers == [303] * connect.LINKS.most + [429]


def test_a_number_with_owners_one_without_and_nobodys_answer_alike_until_the_provider_spoke(
    cast, sandbox, mailoutbox
):
    pages = []
    for n, number in enumerate((HARBOR, LARK, "1999999999")):
        client = arrive(f"p{n}@person.test", mailoutbox, number=number, secret="wrong")
        waiting = client.get("/connect/").content.decode()
        line.serve(everything=True)
        after = client.get("/connect/").content.decode()
        pages.append(
            (waiting.count("strip"), after.count("strip"), number in after, "owner" in after)
        )
        clock.advance(3700)
        sandbox.advance(3700)
    assert pages[0] == pages[1] == pages[2]


def test_a_wrong_guess_tells_no_owner_and_names_none(planted, sandbox, mailoutbox):
    client = arrive("guess@person.test", mailoutbox, number=HARBOR, secret="wrong")
    line.serve(everything=True)
    assert not sees(client)
    assert told(mailoutbox, "owner@harbor.test") == []
    assert not JoinRequest.objects.of(planted.harbor).exists()


# Spraying


def try_passwords(mailoutbox, email: str, number: str, times: int, network: str = "") -> list[int]:
    """Statuses of so many wrong passwords from one confirmed address; each after the one before was
    refused.
    """
    statuses = []
    client = Client()
    for n in range(times):
        where = network or elsewhere()
        if not User.objects.filter(email=email).exists():
            link = link_for(email, mailoutbox)
            statuses.append(
                client.post(link, form(number, f"guess{n}"), REMOTE_ADDR=where).status_code
            )
        else:
            statuses.append(
                client.post("/connect/", form(number, f"guess{n}"), REMOTE_ADDR=where).status_code
            )
        run_for_hours(1)
    return statuses


def run_for_hours(hours: int) -> None:
    from apps.sandbox import control

    for _ in range(hours):
        line.serve(everything=True)
        control.advance(3700)
        clock.advance(3700)


def test_two_tries_a_day_for_a_name_from_one_confirmed_address(cast, sandbox, mailoutbox):
    assert try_passwords(mailoutbox, "one@person.test", HARBOR, 4) == [302, 303, 429, 429]
    assert sandbox.count("accountApiKey") == 2


def test_four_tries_a_day_for_a_name_from_all_addresses_together(cast, sandbox, mailoutbox):
    for n in range(4):
        try_passwords(mailoutbox, f"p{n}@person.test", HARBOR, 2)
    assert sandbox.count("accountApiKey") == 4
    clock.advance(24 * 3600)
    sandbox.advance(24 * 3600)
    assert try_passwords(mailoutbox, "p9@person.test", HARBOR, 1) == [302]


def test_the_rightful_owner_gets_in_with_a_key_after_any_number_of_strangers_tries(
    cast, sandbox, mailoutbox
):
    for n in range(3):
        try_passwords(mailoutbox, f"p{n}@person.test", LARK, 2)
    assert try_passwords(mailoutbox, "lark@demo.test", LARK, 1) == [429]
    response = Client(REMOTE_ADDR=elsewhere()).post(
        link_for("lark@demo.test", mailoutbox), form(kind="key", secret=sandbox.key(LARK))
    )
    assert response.status_code == 302
    line.serve(everything=True)
    assert Membership.objects.get(account__number=LARK).user.email == "lark@demo.test"


@pytest.mark.parametrize(
    ("first", "second"), [("10.99.1.1", "10.99.1.200"), ("2001:db8:7::1", "2001:db8:7:ffff::9")]
)
def test_two_tries_a_day_by_network(cast, sandbox, mailoutbox, first, second):
    answers = []
    for n, where in enumerate((first, second, first)):
        link = link_for(f"p{n}@person.test", mailoutbox)
        answers.append(
            Client(REMOTE_ADDR=where).post(link, form(f"100000002{n}", "guess")).status_code
        )
    assert answers == [302, 302, 429]
    elsewhere_still = link_for("p9@person.test", mailoutbox)
    assert (
        Client(REMOTE_ADDR=elsewhere())
        .post(elsewhere_still, form("1000000029", "guess"))
        .status_code
        == 302
    )


def test_a_refused_try_uses_up_neither_the_link_nor_the_name(cast, sandbox, mailoutbox):
    for n in range(2):
        Client(REMOTE_ADDR="10.98.0.1").post(
            link_for(f"p{n}@person.test", mailoutbox), form("1000000003", "guess")
        )
    link = link_for("lark@demo.test", mailoutbox)
    before = Attempt.objects.count()
    assert Client(REMOTE_ADDR="10.98.0.9").post(link, form()).status_code == 429
    assert Attempt.objects.count() == before
    assert not User.objects.filter(email="lark@demo.test").exists()
    assert Client(REMOTE_ADDR=elsewhere()).post(link, form()).status_code == 302


def test_guesses_at_connect_never_hold_off_anybodys_sign_in(cast, sandbox, mailoutbox):
    for n in range(3):
        try_passwords(mailoutbox, f"p{n}@person.test", HARBOR, 2)
    fresh("owner@harbor.test")


def test_a_days_wait_is_counted_from_the_typing_and_not_prolonged_by_tries(
    cast, sandbox, mailoutbox
):
    arrive("lark@demo.test", mailoutbox)
    row = Connection.objects.get()
    assert row.expires_at - row.asked_at == timedelta(days=1)
    sandbox.down("accountApiKey")
    line.serve(everything=True)
    assert Connection.objects.get().expires_at == row.expires_at
