"""/signup/: from an email address to a VoiceTel account, opened once whatever breaks."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.arriving import letters
from apps.accounts.models import Account, Connection, Membership, User
from apps.audit.models import Event
from apps.sandbox.models import Account as Theirs
from apps.team.models import SignUp
from apps.team.signup import services
from apps.voicetel import clock
from apps.voicetel.hour import line
from tests.accounts.arriving.walking_in import NEW, elsewhere, path_in
from tests.pages import words

EMAIL = "maple@clinic.test"
State = SignUp.State


def link_for(email, mailoutbox):
    assert Client().post("/signup/", {"email": email}, REMOTE_ADDR=elsewhere()).status_code == 303
    letters.send_letters()
    return path_in(next(mail for mail in reversed(mailoutbox) if mail.to == [email]))


def arrived(mailoutbox, email=EMAIL, **typed):
    """A browser of somebody new who asked for an account."""
    client = Client(REMOTE_ADDR=elsewhere())
    fields = {"company": "Maple Clinic", "promo": "", "password": NEW, **typed}
    response = client.post(link_for(email, mailoutbox), fields)
    assert (response.status_code, response["Location"]) == (302, "/signup/")
    return client


def row():
    return SignUp.objects.latest("pk")


def theirs(email=EMAIL):
    return Theirs.objects.filter(email=email).first()


def test_from_an_address_to_an_account_with_its_password_and_its_connection(
    cast, sandbox, mailoutbox
):
    client = arrived(mailoutbox)
    assert sandbox.requests() == []  # no page calls VoiceTel
    services.send_due()
    page = words(client.get("/signup/"))
    assert theirs().username in page
    assert theirs().password in page
    line.serve(everything=True)
    account = Account.objects.get(number=theirs().username)
    assert account.key() == theirs().apikey
    assert Membership.objects.get(account=account).user.email == EMAIL


@pytest.mark.parametrize("fault", ["drop_after", "cut_body", "html_after"])
def test_a_lost_answer_is_never_sent_again_and_the_page_says_what_is_not_known(
    cast, sandbox, mailoutbox, fault
):
    client = arrived(mailoutbox)
    sandbox.fault("accountCreate", fault)
    for _ in range(3):
        services.send_due(everything=True)
    assert sandbox.count("accountCreate") == 1
    assert Theirs.objects.filter(email=EMAIL).count() == 1
    assert "We don't know whether the account was opened" in words(client.get("/signup/"))
    client.post("/signup/check/")
    services.send_due()
    assert row().state == State.MAILED


def test_a_lost_request_is_found_out_and_the_form_comes_back(cast, sandbox, mailoutbox):
    client = arrived(mailoutbox)
    sandbox.fault("accountCreate", "drop_before")
    services.send_due()
    assert row().state == State.LOST
    client.post("/signup/check/")
    services.send_due()
    assert (row().state, theirs()) == (State.DECLINED, None)
    assert "nothing was opened" in words(client.get("/signup/"))


def test_a_process_that_died_while_sending_leaves_what_is_not_known(
    cast, sandbox, mailoutbox, time_machine
):
    arrived(mailoutbox)
    SignUp.objects.update(state=State.SENDING, sent_at=timezone.now())
    time_machine.move_to(timezone.now() + timedelta(minutes=3), tick=True)
    services.send_due()
    assert (row().state, sandbox.count("accountCreate")) == (State.LOST, 0)


def test_voicetels_refusal_is_quoted_and_the_form_is_there(cast, sandbox, mailoutbox):
    client = arrived(mailoutbox, "harbor@demo.test")
    services.send_due()
    page = words(client.get("/signup/"))
    assert "email address in use" in page
    assert "Open account" in page
    assert row().state == State.DECLINED


def test_a_provider_that_is_away_leaves_it_in_line(cast, sandbox, mailoutbox):
    arrived(mailoutbox)
    sandbox.refuse("accountCreate", 429)
    services.send_due()
    assert row().state == State.WAITING
    clock.advance(3700)
    services.send_due(everything=True)
    assert row().state == State.MADE


def test_i_have_stored_it_deletes_the_password_at_once(cast, sandbox, mailoutbox):
    client = arrived(mailoutbox)
    services.send_due()
    client.post("/signup/stored/")
    assert row().given is None
    assert theirs().password not in words(client.get("/signup/"))


def test_an_hour_after_the_password_was_shown_it_is_forgotten(
    cast, sandbox, mailoutbox, time_machine
):
    arrived(mailoutbox)
    services.send_due()
    assert services.password_of(row()) == theirs().password
    time_machine.move_to(timezone.now() + timedelta(minutes=61), tick=True)
    assert services.password_of(row()) == ""
    services.send_due()
    assert row().given is None


def test_the_password_is_in_no_event_and_no_mail(cast, sandbox, mailoutbox):
    client = arrived(mailoutbox)
    services.send_due()
    client.get("/signup/")
    events = [vars(each) for each in Event.objects.across_accounts()]
    assert any(each["action"] == "answer_shown" for each in events)
    told = f"{events} {[(mail.subject, mail.body) for mail in mailoutbox]}"
    assert theirs().password not in told


def test_known_and_unknown_addresses_get_the_same_answer(cast, mailoutbox):
    answers = [
        Client().post("/signup/", {"email": email}, REMOTE_ADDR=elsewhere())
        for email in ("owner@harbor.test", "nobody@clinic.test")
    ]
    shown = [(each.status_code, each["Location"], each.content) for each in answers]
    assert shown[0] == shown[1]


def test_somebody_who_is_known_signs_in_instead_and_makes_no_second_person(cast, mailoutbox):
    link = link_for("owner@harbor.test", mailoutbox)
    assert "has a sign-in here already" in words(Client().get(link))
    fields = {"company": "x", "password": NEW}
    Client().post(link, fields)
    assert User.objects.filter(email="owner@harbor.test").count() == 1
    assert SignUp.objects.count() == 0


def test_twenty_posts_of_one_form_open_one_account(cast, sandbox, mailoutbox):
    client = arrived(mailoutbox)
    for _ in range(20):
        client.post("/signup/", {"company": "Maple Clinic"})
    services.send_due(everything=True)
    assert sandbox.count("accountCreate") == 1


def test_beyond_twenty_a_day_they_wait_in_turn_by_network(cast, sandbox):
    now = timezone.now()
    for n in range(25):
        user = User.objects.create(email=f"n{n}@clinic.test")
        network = "10.0.0.0/24" if n < 24 else "10.0.1.0/24"
        SignUp.objects.create(
            user=user,
            company="x",
            network=network,
            asked_at=now + timedelta(seconds=n),
            due_at=now,
        )
    services.send_due(everything=True)
    assert sandbox.count("accountCreate") == services.A_DAY
    assert SignUp.objects.filter(network="10.0.1.0/24", state=State.MADE).exists()
    assert Connection.objects.count() == services.A_DAY


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("company", "", "This field"), ("password", "short", "12 characters")],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(cast, mailoutbox, field, value, said):
    fields = {"company": "Maple Clinic", "promo": "SPRING", "password": NEW, field: value}
    answer = Client().post(link_for(EMAIL, mailoutbox), fields)
    assert answer.status_code == 422
    assert b'value="SPRING"' in answer.content
    assert SignUp.objects.count() == 0
