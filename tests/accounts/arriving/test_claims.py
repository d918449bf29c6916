"""Two people at one account in every order of events: nobody sees a byte that is not theirs (TRUST
section 6).
"""

from contextlib import nullcontext, suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.test import Client

from apps.accounts import locks, members
from apps.accounts.arriving import connect, sweeps
from apps.accounts.models import Account, Connection, JoinRequest, Membership, User
from apps.accounts.roles import Role
from apps.voicetel import clock
from apps.voicetel.hour import line
from apps.voicetel.models import Wish
from tests.accounts.arriving.walking_in import (
    HARBOR,
    LARK,
    NEW,
    NORTHWIND,
    arrive,
    elsewhere,
    form,
    fresh,
    link_for,
    told,
)
from tests.accounts.planted import PLANTED, sees
from tests.cast import person
from tests.threads import at_once


def never_told(mailoutbox, email: str) -> bool:
    told(mailoutbox, email)
    mails = [mail for mail in mailoutbox if mail.to == [email]]
    return not any(PLANTED in mail.body + mail.subject + mail.alternatives[0][0] for mail in mails)


# Who owns what


def test_a_second_claimant_sees_nothing_until_an_owner_approves_and_all_owners_are_told(
    planted, sandbox, mailoutbox
):
    second = person("second@harbor.test")
    Membership.objects.create(user=second, account=planted.harbor, role=Role.OWNER)
    client = arrive("phone@person.test", mailoutbox, number=HARBOR)
    line.serve(everything=True)
    assert not sees(client)
    assert "Waiting for approval" in client.get("/connect/").content.decode()
    for owner in ("owner@harbor.test", "second@harbor.test"):
        assert told(mailoutbox, owner) == [f"phone@person.test asks to join {PLANTED} Dental"]
    assert told(mailoutbox, "manager@harbor.test") == []
    clock.advance(90 * 24 * 3600)  # never by silence
    line.serve(everything=True)
    sweeps.forget_arrivals()
    assert not sees(client)
    assert never_told(mailoutbox, "phone@person.test")
    request = JoinRequest.objects.of(planted.harbor).get()
    fresh("owner@harbor.test").post(
        f"/settings/members/requests/{request.pk}/", {"answer": "approve", "role": "viewer"}
    )
    assert sees(client)
    assert Membership.objects.get(user__email="phone@person.test").role == "viewer"


def test_the_key_of_an_account_with_owners_is_not_replaced_by_a_claimants(
    planted, sandbox, mailoutbox
):
    Account.objects.filter(pk=planted.harbor.pk).update(key_state="dead", sealed_key=None)
    arrive("phone@person.test", mailoutbox, number=HARBOR)
    line.serve(everything=True)
    assert Account.objects.get(pk=planted.harbor.pk).key_state == "dead"


@pytest.mark.parametrize("kind", ["key", "password"])
def test_a_right_proof_of_ones_own_account_under_a_strangers_number_sees_nothing_of_theirs(
    planted, sandbox, mailoutbox, kind
):
    secret = sandbox.key(NORTHWIND) if kind == "key" else "another1"
    client = arrive("b@person.test", mailoutbox, number=HARBOR, kind=kind, secret=secret)
    assert not sees(client)
    line.serve(everything=True)
    assert not sees(client)
    assert not JoinRequest.objects.of(planted.harbor).exists()
    assert told(mailoutbox, "owner@harbor.test") == []
    assert not Membership.objects.filter(user__email="b@person.test").exists()


def test_a_key_of_b_under_a_number_that_nobody_connected_opens_neither(cast, sandbox, mailoutbox):
    client = arrive(
        "b@person.test", mailoutbox, number=LARK, kind="key", secret=sandbox.key("1000000003")
    )
    line.serve(everything=True)
    assert "This API key is not that account" in client.get("/connect/").content.decode()
    assert not Account.objects.filter(number__in=[LARK, "1000000003"]).exists()


def test_the_accounts_own_key_with_owners_there_is_a_request_too(planted, sandbox, mailoutbox):
    client = arrive(
        "key@person.test", mailoutbox, number=HARBOR, kind="key", secret=sandbox.key(HARBOR)
    )
    line.serve(everything=True)
    assert JoinRequest.objects.of(planted.harbor).get().user.email == "key@person.test"
    assert not sees(client)


@pytest.mark.parametrize("kind", ["password", "key"])
def test_a_leaver_who_exchanges_again_is_a_request_again(planted, sandbox, mailoutbox, kind):
    manager = fresh("manager@harbor.test")
    assert sees(manager)
    members.remove(Membership.objects.get(user=planted.manager), planted.owner)
    assert not sees(manager)
    secret = sandbox.key(HARBOR) if kind == "key" else "demo1234"
    assert manager.post("/connect/", form(HARBOR, secret, kind)).status_code == 303
    line.serve(everything=True)
    assert not sees(manager)
    assert never_told(mailoutbox, "nobody")
    assert JoinRequest.objects.of(planted.harbor).get().was_member
    assert "Removed before" in fresh("owner@harbor.test").get("/settings/members/").content.decode()


@pytest.mark.parametrize("gone", ["inactive", "deleted"])
def test_owners_who_are_gone_leave_the_account_to_staff_not_to_whoever_knows_the_password(
    planted, sandbox, mailoutbox, gone
):
    if gone == "inactive":
        User.objects.filter(pk=planted.owner.pk).update(is_active=False)
    else:
        Account.objects.filter(pk=planted.harbor.pk).update(claimed_at=clock.now())
        User.objects.filter(memberships__account=planted.harbor).delete()
    client = arrive("late@person.test", mailoutbox, number=HARBOR)
    line.serve(everything=True)
    assert not sees(client)
    request = JoinRequest.objects.of(planted.harbor).get()
    assert members.decide(request, planted.admin, Role.OWNER, ticket="4711")
    assert sees(client)


def test_of_two_who_connect_the_same_account_the_first_answered_owns_it_and_the_other_asks(
    cast, sandbox, mailoutbox
):
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


def test_an_owner_gone_between_a_claim_and_its_answer_changes_nothing_for_the_claimant(
    planted, sandbox, mailoutbox
):
    client = arrive("phone@person.test", mailoutbox, number=HARBOR)
    second = person("second@harbor.test")
    Membership.objects.create(user=second, account=planted.harbor, role=Role.OWNER)
    members.remove(Membership.objects.get(user=planted.owner), second)
    line.serve(everything=True)
    assert not sees(client)
    assert JoinRequest.objects.of(planted.harbor).exists()


def test_a_declined_claimant_stays_out_and_may_ask_again_only_by_another_exchange(
    planted, sandbox, mailoutbox
):
    client = arrive("phone@person.test", mailoutbox, number=HARBOR)
    line.serve(everything=True)
    request = JoinRequest.objects.of(planted.harbor).get()
    assert members.decide(request, planted.owner, None)
    assert not members.decide(request, planted.owner, Role.OWNER)  # decided once
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


def two_claims_at_once(monkeypatch) -> int:
    """Owners after two people's answers for one account arrived together."""
    together = Barrier(2)
    real = members.is_free

    def slowly(account):
        found = real(account)
        with suppress(BrokenBarrierError):
            together.wait(timeout=0.6)  # with the lock the second never gets here meanwhile
        return found

    monkeypatch.setattr(members, "is_free", slowly)
    Account.objects.create(number=LARK)
    users = [User.objects.create_user(f"race{n}@person.test", NEW) for n in range(2)]
    at_once(lambda n: members.claim(users[n], LARK, "a" * 32), 2)
    return Membership.objects.filter(account__number=LARK, role=Role.OWNER).count()


def test_two_answers_at_the_same_moment_make_one_owner(transactional_db, monkeypatch):
    assert two_claims_at_once(monkeypatch) == 1
    assert JoinRequest.objects.across_accounts().count() == 1


def test_control_without_the_lock_both_become_owners(transactional_db, monkeypatch):
    monkeypatch.setattr(locks, "locked", lambda account: nullcontext(account))
    assert two_claims_at_once(monkeypatch) == 2


def test_a_link_posted_twice_at_once_makes_one_person_and_one_wish(transactional_db, mailoutbox):
    link = link_for("lark@demo.test", mailoutbox)
    statuses: list[int] = []
    at_once(
        lambda n: statuses.append(Client(REMOTE_ADDR=elsewhere()).post(link, form()).status_code), 2
    )
    # signed in, or led to the sign-in: nobody is told that it went wrong
    assert sorted(statuses) == [200, 302]
    assert User.objects.filter(email="lark@demo.test").count() == Connection.objects.count() == 1


def test_one_person_pressing_twice_at_once_has_one_wish(transactional_db, mailoutbox):
    user = User.objects.create_user("lark@demo.test", NEW)
    typed = connect.Typed(LARK, "password", "demo1234")
    at_once(lambda n: connect.ask(user, typed, elsewhere()), 2)
    assert Connection.objects.filter(state="waiting").count() == Wish.objects.count() == 1
