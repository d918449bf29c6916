"""Preparing an order: numbers of any paste, their checks, one carrier a group, bills of a team."""

from datetime import timedelta

import pytest

from apps.accounts.sealed import unseal
from apps.porting import pace
from apps.porting.models import Check, Draft, DraftNumber, Group
from apps.porting.services import checks, drafts
from apps.voicetel import clock
from tests.pages import words
from tests.porting.ready import (
    BILL,
    COMCAST,
    NUMBERS,
    TOLL_FREE,
    UNKNOWN,
    UNPORTABLE,
    VERIZON,
)

SHOWN = {"account": "1000000001"}  # what every form says of its page
MESSY = f"""Number,Owner
(212) 555-0142\t
+1 212.555.0143, "2125550142"
tel:+1-212-555-0102;212-555-0108
{TOLL_FREE}
2015550110
{UNPORTABLE}
212-555-01
{UNKNOWN[0]}
"""


def groups(account, draft):
    """Carrier and numbers of each."""
    rows = DraftNumber.objects.of(account).filter(draft=draft).exclude(group=None)
    found = {}
    for row in rows.select_related("group").order_by("number"):
        key = (row.group.carrier.split()[0] if row.group.carrier else "", row.group.toll_free)
        found.setdefault(key, []).append(row.number)
    return found


def test_a_messy_paste_becomes_groups_and_each_number_left_out_is_named(manager, harbor, sandbox):
    page = manager.post(
        "/porting/new/", {**SHOWN, "title": "Riverside", "numbers": MESSY}, follow=True
    )
    said = words(page)
    assert "(212) 555-0142 was left out. It's in the list twice." in said
    assert "(201) 555-0110 was left out. It's on this account already." in said
    assert "212-555-01 was left out. That's 8 digits." in said
    draft = Draft.objects.of(harbor).get()
    assert draft.title == "Riverside"
    checks.run(harbor)
    assert groups(harbor, draft) == {
        ("Comcast", False): list(COMCAST),
        ("Verizon", False): list(VERIZON),
        ("Comcast", True): [TOLL_FREE],
        ("", False): [UNKNOWN[0]],
    }
    said = words(manager.get(f"/porting/new/{draft.pk}/"))
    assert "VoiceTel can't port it: “Rate center is not covered”" in said
    assert "VoiceTel doesn't know who serves these" in said
    assert sandbox.count("portAvailability") == 7


def test_checks_are_made_by_a_worker_and_the_page_looks_again(manager, harbor, sandbox, messages):
    page = manager.post("/porting/new/", {**SHOWN, "numbers": "\n".join(NUMBERS)}, follow=True)
    assert sandbox.count("portAvailability") == 0
    assert "every 2s" in page.content.decode()
    assert messages
    messages.run()
    assert sandbox.count("portAvailability") == 2
    path = page.request["PATH_INFO"]
    part = manager.get(path, headers={"HX-Request": "true", "HX-Target": "porting-numbers"})
    assert "every 2s" not in part.content.decode()
    assert "Continue to Bills" in words(part)


def test_a_check_that_fails_says_why_and_is_asked_again_alone(manager, harbor, sandbox):
    sandbox.fault("portAvailability", "status", times=None, status=502)
    manager.post("/porting/new/", {**SHOWN, "numbers": "\n".join(NUMBERS)})
    draft = Draft.objects.of(harbor).get()
    checks.run(harbor)
    assert "VoiceTel's answer couldn't be read." in words(manager.get(f"/porting/new/{draft.pk}/"))
    sandbox.clear_faults()
    calls = sandbox.count("portAvailability")
    manager.post(f"/porting/new/{draft.pk}/numbers/", {"again": NUMBERS[0]})
    checks.run(harbor)
    assert sandbox.count("portAvailability") == calls + 1
    assert groups(harbor, draft) == {("Comcast", False): [NUMBERS[0]]}


def test_four_are_asked_at_once_for_an_account_and_no_more(harbor, sandbox):
    checks.want(harbor, [f"21255501{line}" for line in range(10, 30)])
    taken = [checks.take(harbor) for _ in range(6)]
    assert [bool(each) for each in taken] == [True] * 4 + [False] * 2
    clock.advance(pace.CHECK_HELD.total_seconds() + 1)
    assert checks.take(harbor), "a worker that died lets go of its own"


def test_a_number_in_another_draft_or_an_open_port_is_left_out(draft, manager, order, harbor):
    page = manager.post(
        "/porting/new/", {**SHOWN, "numbers": f"{NUMBERS[0]}\n{VERIZON[0]}"}, follow=True
    )
    assert "It's in “Riverside office” already." in words(page)
    order(draft)
    Draft.objects.of(harbor).filter(pk=draft.pk).delete()
    page = manager.post(
        "/porting/new/", {**SHOWN, "numbers": f"{NUMBERS[0]}\n{VERIZON[1]}"}, follow=True
    )
    assert "It's in an open port already." in words(page)


def test_a_paste_without_a_number_keeps_what_was_typed(manager):
    page = manager.post("/porting/new/", {**SHOWN, "numbers": "none at all"})
    assert page.status_code == 422
    assert "We found no number in that." in words(page)
    assert "none at all" in page.content.decode()


def test_two_accounts_at_one_carrier_are_put_apart_by_hand(draft, manager, harbor):
    manager.post(
        f"/porting/new/{draft.pk}/numbers/", {"number": [NUMBERS[1]], "to": "new", "move": "1"}
    )
    held = DraftNumber.objects.of(harbor).filter(draft=draft).values_list("group", flat=True)
    assert len(set(held)) == 2


def test_two_known_carriers_are_never_put_on_one_bill(ready, manager, harbor):
    draft = ready(*NUMBERS, *VERIZON)
    before = groups(harbor, draft)
    target = Group.objects.of(harbor).filter(draft=draft, carrier__startswith="Comcast").get()
    page = manager.post(
        f"/porting/new/{draft.pk}/numbers/",
        {"number": list(VERIZON), "to": str(target.pk), "move": "1"},
        follow=True,
    )
    assert "They can't share an order." in words(page)
    assert groups(harbor, draft) == before


def test_numbers_of_an_unknown_carrier_can_join_a_known_one(ready, manager, harbor):
    draft = ready(*NUMBERS, *UNKNOWN)
    target = Group.objects.of(harbor).filter(draft=draft, carrier__startswith="Comcast").get()
    manager.post(
        f"/porting/new/{draft.pk}/numbers/",
        {"number": list(UNKNOWN), "to": str(target.pk), "move": "1"},
    )
    assert groups(harbor, draft) == {("Comcast", False): sorted([*NUMBERS, *UNKNOWN])}


def test_toll_free_numbers_never_join_others(ready, manager, harbor):
    draft = ready(*NUMBERS, TOLL_FREE)
    target = Group.objects.of(harbor).filter(draft=draft, toll_free=False).get()
    page = manager.post(
        f"/porting/new/{draft.pk}/numbers/",
        {"number": [TOLL_FREE], "to": str(target.pk), "move": "1"},
        follow=True,
    )
    assert "Toll-free numbers need an order of their own." in words(page)
    assert groups(harbor, draft)[("Comcast", True)] == [TOLL_FREE]


@pytest.fixture
def bill(draft, harbor):
    """The address of the draft's only bill, and its row."""
    group = Group.objects.of(harbor).get(draft=draft)
    return f"/porting/new/{draft.pk}/bills/{group.pk}/", group


WRONG = {
    "name": ("", "Enter it as it is on the bill."),
    "authorized_by": ("R. Okafor", "Enter a first and last name."),
    "street": ("PO Box 12", "Carriers decline orders with a PO box."),
    "zip": ("90210", "90210 isn't in NJ."),
    "account_number": ("1000000001", "That's your VoiceTel account number."),
    "billing_number": ("12", "That's 2 digits."),
    "due": ("2020-01-01", "Choose a date after today."),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_beside_its_field_and_kept(bill, manager, harbor, name):
    path, group = bill
    value, said = WRONG[name]
    page = manager.post(path, BILL | {name: value, "version": group.version})
    assert page.status_code == 422
    assert said in words(page)
    group.refresh_from_db()
    assert group.bill[name] == value
    assert group.bill["city"] == "Orange"


def test_a_clash_shows_both_values_and_loses_neither(bill, manager, harbor, cast, sign_in):
    path, group = bill
    sign_in(cast.owner).post(path, BILL | {"city": "East Orange", "version": group.version})
    page = manager.post(path, BILL | {"city": "West Orange", "version": group.version})
    said = words(page)
    assert "changed this to “East Orange” meanwhile" in said
    assert "West Orange" in page.content.decode()
    group.refresh_from_db()
    assert group.bill["city"] == "East Orange"
    manager.post(path, BILL | {"city": "West Orange", "version": group.version})
    group.refresh_from_db()
    assert group.bill["city"] == "West Orange"


PIN = "837261954"


def test_a_pin_is_sealed_and_on_no_page(bill, manager, harbor, caplog):
    path, group = bill
    manager.post(path, BILL | {"pin": PIN, "version": group.version})
    group.refresh_from_db()
    assert unseal(harbor.pk, bytes(group.sealed_pin)) == PIN
    assert PIN.encode() not in bytes(group.sealed_pin)
    for address in (path, f"/porting/new/{group.draft_id}/confirm/", "/porting/"):
        page = manager.get(address)
        assert page.status_code == 200
        assert PIN not in page.content.decode()
    assert "A PIN was entered" in words(manager.get(path))
    manager.post(path, BILL | {"version": group.version})
    group.refresh_from_db()
    assert group.sealed_pin, "an empty field keeps it"


def test_a_pin_goes_once_it_is_sent(bill, draft, order, manager, harbor, caplog):
    path, group = bill
    manager.post(path, BILL | {"pin": PIN, "version": group.version})
    (entry,) = order(draft)
    group.refresh_from_db()
    assert (entry.sealed, group.sealed_pin, group.pin_at) == (None, None, None)
    assert PIN not in f"{entry.args}{entry.before}{entry.answer}{entry.what}{caplog.text}"
    port = f"/porting/orders/{group.pk}/"
    assert "What you sent" in words(manager.get(port, follow=True))
    assert PIN not in manager.get(port, follow=True).content.decode()


def test_a_pin_that_nobody_touches_goes_after_a_week(bill, harbor):
    _, group = bill
    assert group.sealed_pin
    clock.advance(timedelta(days=7, minutes=1).total_seconds())
    drafts.forget()
    group.refresh_from_db()
    assert group.sealed_pin is None
    assert group.bill["name"] == BILL["name"]


def test_a_draft_that_nobody_touches_goes_after_ninety_days(draft, harbor):
    clock.advance(timedelta(days=89).total_seconds())
    drafts.forget()
    assert Draft.objects.of(harbor).count() == 1
    clock.advance(timedelta(days=2).total_seconds())
    drafts.forget()
    assert Draft.objects.of(harbor).count() == 0


def test_a_draft_is_not_discarded_while_its_order_is_under_way(draft, order, manager, sandbox):
    sandbox.lose_answer("portSubmit")
    order(draft)
    page = manager.post(f"/porting/new/{draft.pk}/discard/", follow=True)
    assert "An order of this draft is being sent." in words(page)
    assert Draft.objects.of(draft.account).filter(pk=draft.pk).exists()


def test_a_page_left_open_renews_the_checks_before_they_count_no_more(draft, manager, sandbox):
    Check.objects.of(draft.account).update(at=clock.about_now() - timedelta(minutes=41))
    manager.get(f"/porting/new/{draft.pk}/confirm/")
    assert checks.run(draft.account) == 2
    assert sandbox.count("portAvailability") == 4
    manager.get(f"/porting/new/{draft.pk}/confirm/")
    assert checks.run(draft.account) == 0
