"""An order is charged once, whatever happens on the way, and settled by what VoiceTel lists."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from apps.changes import sweeps
from apps.changes.change import unpack
from apps.changes.machine import NeedsFreshSignIn, NotAllowed
from apps.changes.models import Entry
from apps.changes.states import State
from apps.porting import sending
from apps.porting.models import Check, DraftNumber, Group, Port
from apps.porting.services import drafts
from apps.sandbox import clock as sandbox_clock
from apps.sandbox.models import Port as Theirs
from apps.voicetel import clock
from tests.changes.pressing import again
from tests.porting.ready import BILL, NUMBERS, TOLL_FREE, VERIZON

FAULTS = {
    "drop_before": {},
    "drop_after": {},
    "cut_body": {},
    "html_after": {},
    "status_after": {"status": 502},
    "status": {"status": 502},
}


def theirs(sandbox):
    return Theirs.objects.filter(account="1000000001", arrived=False).count()


def charged(sandbox):
    return [c.amount for c in sandbox.charges("1000000001") if c.operation == "portSubmit"]


def settle(both, times=14):
    for _ in range(times):
        both(300)
        sweeps.send_due()
        sweeps.settle_due()


def test_an_order_is_a_port_here_with_what_only_its_answer_tells(draft, order, harbor, sandbox):
    (entry,) = order(draft)
    assert (entry.state, entry.charged) == (State.DONE, 12_000_000)
    port = Port.objects.of(harbor).get(entry=entry)
    there = Theirs.objects.get(pid=port.pid)
    assert there.numbers == list(NUMBERS)
    assert port.ticket == there.ticket
    assert port.loa_url.endswith(f"/a/loa/{port.pid}/")
    assert port.links_told
    assert {each.number for each in port.own_numbers().all()} == set(NUMBERS)
    assert charged(sandbox) == [Decimal(12)]


def test_the_order_holds_every_field_of_the_bill(draft, order, harbor, sandbox, monkeypatch):
    from apps.voicetel.client.resources.porting import PortsResource

    seen, real = [], PortsResource.submit
    monkeypatch.setattr(PortsResource, "submit", lambda s, o: (seen.append(o), real(s, o))[1])
    order(draft)
    sent = seen[0]
    assert (sent.street_number, sent.street_prefix, sent.street, sent.street_type) == (
        "412",
        "N",
        "Lakeside",
        "AVE",
    )
    assert (sent.pin, sent.account_number, sent.zip_code) == ("4287", "7745-2210-0093", "07050")
    assert (sent.name, sent.authorized_by, sent.unit) == (
        "Harbor Dental LLC",
        "Ruth Okafor",
        "Fl 2",
    )


@pytest.mark.parametrize("kind", FAULTS)
def test_under_every_fault_the_charges_are_the_ports_here(
    draft, order, harbor, sandbox, both, kind
):
    sandbox.fault("portSubmit", kind, **FAULTS[kind])
    (entry,) = order(draft)
    assert entry.state == State.DOUBT
    settle(both)
    entry = again(entry)
    made = theirs(sandbox)
    assert entry.state == (State.DONE if made else State.ABSENT)
    assert len(charged(sandbox)) == made == Port.objects.of(harbor).filter(entry=entry).count()
    assert made == (kind not in {"drop_before", "status"})


def test_a_doubt_says_so_and_offers_no_second_button(draft, order, manager, sandbox):
    sandbox.lose_answer("portSubmit")
    order(draft)
    page = manager.get(f"/porting/new/{draft.pk}/confirm/").content.decode()
    assert "No need to send it again" in page
    assert 'name="groups"' not in page


def test_pressing_twenty_times_makes_one_order(draft, order, harbor, sandbox):
    entries = {entry.pk for _ in range(20) for entry in order(draft)}
    assert len(entries) == 1
    assert charged(sandbox) == [Decimal(12)]


def test_twenty_posts_of_a_page_make_one_order(draft, manager, harbor, sandbox, changes):
    changes.later()
    form = posted(draft)
    for _ in range(20):
        manager.post(f"/porting/new/{draft.pk}/confirm/", form)
    changes.now()
    clock.advance(10)
    sweeps.send_due()
    assert Entry.objects.of(harbor).filter(kind="SubmitPort").count() == 1
    assert charged(sandbox) == [Decimal(12)]


def test_without_the_groups_own_token_there_would_be_more(draft, order, harbor, sandbox, changes):
    """The control of the tests above."""
    from apps.changes.services import new_token

    changes.later()
    group = Group.objects.of(harbor).get(draft=draft)
    for _ in range(3):
        change = sending.order_of(harbor, group, NUMBERS, pin=True)
        from apps.changes import machine

        machine.submit(change, by=draft.by, token=new_token(), fresh_at=datetime.now(UTC))
    assert Entry.objects.of(harbor).filter(kind="SubmitPort").count() == 3


def posted(draft, **more):
    groups = Group.objects.of(draft.account).filter(draft=draft).values_list("pk", flat=True)
    ticks = dict.fromkeys(("stays_on", "no_order", "bill_ready", "may_sign", "read"), "on")
    return {"groups": ",".join(map(str, groups)), **ticks, **more}


def test_an_order_of_elsewhere_made_before_ours_is_never_taken_for_it(
    draft, order, harbor, sandbox, both
):
    """Its numbers are in VoiceTel's list already, so ours isn't sent at all."""
    Theirs.objects.create(
        id="f" * 40,
        pid="plant",
        account="1000000001",
        at=sandbox_clock.now() - 60,
        name="Elsewhere",
        email="x@harbor.test",
        numbers=list(NUMBERS),
        ticket=0,
    )
    (entry,) = order(draft)
    assert entry.state == State.REFUSED
    assert "another order" in entry.said
    assert charged(sandbox) == []


def test_an_older_order_with_the_same_numbers_is_not_ours(draft, order, harbor, sandbox, both):
    """Seen by a look before the send, or made long before it."""
    sandbox.fault("portSubmit", "drop_before")
    (entry,) = order(draft)
    Theirs.objects.create(
        id="e" * 40,
        pid="older",
        account="1000000001",
        at=sandbox_clock.now() - 3600,
        name="Elsewhere",
        email="x@harbor.test",
        numbers=list(NUMBERS),
        ticket=0,
    )
    settle(both)
    assert again(entry).state == State.ABSENT
    assert not Port.objects.of(harbor).filter(entry=entry).exists()


def test_an_order_that_overlaps_is_asked_about(draft, order, harbor, sandbox, both):
    sandbox.fault("portSubmit", "drop_before")
    (entry,) = order(draft)
    Theirs.objects.create(
        id="d" * 40,
        pid="other",
        account="1000000001",
        at=sandbox_clock.now(),
        name="Elsewhere",
        email="x@harbor.test",
        numbers=[NUMBERS[0], "2125559876"],
        ticket=0,
    )
    settle(both, 3)
    entry = again(entry)
    assert (entry.state, entry.shows) == (State.ASK, "1 new order")


def test_a_mixed_answer_of_two_ports_is_found_whole(draft, order, harbor, sandbox, both):
    """Two orders that together are the set: both are bound."""
    sandbox.fault("portSubmit", "drop_before")
    (entry,) = order(draft)
    for pid, number in (("first", NUMBERS[0]), ("secnd", NUMBERS[1])):
        Theirs.objects.create(
            id=pid * 8,
            pid=pid,
            account="1000000001",
            at=sandbox_clock.now(),
            name="Harbor",
            email="x@harbor.test",
            numbers=[number],
            ticket=0,
        )
    settle(both, 2)
    entry = again(entry)
    assert entry.state == State.DONE
    assert {port.pid for port in Port.objects.of(harbor).filter(entry=entry)} == {"first", "secnd"}
    assert {item.subject for item in entry.items.all()} == {"first", "secnd"}


def test_what_the_answer_alone_tells_is_kept_though_our_row_fails(
    draft, order, harbor, monkeypatch
):
    from apps.changes.engine import given
    from apps.porting.services import ordered

    def broken(*args, **named):
        raise RuntimeError("the copy is broken")

    monkeypatch.setattr(ordered, "write", broken)
    (entry,) = order(draft)
    assert entry.state == State.DONE
    assert given.opened(entry)["loa_url"].endswith(f"/a/loa/{entry.bound}/")


def test_a_balance_too_low_stops_the_orders_behind_it(ready, order, harbor, sandbox, changes):
    draft = ready(*NUMBERS, *VERIZON)
    sandbox.set_account("1000000001", cash=13_000_000)
    changes.later()
    entries = order(draft)
    sandbox.set_account("1000000001", cash=11_000_000)
    changes.now()
    clock.advance(10)
    for _ in range(3):
        sweeps.send_due()
        sandbox.set_account("1000000001", cash=100_000_000)
    first, second = (again(entry) for entry in entries)
    assert (first.state, first.status) == (State.REFUSED, 402)
    assert second.state == State.REFUSED
    assert "balance was too low" in second.said
    assert charged(sandbox) == []


def test_an_order_that_surely_failed_may_be_sent_once_more(draft, order, harbor, sandbox):
    sandbox.set_account("1000000001", cash=1_000_000)
    (failed,) = order(draft)
    assert failed.state == State.REFUSED
    sandbox.set_account("1000000001", cash=100_000_000)
    entries = {entry.pk for _ in range(5) for entry in order(draft)}
    assert failed.pk not in entries
    assert len(entries) == 1
    assert charged(sandbox) == [Decimal(12)]


def test_a_bill_changed_after_the_press_sends_nothing_else(draft, order, harbor, cast, changes):
    changes.later()
    (entry,) = order(draft)
    group = Group.objects.of(harbor).get(draft=draft)
    with pytest.raises(drafts.Moved):
        drafts.save_bill(harbor, group, cast.manager, BILL | {"name": "X"}, None, group.version)
    Group.objects.of(harbor).filter(pk=group.pk).update(bill=BILL | {"name": "X"})
    assert [each.pk for each in order(draft)] == [entry.pk]
    assert unpack(again(entry)).bill["name"] == "Harbor Dental LLC"


def test_checks_that_grew_old_while_it_waited_send_nothing(draft, order, harbor, sandbox, changes):
    changes.later()
    (entry,) = order(draft)
    Check.objects.of(harbor).update(at=clock.about_now() - timedelta(minutes=51))
    changes.now()
    clock.advance(10)
    sweeps.send_due()
    entry = again(entry)
    assert entry.state == State.REFUSED
    assert "more than 50 minutes old" in entry.said
    assert sandbox.count("portSubmit") == 0


def test_a_list_that_does_not_come_sends_nothing_yet(draft, order, harbor, sandbox, both):
    sandbox.fault("portList", "status", times=None, status=502)
    (entry,) = order(draft)
    assert entry.state == State.NOT_SENT
    assert sandbox.count("portSubmit") == 0
    sandbox.clear_faults()
    settle(both, 2)
    assert again(entry).state == State.DONE
    assert charged(sandbox) == [Decimal(12)]


def test_ten_numbers_ask_for_a_fresh_sign_in(ready, order, harbor, sandbox):
    numbers = [n for n in (f"2125550{line}" for line in range(100, 190)) if n[-2:] != "00"]
    draft = ready(*numbers)
    rows = DraftNumber.objects.of(harbor).filter(draft=draft).exclude(group=None)
    big = Counter(rows.values_list("group", flat=True)).most_common(1)[0]
    assert big[1] >= 10
    with pytest.raises(NeedsFreshSignIn):
        sending.send(harbor, draft, draft.by, [big[0]], None)
    assert sandbox.count("portSubmit") == 0


def test_a_viewer_orders_nothing(draft, order, cast, sandbox):
    with pytest.raises(NotAllowed):
        order(draft, by=cast.viewer)
    assert sandbox.count("portSubmit") == 0


def test_toll_free_numbers_are_an_order_of_their_own(ready, order, harbor, sandbox):
    draft = ready(*NUMBERS, TOLL_FREE)
    entries = order(draft)
    assert [entry.state for entry in entries] == [State.DONE, State.DONE]
    kinds = {
        port.toll_free: port.own_numbers().count()
        for port in Port.objects.of(harbor).exclude(entry=None)
    }
    assert kinds == {False: 2, True: 1}
    assert sum(charged(sandbox)) == 18


def test_what_the_numbers_are_set_to_goes_with_the_order(draft, order, harbor, manager, both):
    group = Group.objects.of(harbor).get(draft=draft)
    wanted = {"route": "4", "caller_name": "HARBOR DENTAL"}
    path = f"/porting/new/{draft.pk}/bills/{group.pk}/"
    manager.post(path, BILL | wanted | {"version": group.version})
    (entry,) = order(draft)
    there = Theirs.objects.get(pid=Port.objects.of(harbor).get(entry=entry).pid)
    kept = {"route": 4, "lidb": "HARBOR DENTAL", "campaign": ""}
    assert there.features == dict.fromkeys(NUMBERS, kept)
    page = manager.get(f"/porting/{there.pid}/").content.decode()
    assert "HARBOR DENTAL" in page


def test_a_route_that_is_gone_stops_the_order(draft, order, harbor, sandbox):
    Group.objects.of(harbor).filter(draft=draft).update(bill=BILL | {"route": "987654"})
    with pytest.raises(sending.Stopped):
        order(draft)
    assert sandbox.count("portSubmit") == 0
