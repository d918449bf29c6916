"""A new SIP password turns the API key: the account stays connected, nothing is sent twice, nothing
is refused for the key, and no password stays behind.
"""

import time
from datetime import UTC, datetime

import pytest

from apps.accounts import access
from apps.accounts.models import Account, Membership
from apps.changes import machine, sweeps
from apps.changes.engine import sending, tokens
from apps.changes.models import Entry, Hold
from apps.changes.selectors import entry_panel
from apps.changes.states import State
from apps.copies.services import Outcome, look
from apps.copies.source import SOURCES
from apps.notifications.models import Notice
from apps.numbers.changes import SetForward
from apps.sandbox.models import Number as Theirs
from apps.trunking import passwords, turning
from apps.trunking.models import KeyTurn, Trunk
from apps.voicetel import clock
from apps.voicetel.hour import line
from apps.voicetel.models import Spent, Wish
from tests.accounts.proof import confirm
from tests.pages import words
from tests.trunking.forms import press

PAGE = "/trunking/authentication/password/"
NEW = "Harbor12ab"
FORWARDED = "2015550111"


@pytest.fixture(autouse=True)
def _here_and_now(changes):
    """A change is sent within its POST."""


@pytest.fixture
def asked(harbor, owner):
    """An owner has typed a new password, what stops, and their own password."""
    return ask(owner)


def ask(owner, **more):
    word = owner.get(PAGE).context["table"].word
    answer = owner.post(PAGE, press(password=NEW, typed=word, **more))
    if "/reauthenticate/" in answer["Location"]:
        answer = confirm(owner, answer)
    return answer


def turn(account):
    return KeyTurn.objects.of(account).latest("pk")


def there(sandbox):
    return sandbox.account("1000000001").password


def run(times=1, seconds=31.0):
    """The line's sweep and the others, so often, with time between."""
    for _ in range(times):
        line.serve()
        turning.tend()
        sweeps.send_due()
        sweeps.settle_due()
        clock.advance(seconds)


def fresh(account):
    return Account.objects.get(pk=account.pk)


def is_connected(account):
    return len(access.client_for(fresh(account)).gateways.list()) > 0


def no_password_stays(account):
    """Neither sealed, nor a hold, nor a wish."""
    assert not KeyTurn.objects.of(account).exclude(sealed=None).exists()
    assert not Entry.objects.of(account).exclude(sealed=None).exists()
    assert not Hold.objects.of(account).exists()
    assert not Wish.objects.filter(kind="turn").exists()
    assert fresh(account).turning_until is None
    return True


def exchanges():
    return Spent.objects.filter(operation="accountApiKey").count()


def test_nothing_is_sent_before_its_turn(harbor, asked, owner, sandbox):
    assert asked["Location"] == PAGE
    assert there(sandbox) != NEW
    assert sandbox.count("authPut") == 0
    assert turn(harbor).state == "waiting"
    assert "The change is queued." in words(owner.get(PAGE))


def test_it_is_changed_and_the_account_stays_connected(harbor, asked, owner, cast, sandbox):
    run()
    assert there(sandbox) == NEW
    assert turn(harbor).state == "done"
    assert is_connected(harbor)
    assert Entry.objects.of(harbor).get().state == State.DONE
    assert exchanges() == 1
    assert no_password_stays(harbor)
    assert "stayed connected" in words(owner.get(PAGE))
    assert Trunk.objects.of(harbor).get().password_by == "Owner Harbor (owner@harbor.test)"
    told = Notice.objects.across_people().filter(kind="change_done")
    assert {notice.user for notice in told} == {cast.owner}


def test_it_needs_a_fresh_sign_in_and_what_stops_typed(harbor, owner, sandbox):
    word = owner.get(PAGE).context["table"].word
    answer = owner.post(PAGE, press(password=NEW, typed=word))
    assert "/reauthenticate/" in answer["Location"]
    assert not KeyTurn.objects.of(harbor).exists()
    confirm(owner, answer)
    assert KeyTurn.objects.of(harbor).count() == 1
    again = owner.post(PAGE, press(password=NEW, typed="no"))
    assert again.status_code == 422
    assert "Stops: Until it has the new password" in words(again)


@pytest.mark.parametrize("typed", ["short", "onlyletters", "1234567", "elevenchar1", "has space1"])
def test_what_voicetel_would_decline_is_told_before(harbor, asked, owner, typed):
    turning.cancel(harbor, owner_of(harbor))
    answer = owner.post(PAGE, press(password=typed, typed="x"))
    assert answer.status_code == 422
    assert "6 to 10 letters and digits" in words(answer)


def owner_of(account):
    return Membership.objects.get(account=account, role="owner").user


def test_a_made_password_is_good_and_has_no_letter_that_is_read_for_another():
    made = {passwords.make() for _ in range(500)}
    assert len(made) == 500
    for each in made:
        assert passwords.GOOD.fullmatch(each)
        assert len(each) == 10
        assert not set(each) & set("0O1lI")
        assert any(letter.isupper() for letter in each)
        assert any(letter.islower() for letter in each)


def forward(account, by, to="9175550142"):
    change = SetForward(account, FORWARDED, to=to)
    return machine.submit(change, by=by, token=tokens.mint(), fresh_at=datetime.now(UTC))


def test_other_changes_wait_while_it_is_turned_and_go_after(harbor, asked, cast, sandbox):
    """VoiceTel's allowance is used up between the change and the exchange."""
    sandbox.fault("accountApiKey", "rate_limit", times=1, seconds=600)
    run()
    assert there(sandbox) == NEW
    assert turn(harbor).state == "turning"
    waiting = forward(fresh(harbor), cast.owner)
    waiting.refresh_from_db()
    assert waiting.state == State.READY
    assert "password is being changed" in words_of_wait(waiting, cast)
    run(times=25)
    assert turn(harbor).state == "done"
    waiting.refresh_from_db()
    assert waiting.state == State.DONE
    assert Theirs.objects.get(pk=FORWARDED).forward_to == "9175550142"
    assert no_password_stays(harbor)


def words_of_wait(entry, cast):
    member = Membership.objects.get(account=entry.account, user=cast.owner)
    return entry_panel(entry, member)["sentence"]


def test_reads_wait_and_nobody_calls_the_old_key_dead(harbor, asked, sandbox):
    before = fresh(harbor)  # someone who read the account before
    sandbox.fault("accountApiKey", "rate_limit", times=1, seconds=600)
    run()
    assert look(fresh(harbor), SOURCES["gateways"]) == Outcome.FAILED
    assert access.confirm_dead(before) is False
    assert fresh(harbor).key_state == "live"
    run(times=25)
    assert turn(harbor).state == "done"
    assert access.confirm_dead(before) is False, "nor the old one, once there is a new one"
    assert fresh(harbor).key_state == "live"
    assert not Notice.objects.across_people().filter(kind="key_dead").exists()


def test_a_call_begun_with_the_old_key_is_sent_again_with_the_new_one(harbor, asked, cast, sandbox):
    """The change was claimed with an account that was read before the key turned."""
    stale = Entry.objects.of(harbor).select_related("account")
    entry = forward(fresh(harbor), cast.owner)
    Entry.objects.of(harbor).filter(pk=entry.pk).update(state=State.READY, sent_at=None)
    held = stale.get(pk=entry.pk)
    sandbox.rotate_key("1000000001")
    account = fresh(harbor)
    account.set_key(sandbox.key("1000000001"))
    account.save()
    change = SetForward(held.account, FORWARDED, to="9175550199")
    outcome = sending.attempt(held, change, time.monotonic())
    assert outcome.state == State.NOT_SENT
    assert fresh(harbor).key_state == "live"


@pytest.mark.parametrize("fault", ["drop_after", "html_after", "status_after", "cut_body"])
def test_a_lost_answer_is_settled_by_the_exchange(harbor, asked, sandbox, fault):
    sandbox.fault("authPut", fault, times=1)
    run(times=6)
    assert there(sandbox) == NEW
    assert turn(harbor).state == "done"
    assert Entry.objects.of(harbor).get().state == State.DONE
    assert sandbox.count("authPut") == 1
    assert exchanges() == 1
    assert is_connected(harbor)
    assert no_password_stays(harbor)


def test_one_that_never_arrived_leaves_the_old_password_and_the_connection(
    harbor, asked, owner, sandbox
):
    sandbox.fault("authPut", "drop_before", times=1)
    run(times=14)
    assert there(sandbox) != NEW
    assert turn(harbor).state == "refused"
    assert Entry.objects.of(harbor).get().state == State.ABSENT
    assert sandbox.count("authPut") == 1
    assert is_connected(harbor)
    assert no_password_stays(harbor)
    assert "The SIP password wasn't changed." in words(owner.get(PAGE))


def test_a_refusal_spends_no_call_of_the_hour(harbor, asked, owner, sandbox):
    sandbox.fault("authPut", "status", status=400, times=1)
    run(times=2)
    assert turn(harbor).state == "refused"
    assert Entry.objects.of(harbor).get().state == State.REFUSED
    assert exchanges() == 0
    assert is_connected(harbor)
    assert no_password_stays(harbor)


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "html_after", "cut_body"])
def test_an_exchange_whose_answer_is_lost_is_tried_again(harbor, asked, sandbox, fault):
    sandbox.fault("accountApiKey", fault, times=1)
    run(times=8)
    assert turn(harbor).state == "done"
    assert is_connected(harbor)
    assert exchanges() <= 2
    assert no_password_stays(harbor)


def test_a_process_that_dies_after_the_send_is_taken_up(harbor, asked, sandbox, monkeypatch):
    real = turning._exchange_if_sent

    def die(row, entry):
        monkeypatch.setattr(turning, "_exchange_if_sent", real)
        raise KeyboardInterrupt

    monkeypatch.setattr(turning, "_exchange_if_sent", die)
    with pytest.raises(KeyboardInterrupt):
        line.serve()
    assert there(sandbox) == NEW
    assert turn(harbor).state == "turning"
    run(times=8)
    assert turn(harbor).state == "done"
    assert sandbox.count("authPut") == 1
    assert is_connected(harbor)
    assert no_password_stays(harbor)


def test_a_leaked_one_goes_at_once_and_says_until_when_changes_wait(
    harbor, owner, sandbox, messages
):
    for _ in range(6):  # the hour is used up
        Spent.objects.create(
            pool="account",
            operation="accountGet",
            call_class="looking",
            at=clock.now(),
            asked_at=clock.now(),
            answered_at=clock.now(),
        )
    ask(owner, at_once="on")
    messages.run()
    assert there(sandbox) == NEW
    assert turn(harbor).state == "turning"
    page = words(owner.get(PAGE))
    assert "Other changes of this account wait until the portal has renewed its connection" in page
    clock.advance(3700)
    run(times=3)
    assert turn(harbor).state == "done"
    assert is_connected(harbor)
    assert no_password_stays(harbor)


def test_a_request_can_be_canceled_while_nothing_is_sent(harbor, asked, owner, sandbox):
    assert owner.post(f"{PAGE}cancel/", press()).status_code == 303
    run(times=2)
    assert there(sandbox) != NEW
    assert turn(harbor).state == "canceled"
    assert no_password_stays(harbor)


def test_a_newer_request_takes_the_place_of_one_that_waits(harbor, asked, owner, sandbox):
    word = owner.get(PAGE)
    assert "moving" in word.context
    turning.ask(harbor, owner_of(harbor), "Another9", tokens.mint(), at_once=False)
    run(times=2)
    assert there(sandbox) == "Another9"
    assert list(KeyTurn.objects.of(harbor).order_by("pk").values_list("state", flat=True)) == [
        "canceled",
        "done",
    ]


def test_one_that_had_no_turn_for_a_day_is_erased(harbor, asked, owner, sandbox):
    clock.advance(24 * 3600 + 60)
    turning.tend()
    run()
    assert turn(harbor).state == "expired"
    assert there(sandbox) != NEW
    assert no_password_stays(harbor)


def test_an_owner_who_is_removed_meanwhile_changes_nothing(harbor, asked, cast, sandbox):
    Membership.objects.filter(account=harbor, user=cast.owner).update(role="viewer")
    run(times=2)
    assert there(sandbox) != NEW
    assert turn(harbor).state == "refused"
    assert exchanges() == 0
    assert no_password_stays(harbor)


def test_the_portals_own_account_is_left_alone(harbor, owner, settings, sandbox):
    settings.VOICETEL_ADMIN_KEY = sandbox.key("1000000001")
    page = words(owner.get(PAGE))
    assert "The portal itself uses this account's API key" in page
    assert ask_anyway(owner).status_code == 422
    assert not KeyTurn.objects.of(harbor).exists()


def ask_anyway(owner):
    answer = owner.post(PAGE, press(password=NEW, typed="stop 3"))
    return confirm(owner, answer)


def test_the_password_is_in_no_page_and_no_activity(harbor, asked, owner, sandbox):
    run()
    for page in (PAGE, "/trunking/", "/settings/audit/", "/notifications/"):
        text = owner.get(page).content.decode()
        assert NEW not in text
        assert "Harbor Dental" in text
    entry = Entry.objects.of(harbor).get()
    assert NEW not in f"{entry.args}{entry.what}{entry.answer}{entry.said}"


def test_a_manager_cannot_see_the_form(harbor, manager, sandbox):
    assert manager.get(PAGE).status_code == 403
    assert manager.post(PAGE, press(password=NEW)).status_code == 403
