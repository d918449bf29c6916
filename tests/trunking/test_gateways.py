"""Gateways: added once, edited, and deleted only while no number routes to them."""

import pytest

from apps.accounts import access
from apps.changes import sweeps
from apps.changes.models import Entry
from apps.changes.states import State
from apps.copies.models import Copy
from apps.copies.services import look
from apps.numbers import sources
from apps.numbers.models import Gateway
from apps.sandbox.models import Gateway as Theirs
from apps.sandbox.models import Number as TheirNumber
from apps.trunking import services
from apps.trunking.models import GatewayReading
from apps.voicetel import clock
from tests.pages import words
from tests.trunking.forms import press, settle

PAGE = "/trunking/gateways/"
PBX, BACKUP = 1000, 1001
NEW = {"address": "198.51.100.40:5060", "before": "", "limit": "30"}


@pytest.fixture(autouse=True)
def _here_and_now(changes):
    """A change is sent within its POST."""


def there():
    """The account's gateways at the provider: {id: (address, prefix, limit)}."""
    found = Theirs.objects.filter(account="1000000001")
    return {each.pk: (each.gateway, each.prefix, each.limit) for each in found}


def kept(account):
    own = Gateway.objects.of(account).filter(system=False)
    return {each.gateway: (each.address, each.prefix, each.limit) for each in own}


def test_gateways_are_kept_with_prefix_and_limit_and_shown(harbor, viewer):
    assert kept(harbor) == there()
    page = words(viewer.get(PAGE))
    assert "203.0.113.10:5060" in page
    assert "Not listed" in page, "the backup is on no range"
    assert "VoiceTel default" in page
    assert "Add gateway" not in page


def test_a_gateway_is_added(harbor, manager, sandbox):
    answer = manager.post(f"{PAGE}add/", press(**NEW))
    (made,) = set(there()) - {PBX, BACKUP}
    assert answer["Location"].startswith(f"{PAGE}{made}/?entry=")
    assert there()[made] == ("198.51.100.40:5060", "", 30)
    assert kept(harbor) == there()
    assert Entry.objects.of(harbor).get().bound == f"gateway:{made}"
    assert "Gateway 198.51.100.40:5060 is added" in words(manager.get(answer["Location"]))


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("address", "", "Enter the address"),
        ("address", "10.0.0.4", "public IPv4"),
        ("address", "203.0.113.10:5060", "You already have a gateway"),
        ("before", "9x", "digits only"),
        ("limit", "0", "From 1 to 1,000"),
        ("limit", "1001", "From 1 to 1,000"),
        ("limit", "many", "whole number"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_what_was_typed_stays(
    harbor, manager, sandbox, field, typed, sentence
):
    calls = sandbox.count()
    answer = manager.post(f"{PAGE}add/", press(**NEW | {field: typed}))
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert field in answer.context["form"].errors
    assert f'value="{typed}"' in answer.content.decode() or not typed
    assert sandbox.count() == calls


@pytest.mark.parametrize("fault", ["drop_after", "html_after", "cut_body"])
def test_one_whose_answer_was_lost_is_found_and_never_added_twice(harbor, manager, sandbox, fault):
    sandbox.fault("gatewaysCreate", fault)
    manager.post(f"{PAGE}add/", press(**NEW))
    assert settle(harbor) == {State.DONE}
    (made,) = set(there()) - {PBX, BACKUP}
    assert Entry.objects.of(harbor).get().bound == f"gateway:{made}"
    assert kept(harbor) == there()
    assert sandbox.count("gatewaysCreate") == 1


def test_one_that_never_arrived_is_not_sent_again(harbor, manager, sandbox):
    sandbox.fault("gatewaysCreate", "drop_before")
    manager.post(f"{PAGE}add/", press(**NEW))
    for _ in range(14):
        clock.advance(120)
        sweeps.settle_due()
    assert Entry.objects.of(harbor).get().state == State.ABSENT
    assert sandbox.count("gatewaysCreate") == 1
    assert set(there()) == {PBX, BACKUP}


def test_two_doubts_of_one_address_are_bound_to_two_gateways(harbor, manager, sandbox):
    """VoiceTel has one; of the two changes only one may call it its own."""
    sandbox.fault("gatewaysCreate", "drop_after", times=1)
    manager.post(f"{PAGE}add/", press(**NEW))
    access.client_for(harbor).gateways.create("198.51.100.41:5060")
    assert settle(harbor) == {State.DONE}
    bound = set(Entry.objects.of(harbor).values_list("bound", flat=True))
    (mine,) = [pk for pk, row in there().items() if row[0] == "198.51.100.40:5060"]
    assert bound == {f"gateway:{mine}"}


def test_a_gateway_is_edited_and_the_edit_undone(harbor, manager, sandbox):
    was = there()[PBX]
    typed = {"address": was[0], "before": "7", "limit": "40"}
    answer = manager.post(f"{PAGE}{PBX}/edit/", press(**typed))
    assert answer.status_code == 303
    assert there()[PBX] == (was[0], "7", 40)
    assert kept(harbor) == there()
    page = words(manager.get(answer["Location"]))
    assert "Calls at once" in page
    entry = Entry.objects.of(harbor).get()
    manager.post(f"/changes/{entry.pk}/undo/", press())
    assert there()[PBX] == was
    assert kept(harbor) == there()


def test_an_address_that_would_stop_calls_is_typed(northwind, cast, sign_in, sandbox):
    """With IP authentication, an address that isn't listed can't call out."""
    browser = sign_in(cast.stranger)
    typed = {"address": "203.0.113.99:5060", "before": "", "limit": "400"}
    page = browser.post(f"{PAGE}1002/edit/", press("1000000002", **typed))
    assert page.status_code == 422
    assert "Stops: Not listed" in words(page)
    browser.post(f"{PAGE}1002/edit/", press("1000000002", **typed, typed="stop 1"))
    assert Theirs.objects.get(pk=1002).gateway == "203.0.113.99:5060"


def test_what_changes_nothing_sends_nothing(harbor, manager, sandbox):
    address, prefix, limit = there()[PBX]
    calls = sandbox.count()
    typed = {"address": address, "before": prefix, "limit": str(limit)}
    assert manager.post(f"{PAGE}{PBX}/edit/", press(**typed)).status_code == 303
    assert sandbox.count() == calls


def test_one_with_numbers_is_not_deleted(harbor, manager, sandbox):
    page = words(manager.get(f"{PAGE}{PBX}/delete/"))
    assert "Route these somewhere else first" in page
    answer = manager.post(f"{PAGE}{PBX}/delete/", press(typed="203.0.113.10:5060"))
    assert answer.status_code == 422
    assert sandbox.count("gatewaysDelete") == 0
    assert PBX in there()


def test_one_that_got_numbers_meanwhile_is_declined_by_voicetel(harbor, manager, sandbox):
    made = access.client_for(harbor).gateways.create("198.51.100.40").id
    look(harbor, sources.gateways)
    sandbox.set_number("2015550110", route=made)
    answer = manager.post(f"{PAGE}{made}/delete/", press(typed="198.51.100.40"))
    page = words(manager.get(answer["Location"]))
    assert "VoiceTel declined" in page
    assert "still routed to it" in page
    assert made in there()
    assert made in kept(harbor)


@pytest.mark.parametrize("fault", [None, "drop_before", "drop_after"])
def test_an_empty_one_is_deleted_with_its_address_typed(harbor, manager, sandbox, fault):
    made = access.client_for(harbor).gateways.create("198.51.100.40").id
    look(harbor, sources.gateways)
    if fault:
        sandbox.fault("gatewaysDelete", fault)
    assert manager.post(f"{PAGE}{made}/delete/", press(typed="yes")).status_code == 422
    assert made in there()
    manager.post(f"{PAGE}{made}/delete/", press(typed="198.51.100.40"))
    assert settle(harbor) == {State.DONE}
    assert kept(harbor) == there()
    assert made not in there()
    assert manager.get(f"{PAGE}{made}/").status_code == 404


def test_a_page_reads_its_gateway_and_numbers_behind_it(harbor, viewer, messages, sandbox):
    viewer.get(f"{PAGE}{PBX}/")
    assert ("trunking.read_gateway", harbor.pk, PBX) in messages
    Theirs.objects.filter(pk=PBX).update(limit=99)
    sandbox.set_number("2015550110", route=BACKUP)
    messages.run()
    assert sandbox.count("gatewaysGet") == sandbox.count("gatewaysNumbers") == 1
    assert kept(harbor)[PBX][2] == 99
    reading = GatewayReading.objects.of(harbor).get()
    assert reading.held == TheirNumber.objects.filter(account="1000000001", route=PBX).count() > 0
    due = Copy.objects.of(harbor).get(name="numbers").next_at
    assert due <= clock.now(), "our numbers say otherwise, so they are read again"


def test_a_gateway_that_voicetel_does_not_know_any_more_stays_until_the_list_says_so(
    harbor, sandbox
):
    Theirs.objects.filter(pk=BACKUP).delete()
    assert services.read_gateway(harbor, BACKUP) is False
    assert BACKUP in kept(harbor)
    assert Copy.objects.of(harbor).get(name="gateways").next_at <= clock.now()


@pytest.mark.parametrize("page", ["", "edit/", "delete/"])
def test_another_accounts_gateway_does_not_exist(harbor, northwind, manager, page):
    assert manager.get(f"{PAGE}1002/{page}").status_code == 404


@pytest.mark.parametrize("page", ["edit/", "delete/"])
def test_voicetels_own_routes_are_read_only(harbor, manager, page):
    assert manager.get(f"{PAGE}4/").status_code == 200
    assert manager.get(f"{PAGE}4/{page}").status_code == 404
    assert manager.post(f"{PAGE}4/{page}", press(**NEW)).status_code == 404
