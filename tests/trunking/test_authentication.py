"""Authentication: VoiceTel's words say what is in force; what a switch stops is typed."""

import pytest

from apps.changes.models import Entry
from apps.changes.states import State
from apps.copies.services import look
from apps.sandbox.handlers import trunking as theirs
from apps.trunking import sources
from apps.trunking.models import AuthWord, Trunk
from tests.pages import words
from tests.trunking.forms import press, settle

PAGE = "/trunking/authentication/"


@pytest.fixture(autouse=True)
def _here_and_now(changes):
    """A change is sent within its POST."""


def there(sandbox):
    return sandbox.account("1000000001").auth_type


def test_the_page_says_what_is_in_force_in_voicetels_words(harbor, viewer):
    page = words(viewer.get(PAGE))
    assert "Lax" in page
    assert "“Digest OR IP Auth”" in page
    assert "Only owners can change it" in page


def test_words_that_no_answer_has_used_are_marked(harbor, owner):
    page = words(owner.get(PAGE))
    assert page.count("not confirmed") == 3
    AuthWord.objects.create(number=0, words="Digest", seen_at="2026-11-30T10:00Z")
    assert words(owner.get(PAGE)).count("not confirmed") == 2


def test_another_release_that_means_other_things_by_its_numbers_is_believed(
    harbor, owner, monkeypatch
):
    """Later releases say: 1 is digest or IP, 2 is IP."""
    monkeypatch.setitem(theirs.LABELS, 2, "IP")
    look(harbor, sources.authentication)
    page = words(owner.get(PAGE))
    assert "IP Now A listed address only. VoiceTel's words: “IP”" in page


def test_choosing_a_type_shows_what_works_after_and_changes_nothing(harbor, owner, sandbox):
    calls = sandbox.count()
    page = words(owner.get(f"{PAGE}?auth_type=1"))
    assert "Switching to IP stops" in page
    assert "There's no registration with IP alone" in page
    assert "203.0.113.20:5060 Now: Password After: Stops: Not listed" in page
    assert sandbox.count() == calls
    assert there(sandbox) == 2


def test_a_switch_goes_once_what_stops_was_typed_and_is_read_back(harbor, owner, sandbox):
    table = owner.get(f"{PAGE}?auth_type=1").context["table"]
    assert owner.post(PAGE, press(auth_type="1")).status_code == 422
    assert there(sandbox) == 2
    answer = owner.post(PAGE, press(auth_type="1", typed=table.word))
    assert answer.status_code == 303
    assert there(sandbox) == 1
    assert Entry.objects.of(harbor).get().state == State.DONE
    look(harbor, sources.authentication)
    assert Trunk.objects.of(harbor).get().auth_words == "IP Auth"
    assert "Undo" in words(owner.get(answer["Location"]))


def test_what_stops_nothing_needs_no_word(northwind, cast, sign_in, sandbox):
    """From IP to IP or digest."""
    browser = sign_in(cast.stranger)
    page = words(browser.get(f"{PAGE}?auth_type=2"))
    assert "Switching to Lax stops nothing that works now." in page
    assert browser.post(PAGE, press("1000000002", auth_type="2")).status_code == 303
    assert sandbox.account("1000000002").auth_type == 2


def test_a_switch_that_voicetel_took_for_another_type_is_shown_in_red(harbor, owner, sandbox):
    owner.post(
        PAGE, press(auth_type="3", typed=owner.get(f"{PAGE}?auth_type=3").context["table"].word)
    )
    sandbox.set_account("1000000001", auth_type=1)
    look(harbor, sources.authentication)
    assert "VoiceTel says “IP Auth”, which isn't the type that was chosen here" in words(
        owner.get(PAGE)
    )
    assert "isn't the type that was chosen here" in words(owner.get("/trunking/"))


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "html_after"])
def test_a_lost_answer_ends_with_what_is_there(harbor, owner, sandbox, fault):
    sandbox.fault("authPut", fault)
    owner.post(
        PAGE, press(auth_type="3", typed=owner.get(f"{PAGE}?auth_type=3").context["table"].word)
    )
    assert settle(harbor) == {State.DONE}
    assert there(sandbox) == 3


def test_a_manager_sees_it_and_may_not_change_it(harbor, manager, sandbox):
    assert manager.get(PAGE).status_code == 200
    assert manager.post(PAGE, press(auth_type="0")).status_code == 403
    assert there(sandbox) == 2
