"""/admin/accounts/<number>/requests/<pk>/: staff decide a request to join in a ticket, where no
owner answers.
"""

from contextlib import nullcontext, suppress
from threading import Barrier, BrokenBarrierError, Thread
from threading import Event as Signal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from apps.accounts import locks, members
from apps.accounts.models import JoinRequest, Membership, User
from apps.accounts.owners import NoOwner
from apps.accounts.roles import Role
from apps.audit.models import Event
from apps.staff import services
from apps.staff.selectors import requests
from apps.voicetel import clock
from tests.accounts.arriving.walking_in import told
from tests.accounts.proof import confirm, waits
from tests.accounts.signing_in.codes import code
from tests.cast import person
from tests.pages import words
from tests.staff.acting import proved

DAYS = 24 * 3600
LET_IN = {"answer": "approve", "role": "manager", "ticket": "HELP-4711"}
DECLINE = {"answer": "decline", "ticket": "HELP-4711"}


@pytest.fixture
def admin(cast, sign_in) -> Client:
    return proved(sign_in(cast.admin), cast.admin)


@pytest.fixture
def asked(cast) -> JoinRequest:
    """A request that waits since a moment ago, on an account whose owner can sign in."""
    return members.ask_to_join(cast.harbor, cast.stranger)


@pytest.fixture
def late(asked) -> JoinRequest:
    """The same, three days later."""
    clock.advance(3 * DAYS + 1)
    return asked


def path(asked: JoinRequest) -> str:
    return f"/admin/accounts/{asked.account.number}/requests/{asked.pk}/"


def state(asked: JoinRequest) -> str:
    asked.refresh_from_db()
    return asked.state


def role_of(user: User, asked: JoinRequest) -> str:
    found = Membership.objects.filter(user=user, account=asked.account).first()
    return found.role if found else ""


def owners_are_gone(cast) -> None:
    User.objects.filter(pk=cast.owner.pk).update(is_active=False)


# When


def test_before_three_days_an_owner_who_can_sign_in_decides_and_staff_do_not(asked, cast, admin):
    page = admin.get(path(asked)).content.decode()
    assert "1 owner can sign in and decide." in page
    assert "Let them in" not in page
    response = admin.post(path(asked), LET_IN)
    assert response.status_code == 409
    assert "1 owner can sign in and decide. Staff may from" in response.content.decode()
    assert (state(asked), role_of(cast.stranger, asked)) == ("open", "")


def test_a_second_before_three_days_is_too_early(asked, admin):
    clock.advance(3 * DAYS - 60)
    assert admin.post(path(asked), LET_IN).status_code == 409
    clock.advance(61)
    assert admin.post(path(asked), LET_IN).status_code == 303


def test_staff_decide_at_once_where_no_owner_can_sign_in(asked, cast, admin):
    owners_are_gone(cast)
    page = words(admin.get(path(asked)))
    assert "No owner who can sign in is left, so staff decide." in page
    assert "owner@harbor.test: cannot sign in" in page
    assert admin.post(path(asked), LET_IN)["Location"] == "/admin/accounts/1000000001/"
    assert (state(asked), role_of(cast.stranger, asked)) == ("approved", "manager")


def test_staff_decide_where_nobody_is_left_at_all(asked, cast, admin):
    Membership.objects.filter(account=cast.harbor).delete()
    page = admin.get(path(asked)).content.decode()
    assert '<option value="owner" selected>' in page
    assert (
        admin.post(path(asked), {**LET_IN, "role": "owner", "number": "100-000-0001"}).status_code
        == 303
    )
    assert role_of(cast.stranger, asked) == "owner"


def test_one_that_was_decided_shows_by_whom_and_takes_no_second_decision(late, cast, admin):
    members.decide(late, cast.owner, "viewer")
    page = admin.get(path(late)).content.decode()
    assert "Approved" in page
    assert "by Owner Harbor" in page
    assert "Let them in" not in page
    response = admin.post(path(late), DECLINE, follow=True)
    assert "Someone decided this request before you." in response.content.decode()
    assert (state(late), role_of(cast.stranger, late)) == ("approved", "viewer")


# Who


def test_support_looks_and_is_refused_by_the_server(late, cast, sign_in):
    support = proved(sign_in(cast.support), cast.support)
    page = support.get(path(late)).content.decode()
    assert "Administrators decide. Support looks." in page
    assert 'name="ticket"' not in page
    assert "Let them in" not in page
    response = support.post(path(late), LET_IN)
    assert response.status_code == 403
    assert "Only administrators of the portal do this" in response.content.decode()
    assert (state(late), role_of(cast.stranger, late)) == ("open", "")
    event = Event.objects.across_accounts().get(action="role_refused")
    assert (event.actor, event.subject) == (cast.support, path(late))


@pytest.mark.parametrize("who", ["support", "owner", "stranger"])
def test_the_service_itself_takes_a_decision_from_administrators_only(who, late, cast):
    with pytest.raises(PermissionDenied):
        services.decide(late, getattr(cast, who), "owner", ticket="1")
    assert state(late) == "open"


def test_the_service_itself_wants_a_ticket_and_staff_without_one_decide_nothing(late, cast):
    with pytest.raises(ValueError):
        services.decide(late, cast.admin, "owner", ticket="")
    with pytest.raises(NoOwner):
        members.decide(late, cast.admin, "owner")
    assert state(late) == "open"


def test_an_administrator_does_not_decide_about_their_own_request(cast, admin):
    owners_are_gone(cast)
    own = members.ask_to_join(cast.harbor, cast.admin)
    page = admin.get(path(own)).content.decode()
    assert "another administrator decides" in page
    assert "Let them in" not in page
    response = admin.post(path(own), LET_IN)
    assert response.status_code == 403
    assert "This is your own request" in response.content.decode()
    assert (state(own), role_of(cast.admin, own)) == ("open", "")


@pytest.mark.parametrize("who", ["owner", "manager", "billing", "viewer", "stranger"])
def test_for_customers_there_is_nothing_there(who, late, cast, sign_in):
    browser = sign_in(getattr(cast, who))
    assert browser.get(path(late)).status_code == 404
    assert browser.post(path(late), LET_IN).status_code == 404
    assert state(late) == "open"


def test_under_another_accounts_number_the_request_does_not_exist(late, admin):
    elsewhere = path(late).replace("1000000001", "1000000002")
    assert admin.get(elsewhere).status_code == 404
    assert admin.post(elsewhere, LET_IN).status_code == 404
    assert admin.post(path(late).replace(str(late.pk), "999999999"), LET_IN).status_code == 404
    assert state(late) == "open"


def test_who_proved_themselves_long_ago_is_asked_again_first_and_carried_on(late, cast, admin):
    proved(admin, cast.admin, ago=601)
    page = admin.get(path(late)).content.decode()
    assert "Let them in" in page
    answer = admin.post(path(late), LET_IN)
    assert waits(answer)["next"] == path(late)
    assert state(late) == "open"
    assert confirm(admin, answer, code=code()).status_code == 303
    assert state(late) == "approved"


# What is typed


@pytest.mark.parametrize("ticket", ["", "   ", "the one of today", "x" * 41, "<b>"])
def test_without_a_tickets_name_nothing_is_decided_and_what_was_typed_stays(ticket, late, admin):
    response = admin.post(path(late), {**LET_IN, "role": "billing", "ticket": ticket})
    page = response.content.decode()
    assert response.status_code == 422
    assert '<option value="billing" selected>' in page
    assert "field-error" in page
    assert state(late) == "open"


def test_a_decline_needs_the_ticket_too(late, admin):
    assert admin.post(path(late), {"answer": "decline"}).status_code == 422
    assert state(late) == "open"


@pytest.mark.parametrize("role", ["", "admin", "staff", "Owner", "owner,manager"])
def test_a_role_that_there_is_not_is_refused(role, late, cast, admin):
    response = admin.post(path(late), {**LET_IN, "role": role, "number": "1000000001"})
    assert response.status_code == 422
    assert 'value="HELP-4711"' in response.content.decode()
    assert (state(late), role_of(cast.stranger, late)) == ("open", "")


@pytest.mark.parametrize("answer", ["", "Approve", "yes", "owner"])
def test_an_answer_that_no_button_gives_is_refused(answer, late, admin):
    assert admin.post(path(late), {**LET_IN, "answer": answer}).status_code == 422
    assert state(late) == "open"


@pytest.mark.parametrize("typed", ["", "1000000002", "owner"])
def test_to_make_an_owner_the_accounts_number_is_typed(typed, late, cast, admin):
    response = admin.post(path(late), {**LET_IN, "role": "owner", "number": typed})
    assert response.status_code == 422
    assert "type 1000000001 exactly" in response.content.decode()
    assert role_of(cast.stranger, late) == ""
    assert (
        admin.post(path(late), {**LET_IN, "role": "owner", "number": "1000000001"}).status_code
        == 303
    )
    assert role_of(cast.stranger, late) == "owner"


# What follows


def test_the_person_and_all_owners_are_told_that_staff_let_them_in(late, cast, admin, mailoutbox):
    second = person("second@harbor.test")
    Membership.objects.create(user=second, account=cast.harbor, role=Role.OWNER)
    mailoutbox.clear()
    before = len(told(mailoutbox, "owner@harbor.test"))
    page = admin.post(path(late), LET_IN, follow=True).content.decode()
    assert "owner@northwind.test now has access to the account as manager." in page
    assert told(mailoutbox, "owner@northwind.test") == [
        "You now have access to VoiceTel account 1000000001"
    ]
    assert told(mailoutbox, "owner@harbor.test")[before:] == [
        "Stranger (owner@northwind.test) joined Harbor Dental"
    ]
    assert told(mailoutbox, "second@harbor.test") == [
        "Stranger (owner@northwind.test) joined Harbor Dental"
    ]
    by_address = {mail.to[0]: mail.body for mail in mailoutbox}
    assert "VoiceTel portal staff, in ticket HELP-4711, let them in." in " ".join(
        by_address["owner@harbor.test"].split()
    )
    assert "VoiceTel portal staff gave you access" in " ".join(
        by_address["owner@northwind.test"].split()
    )


def test_the_person_and_all_owners_are_told_that_staff_declined(late, cast, admin, mailoutbox):
    before = len(told(mailoutbox, "owner@harbor.test"))
    assert admin.post(path(late), DECLINE).status_code == 303
    assert (state(late), role_of(cast.stranger, late)) == ("declined", "")
    assert told(mailoutbox, "owner@harbor.test")[before:] == [
        "Request to join Harbor Dental declined: Stranger (owner@northwind.test)"
    ]
    assert told(mailoutbox, "owner@northwind.test") == [
        "Your request to join VoiceTel account 1000000001 was declined"
    ]
    assert "VoiceTel portal staff declined" in mailoutbox[-1].body.replace("\n", " ") + mailoutbox[
        -2
    ].body.replace("\n", " ")


@pytest.mark.parametrize(
    ("form", "words"),
    [(LET_IN, "Let someone join the account"), (DECLINE, "Declined a request to join")],
)
def test_the_owners_journal_and_the_page_of_staff_say_who_did_it_and_in_which_ticket(
    form, words, late, cast, admin, sign_in
):
    User.objects.filter(pk=cast.admin.pk).update(name="Ada Admin")
    admin.post(path(late), form)
    journal = sign_in(cast.owner).get("/settings/audit/").content.decode()
    row = next(
        each for each in journal.split("<tr ") if words in each and "owner@northwind.test" in each
    )
    assert "Ada Admin" in row
    assert "Done by the portal&#x27;s staff in ticket HELP-4711." in row
    assert "in ticket HELP-4711." in admin.get("/admin/accounts/1000000001/").content.decode()


def test_looking_records_nothing(late, admin):
    before = Event.objects.across_accounts().count()
    admin.get(path(late))
    admin.get("/admin/accounts/1000000001/")
    assert Event.objects.across_accounts().count() == before


# At the same moment


def test_of_an_owner_and_staff_who_decide_at_once_one_counts(transactional_db, cast):
    asked = members.ask_to_join(cast.harbor, cast.stranger)
    clock.advance(4 * DAYS)
    together, counted = Barrier(2), []

    def press(decide) -> None:
        try:
            together.wait(timeout=5)
            counted.append(decide())
        finally:
            connection.close()

    ways = [
        lambda: members.decide(asked, cast.owner, "viewer"),
        lambda: services.decide(asked, cast.admin, None, ticket="HELP-1"),
    ]
    threads = [Thread(target=press, args=(way,)) for way in ways]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(counted) == [False, True]
    decided = Event.objects.of(cast.harbor).filter(action__in=["member_joined", "join_declined"])
    assert [event.action for event in decided] == [
        "member_joined" if state(asked) == "approved" else "join_declined"
    ]
    assert bool(role_of(cast.stranger, asked)) == (asked.state == "approved")


def an_owner_comes_while_staff_look(cast, monkeypatch) -> list[str]:
    """What happened to the account, oldest first, when an owner joins after staff saw that there is
    none.
    """
    owners_are_gone(cast)
    asked = members.ask_to_join(cast.harbor, cast.stranger)
    looked, together = Signal(), Barrier(2)
    real = requests.count_owners

    def slowly(account):
        found = real(account)
        looked.set()
        with suppress(BrokenBarrierError):
            together.wait(timeout=0.6)  # with the lock the owner never gets here meanwhile
        return found

    monkeypatch.setattr(requests, "count_owners", slowly)

    def staff() -> None:
        try:
            services.decide(asked, cast.admin, None, ticket="HELP-1")
        finally:
            connection.close()

    def owner() -> None:
        try:
            looked.wait(timeout=5)
            with locks.locked(cast.harbor) as account:
                members.join(account, cast.admin, "owner", None)
            with suppress(BrokenBarrierError):
                together.wait(timeout=0.6)
        finally:
            connection.close()

    threads = [Thread(target=staff), Thread(target=owner)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    happened = (
        Event.objects.of(cast.harbor)
        .filter(action__in=["member_joined", "join_declined"])
        .order_by("pk")
    )
    return [event.action for event in happened]


def test_staff_who_saw_no_owner_decide_before_one_can_come(transactional_db, cast, monkeypatch):
    assert an_owner_comes_while_staff_look(cast, monkeypatch) == ["join_declined", "member_joined"]


def test_control_without_the_lock_staff_decide_over_an_owner_who_has_come(
    transactional_db, cast, monkeypatch
):
    monkeypatch.setattr(locks, "locked", lambda account: nullcontext(account))
    assert an_owner_comes_while_staff_look(cast, monkeypatch) == ["member_joined", "join_declined"]
