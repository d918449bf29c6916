"""What strangers try at /connect/ (TRUST section 6), and two people at one account in every order of events."""

from contextlib import nullcontext, suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.db import connection
from django.test import Client

from apps.accounts import arrival_sweeps, connect, letters, ownership
from apps.accounts.arrivals import Connection, JoinRequest
from apps.accounts.models import Account, Attempt, Membership, User
from apps.accounts.roles import Role
from apps.numbers import services
from apps.numbers.models import Number
from apps.voicetel import clock, line
from apps.voicetel.models import Wish
from tests.accounts.arriving import HARBOR, LARK, NEW, NORTHWIND, arrive, elsewhere, form, fresh, link_for, told
from tests.conftest import person

PLANTED = "Zanzibar"  # stands in a label of Harbor's, in its name and beside its people


@pytest.fixture
def planted(cast, sandbox):
    """Harbor Dental with a word on everything that only its members may read."""
    services.refresh_numbers(cast.harbor)
    Number.objects.of(cast.harbor).update(label=PLANTED)
    Account.objects.filter(pk=cast.harbor.pk).update(name=f"{PLANTED} Dental")
    User.objects.filter(pk=cast.owner.pk).update(name=f"Dr {PLANTED}")
    return cast


PAGES = (
    "/",
    "/connect/",
    "/numbers/",
    "/numbers/2015550110/",
    "/settings/",
    "/settings/keys/",
    "/settings/members/",
    "/settings/audit/",
    "/switch/",
)


def sees(client: Client) -> bool:
    """Whether any page of the portal shows that browser a byte that was planted."""
    client.post("/switch/", {"account": HARBOR})
    return any(PLANTED in client.get(path, follow=True).content.decode() for path in PAGES)


def never_told(mailoutbox, email: str) -> bool:
    letters.send_letters()
    mails = [mail for mail in mailoutbox if mail.to == [email]]
    return not any(PLANTED in mail.body + mail.subject + mail.alternatives[0][0] for mail in mails)


# The oracle


def test_known_and_unknown_addresses_get_the_same_answer_work_and_mail(cast, mailoutbox, django_assert_num_queries):
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
    assert len({mail.body.replace(link, "") for mail in mailoutbox for link in mail.body.split() if link.startswith("http")}) == 1


def test_an_address_that_was_mailed_enough_gets_the_same_answer_and_no_more_mail(cast, mailoutbox):
    for _ in range(connect.MAILS.most + 2):
        assert Client().post("/connect/", {"email": "victim@person.test"}, REMOTE_ADDR=elsewhere()).status_code == 303
    letters.send_letters()
    assert len(mailoutbox) == connect.MAILS.most


def test_links_are_limited_by_network(db):
    answers = [Client().post("/connect/", {"email": f"p{n}@person.test"}).status_code for n in range(connect.LINKS.most + 1)]
    assert answers == [303] * connect.LINKS.most + [429]


def test_a_number_with_owners_one_without_and_nobodys_answer_alike_until_the_provider_spoke(cast, sandbox, mailoutbox):
    pages = []
    for n, number in enumerate((HARBOR, LARK, "1999999999")):
        client = arrive(f"p{n}@person.test", mailoutbox, number=number, secret="wrong")
        waiting = client.get("/connect/").content.decode()
        line.serve(everything=True)
        after = client.get("/connect/").content.decode()
        pages.append((waiting.count("strip"), after.count("strip"), number in after, "owner" in after))
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
    """Statuses of so many wrong passwords from one confirmed address; each after the one before was refused."""
    statuses = []
    client = Client()
    for n in range(times):
        where = network or elsewhere()
        if not User.objects.filter(email=email).exists():
            link = link_for(email, mailoutbox)
            statuses.append(client.post(link, form(number, f"guess{n}"), REMOTE_ADDR=where).status_code)
        else:
            statuses.append(client.post("/connect/", form(number, f"guess{n}"), REMOTE_ADDR=where).status_code)
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


def test_the_rightful_owner_gets_in_with_a_key_after_any_number_of_strangers_tries(cast, sandbox, mailoutbox):
    for n in range(3):
        try_passwords(mailoutbox, f"p{n}@person.test", LARK, 2)
    assert try_passwords(mailoutbox, "lark@demo.test", LARK, 1) == [429]
    response = Client(REMOTE_ADDR=elsewhere()).post(link_for("lark@demo.test", mailoutbox), form(kind="key", secret=sandbox.key(LARK)))
    assert response.status_code == 302
    line.serve(everything=True)
    assert Membership.objects.get(account__number=LARK).user.email == "lark@demo.test"


@pytest.mark.parametrize(("first", "second"), [("10.99.1.1", "10.99.1.200"), ("2001:db8:7::1", "2001:db8:7:ffff::9")])
def test_two_tries_a_day_by_network(cast, sandbox, mailoutbox, first, second):
    answers = []
    for n, where in enumerate((first, second, first)):
        link = link_for(f"p{n}@person.test", mailoutbox)
        answers.append(Client(REMOTE_ADDR=where).post(link, form(f"100000002{n}", "guess")).status_code)
    assert answers == [302, 302, 429]
    elsewhere_still = link_for("p9@person.test", mailoutbox)
    assert Client(REMOTE_ADDR=elsewhere()).post(elsewhere_still, form("1000000029", "guess")).status_code == 302


def test_a_refused_try_uses_up_neither_the_link_nor_the_name(cast, sandbox, mailoutbox):
    for n in range(2):
        Client(REMOTE_ADDR="10.98.0.1").post(link_for(f"p{n}@person.test", mailoutbox), form("1000000003", "guess"))
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


# Who owns what


def test_a_second_claimant_sees_nothing_until_an_owner_approves_and_all_owners_are_told(planted, sandbox, mailoutbox):
    second = person("second@harbor.test")
    Membership.objects.create(user=second, account=planted.harbor, role=Role.OWNER)
    client = arrive("phone@person.test", mailoutbox, number=HARBOR)
    line.serve(everything=True)
    assert not sees(client)
    assert "an owner decides" in client.get("/connect/").content.decode()
    for owner in ("owner@harbor.test", "second@harbor.test"):
        assert told(mailoutbox, owner) == [f"phone@person.test asks to join {PLANTED} Dental"]
    assert told(mailoutbox, "manager@harbor.test") == []
    clock.advance(90 * 24 * 3600)  # never by silence
    line.serve(everything=True)
    arrival_sweeps.forget_arrivals()
    assert not sees(client)
    assert never_told(mailoutbox, "phone@person.test")
    request = JoinRequest.objects.of(planted.harbor).get()
    fresh("owner@harbor.test").post(f"/settings/members/requests/{request.pk}/", {"answer": "approve", "role": "viewer"})
    assert sees(client)
    assert Membership.objects.get(user__email="phone@person.test").role == "viewer"


def test_the_key_of_an_account_with_owners_is_not_replaced_by_a_claimants(planted, sandbox, mailoutbox):
    Account.objects.filter(pk=planted.harbor.pk).update(key_state="dead", sealed_key=None)
    arrive("phone@person.test", mailoutbox, number=HARBOR)
    line.serve(everything=True)
    assert Account.objects.get(pk=planted.harbor.pk).key_state == "dead"


@pytest.mark.parametrize("kind", ["key", "password"])
def test_a_right_proof_of_ones_own_account_under_a_strangers_number_sees_nothing_of_theirs(planted, sandbox, mailoutbox, kind):
    secret = sandbox.key(NORTHWIND) if kind == "key" else "another1"
    client = arrive("b@person.test", mailoutbox, number=HARBOR, kind=kind, secret=secret)
    assert not sees(client)
    line.serve(everything=True)
    assert not sees(client)
    assert not JoinRequest.objects.of(planted.harbor).exists()
    assert told(mailoutbox, "owner@harbor.test") == []
    assert not Membership.objects.filter(user__email="b@person.test").exists()


def test_a_key_of_b_under_a_number_that_nobody_connected_opens_neither(cast, sandbox, mailoutbox):
    client = arrive("b@person.test", mailoutbox, number=LARK, kind="key", secret=sandbox.key("1000000003"))
    line.serve(everything=True)
    assert "This API key is not that account" in client.get("/connect/").content.decode()
    assert not Account.objects.filter(number__in=[LARK, "1000000003"]).exists()


def test_the_accounts_own_key_with_owners_there_is_a_request_too(planted, sandbox, mailoutbox):
    client = arrive("key@person.test", mailoutbox, number=HARBOR, kind="key", secret=sandbox.key(HARBOR))
    line.serve(everything=True)
    assert JoinRequest.objects.of(planted.harbor).get().user.email == "key@person.test"
    assert not sees(client)


@pytest.mark.parametrize("kind", ["password", "key"])
def test_a_leaver_who_exchanges_again_is_a_request_again(planted, sandbox, mailoutbox, kind):
    manager = fresh("manager@harbor.test")
    assert sees(manager)
    ownership.remove(Membership.objects.get(user=planted.manager), planted.owner)
    assert not sees(manager)
    secret = sandbox.key(HARBOR) if kind == "key" else "demo1234"
    assert manager.post("/connect/", form(HARBOR, secret, kind)).status_code == 303
    line.serve(everything=True)
    assert not sees(manager)
    assert never_told(mailoutbox, "nobody")
    assert JoinRequest.objects.of(planted.harbor).get().was_member
    assert "Removed before" in fresh("owner@harbor.test").get("/settings/members/").content.decode()


@pytest.mark.parametrize("gone", ["inactive", "deleted"])
def test_owners_who_are_gone_leave_the_account_to_staff_not_to_whoever_knows_the_password(planted, sandbox, mailoutbox, gone):
    if gone == "inactive":
        User.objects.filter(pk=planted.owner.pk).update(is_active=False)
    else:
        Account.objects.filter(pk=planted.harbor.pk).update(claimed_at=clock.now())
        User.objects.filter(memberships__account=planted.harbor).delete()
    client = arrive("late@person.test", mailoutbox, number=HARBOR)
    line.serve(everything=True)
    assert not sees(client)
    request = JoinRequest.objects.of(planted.harbor).get()
    assert ownership.decide(request, planted.admin, Role.OWNER)
    assert sees(client)


def test_of_two_who_connect_the_same_account_the_first_answered_owns_it_and_the_other_asks(cast, sandbox, mailoutbox):
    one = arrive("one@person.test", mailoutbox)
    two = arrive("two@person.test", mailoutbox)
    line.serve(everything=True)
    line.serve(everything=True)
    account = Account.objects.get(number=LARK)
    assert Membership.objects.get(account=account).user.email == "one@person.test"
    assert JoinRequest.objects.of(account).get().user.email == "two@person.test"
    Account.objects.filter(pk=account.pk).update(name=PLANTED)
    assert PLANTED in one.get("/").content.decode()
    assert not sees(two)
    assert never_told(mailoutbox, "two@person.test")


def test_an_owner_gone_between_a_claim_and_its_answer_changes_nothing_for_the_claimant(planted, sandbox, mailoutbox):
    client = arrive("phone@person.test", mailoutbox, number=HARBOR)
    second = person("second@harbor.test")
    Membership.objects.create(user=second, account=planted.harbor, role=Role.OWNER)
    ownership.remove(Membership.objects.get(user=planted.owner), second)
    line.serve(everything=True)
    assert not sees(client)
    assert JoinRequest.objects.of(planted.harbor).exists()


def test_a_declined_claimant_stays_out_and_may_ask_again_only_by_another_exchange(planted, sandbox, mailoutbox):
    client = arrive("phone@person.test", mailoutbox, number=HARBOR)
    line.serve(everything=True)
    request = JoinRequest.objects.of(planted.harbor).get()
    assert ownership.decide(request, planted.owner, None)
    assert not ownership.decide(request, planted.owner, Role.OWNER)  # decided once
    assert "declined" in client.get("/connect/").content.decode()
    assert not sees(client)


def test_only_owners_of_that_account_decide_about_a_request(planted, sandbox, mailoutbox):
    client = arrive("phone@person.test", mailoutbox, number=HARBOR)
    line.serve(everything=True)
    request = JoinRequest.objects.of(planted.harbor).get()
    answer = {"answer": "approve", "role": "owner"}
    path = f"/settings/members/requests/{request.pk}/"
    assert fresh("owner@northwind.test").post(path, answer).status_code == 404
    assert fresh("manager@harbor.test").post(path, answer).status_code == 403
    assert client.post(path, answer).status_code == 404
    assert not sees(client)


def race(work, times: int) -> None:
    def run(n: int) -> None:
        try:
            work(n)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(n,)) for n in range(times)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def two_claims_at_once(monkeypatch) -> int:
    """Owners after two people's answers for one account arrived together."""
    together = Barrier(2)
    real = ownership.is_free

    def slowly(account):
        found = real(account)
        with suppress(BrokenBarrierError):
            together.wait(timeout=0.6)  # with the lock the second never gets here meanwhile
        return found

    monkeypatch.setattr(ownership, "is_free", slowly)
    Account.objects.create(number=LARK)
    users = [User.objects.create_user(f"race{n}@person.test", NEW) for n in range(2)]
    race(lambda n: ownership.claim(users[n], LARK, "a" * 32), 2)
    return Membership.objects.filter(account__number=LARK, role=Role.OWNER).count()


def test_two_answers_at_the_same_moment_make_one_owner(transactional_db, monkeypatch):
    assert two_claims_at_once(monkeypatch) == 1
    assert JoinRequest.objects.across_accounts().count() == 1


def test_control_without_the_lock_both_become_owners(transactional_db, monkeypatch):
    monkeypatch.setattr(ownership, "locked", lambda account: nullcontext(account))
    assert two_claims_at_once(monkeypatch) == 2


def test_a_link_posted_twice_at_once_makes_one_person_and_one_wish(transactional_db, mailoutbox):
    link = link_for("lark@demo.test", mailoutbox)
    statuses: list[int] = []
    race(lambda n: statuses.append(Client(REMOTE_ADDR=elsewhere()).post(link, form()).status_code), 4)
    assert statuses.count(302) == 1
    assert User.objects.filter(email="lark@demo.test").count() == Connection.objects.count() == 1


def test_one_person_pressing_twice_at_once_has_one_wish(transactional_db, mailoutbox):
    user = User.objects.create_user("lark@demo.test", NEW)
    typed = connect.Typed(LARK, "password", "demo1234")
    race(lambda n: connect.ask(user, typed, elsewhere()), 2)
    assert Connection.objects.filter(state="waiting").count() == Wish.objects.count() == 1


def test_a_days_wait_is_counted_from_the_typing_and_not_prolonged_by_tries(cast, sandbox, mailoutbox):
    arrive("lark@demo.test", mailoutbox)
    row = Connection.objects.get()
    assert row.expires_at - row.asked_at == timedelta(days=1)
    sandbox.down("accountApiKey")
    line.serve(everything=True)
    assert Connection.objects.get().expires_at == row.expires_at
