"""The overview: what is in force, who is registered, where numbers ring, and what to know."""

import pytest

from apps.copies.services import look
from apps.copies.source import SOURCES
from apps.sandbox.models import Acl
from apps.trunking import services
from apps.trunking.models import Trunk
from apps.voicetel import clock
from tests.pages import words
from tests.trunking.conftest import read
from tests.trunking.forms import press

PAGE = "/trunking/"


@pytest.fixture(autouse=True)
def _here_and_now(changes):
    """A change is sent within its POST."""


def test_it_says_what_is_in_force_and_who_is_registered(harbor, viewer):
    page = words(viewer.get(PAGE))
    assert "Lax “Digest OR IP Auth”" in page
    assert "Yealink SIP-T46U" in page
    assert "Your phone system is registered" in page
    assert "3 ranges" in page
    assert "1000000001" in page
    assert "geo.voicetel.com, bgp.voicetel.com" in page


def test_it_judges_ip_with_an_empty_list(northwind, cast, sign_in):
    browser = sign_in(cast.stranger)
    assert "Your access list is empty" not in words(browser.get(PAGE))
    Acl.objects.filter(account="1000000002").delete()
    look(northwind, SOURCES["access"])
    clock.advance(61)
    look(northwind, SOURCES["access"])
    page = words(browser.get(PAGE))
    assert "Some calls can't get through." in page
    assert "Your access list is empty. VoiceTel takes calls from listed addresses only" in page


def test_it_judges_numbers_that_follow_a_registration_which_ip_alone_has_not(
    northwind, cast, sign_in, sandbox
):
    sandbox.set_number(sandbox.numbers_of("1000000002")[0], route=4)
    look(northwind, SOURCES["numbers"])
    page = words(sign_in(cast.stranger).get(PAGE))
    assert (
        "1 number can't ring. They follow a registration, and with IP alone there is none" in page
    )


def test_it_judges_numbers_that_follow_a_registration_while_nothing_is_registered(
    harbor, viewer, sandbox
):
    sandbox.set_account("1000000001", agent="")
    sandbox.set_number("2015550110", route=4)
    read(harbor)
    page = words(viewer.get(PAGE))
    assert "Nothing is registered." in page
    assert "follow the registration and can't ring" in page


def test_it_names_a_gateway_that_is_not_listed(harbor, manager):
    page = words(manager.get(PAGE))
    assert "203.0.113.20:5060 isn't on your access list." in page
    assert "Add 203.0.113.20" in page


def test_numbers_are_counted_by_route(harbor, viewer):
    page = viewer.get(PAGE)
    counted = {route.name: route.numbers for route, _ in page.context["routes"]}
    forwarded = page.context["standing"].counts.forwarded
    assert sum(counted.values()) + forwarded == 24
    assert forwarded > 0
    assert f"Forwarded other phone numbers {forwarded} Skips your route" in words(page)


def test_the_registration_is_asked_for_by_a_press(harbor, manager, sandbox):
    before = sandbox.count("accountRegistration")
    clock.advance(120)
    sandbox.set_account("1000000001", agent="Asterisk PBX 20.5.2")
    answer = manager.post(f"{PAGE}registration/check/", press())
    assert answer.status_code == 303
    assert "Asterisk PBX 20.5.2" in words(manager.get(PAGE))
    assert sandbox.count("accountRegistration") == before + 1


def test_two_presses_in_a_minute_ask_once(harbor, manager, sandbox):
    clock.advance(120)
    before = sandbox.count("accountRegistration")
    for _ in range(3):
        manager.post(f"{PAGE}registration/check/", press())
    assert sandbox.count("accountRegistration") == before + 1


def test_opening_the_page_asks_only_after_a_day(harbor, viewer, messages):
    viewer.get(PAGE)
    assert not [each for each in messages if each[0] == "trunking.read_registration"]
    clock.advance(24 * 3600 + 60)
    viewer.get(PAGE)
    assert [each for each in messages if each[0] == "trunking.read_registration"]


def test_no_other_page_asks_who_is_registered(harbor, viewer, messages):
    clock.advance(48 * 3600)
    for page in ("acl/", "authentication/", "gateways/", "guide/asterisk/"):
        viewer.get(f"{PAGE}{page}")
    assert not [each for each in messages if each[0] == "trunking.read_registration"]


def test_no_device_is_told_from_no_answer(harbor, viewer, sandbox):
    sandbox.set_account("1000000001", agent="")
    services.read_registration(harbor)
    assert "Nothing is registered" in words(viewer.get(PAGE))
    sandbox.down("accountRegistration")
    assert services.read_registration(harbor) is False
    page = words(viewer.get(PAGE))
    assert "We couldn't check" in page
    assert "couldn't be read" in page


def test_a_failed_check_keeps_the_device_that_was_seen(harbor, sandbox):
    sandbox.down("accountRegistration")
    services.read_registration(harbor)
    trunk = Trunk.objects.of(harbor).get()
    assert trunk.uri
    assert trunk.registered_at


def test_a_viewer_sees_no_button(harbor, viewer):
    page = words(viewer.get(PAGE))
    assert "Check now" not in page
    assert "Add 203.0.113.20" not in page
    assert "203.0.113.20:5060 isn't on your access list." in page


def test_before_anything_was_read_it_says_so(cast, sandbox, sign_in, messages):
    calls = sandbox.count()
    page = words(sign_in(cast.viewer).get(PAGE))
    assert "Loading" in page
    assert "Not checked yet" in page
    assert sandbox.count() == calls


def test_it_does_not_say_that_calls_work_before_it_knows_who_is_registered(harbor, viewer, sandbox):
    sandbox.set_number("2015550110", route=4)
    look(harbor, SOURCES["numbers"])
    Trunk.objects.of(harbor).update(registration_at=None, uri="", agent="")
    page = words(viewer.get(PAGE))
    assert "We don't know whether your phone system is registered." in page
