"""The age line of a list, as the toy's page shows it."""

import re
from pathlib import Path

import pytest
from django.test import override_settings

from apps.copies import selectors
from apps.copies.models import Copy
from apps.copies.pace import ASK_AGAIN
from apps.copies.services import Outcome, look
from apps.voicetel import clock
from tests.copies import toy
from tests.copies.conftest import BLOCKS
from tests.copies.toy import TOYS
from tests.pages import words

FRAGMENT = {"HTTP_HX_REQUEST": "true"}
HERE = {"account": "1000000001"}
pytestmark = pytest.mark.usefixtures("at_its_address")


@pytest.fixture
def at_its_address():
    with override_settings(ROOT_URLCONF="tests.copies.toy"):
        yield


@pytest.fixture
def manager(cast, there, sign_in):
    return sign_in(cast.manager)


def polled(page):
    """The address that the age line asks next."""
    return re.search(r'hx-get="(/toys/age/[^"]+)"', page.content.decode())[1].replace("&amp;", "&")


def test_the_toy_is_a_source_in_thirty_lines():
    source = Path(toy.__file__).read_text().partition("\n\n\n")[2]
    lines = [line for line in source.splitlines() if line.strip()]
    assert lines[0].startswith("class Blocks(Difference)")
    assert len(lines) <= 30


def test_a_list_never_read_is_asked_for_and_then_opens_the_page_anew(
    manager, cast, sandbox, messages
):
    asked = sandbox.count()
    page = manager.get("/toys/")
    assert "Loading your toys" in words(page)
    assert messages == [("copies.refresh", cast.harbor.pk, "toys")]
    assert sandbox.count() == asked, "no request of a person waits for a list"
    waiting = manager.get(polled(page), **FRAGMENT)
    assert (waiting.status_code, waiting.get("HX-Refresh")) == (200, None)
    messages.run()
    newer = manager.get(polled(waiting), **FRAGMENT)
    assert (newer.status_code, newer["HX-Refresh"]) == (286, "true")


def test_an_old_list_is_asked_for_once_and_its_newer_one_is_told(harbor, manager, later, messages):
    assert "every 2s" not in manager.get("/toys/").content.decode()
    assert messages == [], "it is fresh"
    later(TOYS.stale.total_seconds() + 1)
    for _ in range(5):
        page = manager.get("/toys/")
    assert messages == [("copies.refresh", harbor.pk, "toys")]
    assert "updating" in page.content.decode()
    messages.run()
    newer = manager.get(polled(page), **FRAGMENT)
    assert (newer.status_code, newer["HX-Trigger"]) == (286, "toys-newer")
    assert b"every 2s" not in newer.content


def test_a_lost_message_is_sent_once_more(harbor, manager, later, messages):
    later(TOYS.stale.total_seconds() + 1)
    manager.get("/toys/")
    later(ASK_AGAIN.total_seconds() + 1)
    manager.get("/toys/")
    assert len(messages) == 2


def test_a_page_stops_asking_after_a_while(harbor, manager, later):
    later(TOYS.stale.total_seconds() + 1)
    answer = manager.get(f"/toys/age/?shown=1&tries={selectors.POLLS}", **FRAGMENT)
    assert answer.status_code == 286
    assert b"Updated" in answer.content
    assert b"every 2s" not in answer.content


def test_refresh_asks_for_a_look_whatever_a_failure_put_off(harbor, manager, sandbox, messages):
    sandbox.down("aclList", times=1)
    look(harbor, TOYS)
    part = manager.post("/toys/refresh/", HERE, **FRAGMENT)
    assert b'id="toys-age"' in part.content
    assert b"every 2s" in part.content
    assert Copy.objects.of(harbor).get(name="toys").next_at <= clock.now()
    messages.run()
    assert Copy.objects.of(harbor).get(name="toys").failed == ""
    plain = manager.post("/toys/refresh/", HERE)
    assert (plain.status_code, plain["Location"]) == (303, "/toys/")


def test_a_failed_look_is_said_with_what_is_still_shown(harbor, manager, sandbox, later):
    later(TOYS.stale.total_seconds() + 1)
    sandbox.down("aclList")
    look(harbor, TOYS)
    text = manager.get("/toys/").content.decode()
    assert "couldn&#x27;t refresh" in text
    assert "We couldn&#x27;t refresh your toys." in text
    assert "We&#x27;ll try again at" in text


def test_a_doubted_look_says_how_many_it_lacks(harbor, manager, there):
    there.acl.remove(sorted(BLOCKS)[:3])
    assert look(harbor, TOYS) == Outcome.DOUBTED
    assert "3 toys were missing from VoiceTel's latest list" in words(manager.get("/toys/"))


def test_with_a_dead_connection_a_list_offers_no_refresh_and_adds_no_second_message(
    harbor, manager, sandbox, later
):
    later(TOYS.stale.total_seconds() + 1)
    sandbox.rotate_key(harbor.number)
    look(harbor, TOYS)
    shown = manager.get("/toys/age/?shown=1", **FRAGMENT).content.decode()
    assert "Updated" in shown
    for word in ("Refresh", "Next update", "message-warning", "every 2s"):
        assert word not in shown, word
