"""A declined port is corrected in its ticket, once, and the same order goes on at no charge."""

from decimal import Decimal

import pytest

from apps.changes import sweeps
from apps.changes.models import Entry
from apps.changes.states import State
from apps.copies.services import look
from apps.porting import sources
from apps.porting.models import Group, Port
from apps.porting.rules.reasons import REASONS, find_reason
from apps.sandbox.models import Thread
from tests.changes.pressing import again
from tests.pages import words
from tests.porting.ready import BILL

DAY = 86_400


@pytest.fixture
def declined(draft, order, harbor, both):
    """A port that its carrier declined, and that a customer can correct."""
    Group.objects.of(harbor).filter(draft=draft).update(
        bill=BILL | {"account_number": "REJECT-1", "unit": ""}
    )
    order(draft)
    for _ in range(8):
        both(DAY)
        look(harbor, sources.ports)
    port = Port.objects.of(harbor).get(closed_at=None)
    assert port.stage == "rejected"
    return port


def correct(browser, port, **typed):
    """Send the form as the page shows it, with these fields changed."""
    page = browser.get(f"/porting/{port.pid}/correct/")
    form = page.context["form"]
    given = {name: form[name].value() or "" for name in form.fields}
    return browser.post(f"/porting/{port.pid}/correct/", given | typed, follow=True)


def written(port):
    threads = Thread.objects.filter(ticket=port.ticket, type="customer").order_by("pk")
    return [thread.body for thread in threads if "Correction" in thread.body]


def test_a_declined_port_is_corrected_and_completes_charged_once(
    declined, manager, harbor, sandbox, both, changes
):
    page = words(manager.get(f"/porting/{declined.pid}/"))
    assert "Comcast IP Phone declined the order." in page
    assert "The losing carrier rejected the order: account number does not match." in page
    assert "Likely about Account number" in page
    page = words(correct(manager, declined, account_number="7745-2210-0093", unit="Ste 210"))
    assert "Your correction is with VoiceTel." in page
    assert "Account number: REJECT-1 → 7745-2210-0093" in page
    (body,) = written(declined)
    assert f"Correction for port {declined.pid}:<br>" in body
    assert "Account number: REJECT-1 -&gt; 7745-2210-0093" in body
    assert "Suite, floor, or unit: (empty) -&gt; Ste 210" in body
    assert "City" not in body
    for _ in range(6):
        both(DAY)
        look(harbor, sources.ports)
    declined.refresh_from_db()
    assert declined.stage == "complete"
    charges = [c.amount for c in sandbox.charges("1000000001") if c.operation == "portSubmit"]
    assert charges == [Decimal(12)]


def test_the_fields_that_the_reason_names_come_first(declined, manager):
    form = manager.get(f"/porting/{declined.pid}/correct/").context["form"]
    assert [each.name for each in form.named] == ["account_number"]
    assert form["name"].value() == "Harbor Dental LLC"


def test_nothing_changed_is_nothing_sent(declined, manager, changes):
    page = correct(manager, declined)
    assert page.status_code == 422
    assert "Change at least one field, or write a comment." in words(page)
    assert written(declined) == []


def test_pressing_twice_writes_once(declined, manager, harbor, changes):
    page = manager.get(f"/porting/{declined.pid}/correct/")
    form = page.context["form"]
    given = {name: form[name].value() or "" for name in form.fields} | {"comment": "Once"}
    for _ in range(5):
        manager.post(f"/porting/{declined.pid}/correct/", given)
    assert len(written(declined)) == 1


@pytest.mark.parametrize("kind", ["drop_after", "drop_before", "html_after"])
def test_a_lost_answer_is_settled_by_the_reference(
    declined, manager, harbor, sandbox, both, changes, kind
):
    sandbox.fault("supportTicketReplyCreate", kind)
    correct(manager, declined, comment="Ask for <Ruth>")
    entry = Entry.objects.of(harbor).filter(kind="CorrectPort").get()
    assert entry.state == State.DOUBT
    for _ in range(14):
        both(300)
        sweeps.settle_due()
    came = len(written(declined))
    assert again(entry).state == (State.DONE if came else State.ABSENT)
    assert came == (kind != "drop_before")
    if came:
        assert "Ask for &lt;Ruth&gt;" in written(declined)[0]


def test_a_ticket_that_only_a_link_tells_is_believed_when_it_names_the_port(
    declined, manager, harbor, changes
):
    ticket = declined.ticket
    Port.objects.of(harbor).filter(pk=declined.pk).update(
        ticket=None, support_url=f"https://desk.support.voicetel.com/conversation/{ticket}"
    )
    correct(manager, declined, comment="From the link")
    assert len(written(declined)) == 1
    Port.objects.of(harbor).filter(pk=declined.pk).update(
        corrected_at=None, support_url="https://desk.support.voicetel.com/conversation/1"
    )
    correct(manager, declined, comment="To a ticket that isn't its own")
    newest = Entry.objects.of(harbor).filter(kind="CorrectPort").latest("pk")
    assert newest.state == State.REFUSED
    assert len(written(declined)) == 1


def test_a_new_pin_is_in_the_ticket_and_nowhere_here(declined, manager, harbor, changes, caplog):
    page = correct(manager, declined, pin="918273645")
    assert "918273645" in written(declined)[0]
    entry = Entry.objects.of(harbor).filter(kind="CorrectPort").get()
    assert entry.state == State.DONE
    kept = f"{entry.args}{entry.what}{entry.answer}{caplog.text}{words(page)}"
    events = list(declined.own_events().values_list("now", "was"))
    assert "918273645" not in f"{kept}{events}"


def test_a_second_rejection_asks_again(declined, manager, harbor, changes, sandbox):
    correct(manager, declined, comment="Done")
    said = {"status": "Rejected", "message": "REJ: NAME MISMATCH", "foc": ""}
    sandbox.set_port(declined.pid, said=said)
    look(harbor, sources.ports)
    page = words(manager.get(f"/porting/{declined.pid}/"))
    assert "Correct the order" in page
    assert "Likely about Name" in page


@pytest.mark.parametrize("reason", REASONS, ids=lambda each: each.name)
def test_each_known_reason_is_found_by_its_words(reason):
    assert find_reason(f"REJ: {reason.words[0].upper()}. CALL US") is reason


def test_words_that_nobody_knows_mean_nothing():
    assert find_reason("Something else entirely") is None
    assert find_reason("pinned to the wall") is None


def test_a_number_of_an_open_order_is_refused_at_voicetel_too(draft, order, harbor, sandbox):
    """Also one whose order its carrier is going to decline."""
    from apps.porting.models import PortNumber

    order(draft)
    PortNumber.objects.across_accounts().all().delete()
    Group.objects.of(harbor).update(token_after=1)
    from apps.changes.services import new_token

    Group.objects.of(harbor).update(token=new_token())
    Entry.objects.of(harbor).filter(kind="SubmitPort").update(subject="0")
    (entry,) = order(draft)
    assert entry.state == State.REFUSED
    assert "Already porting" in entry.said
