"""Where a person is signed in: the list, and how an entry ends."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client, RequestFactory

from apps.accounts.models import Session
from apps.accounts.signing_in import browsers
from apps.audit.models import Event
from tests.accounts.signing_in.codes import signed_in
from tests.cast import PASSWORD

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/18.0 Safari/604.1"
)


def come(cast, agent: str = FIREFOX, who: str = "owner") -> Client:
    client = Client(headers={"User-Agent": agent})
    client.post("/login/", {"login": getattr(cast, who).email, "password": PASSWORD})
    assert signed_in(client)
    return client


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        (
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
                " Chrome/131.0.0.0 Safari/537.36"
            ),
            "Chrome on Linux",
        ),
        (
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/131.0"
                " Safari/537.36 Edg/131.0"
            ),
            "Edge on Mac",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("", "A browser of an unknown kind"),
        ("<script>alert(1)</script>" * 100, "A browser of an unknown kind"),
    ],
)
def test_a_browser_has_words_that_its_owner_knows_it_by(agent, words):
    assert browsers.device(RequestFactory().get("/", headers={"User-Agent": agent})) == words


def test_a_browser_whose_session_ended_by_lying_idle_is_not_listed_as_signed_in(cast):
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=2)):
        come(cast, SAFARI)
    page = come(cast).get("/settings/security/").content.decode()
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" not in page


def test_the_page_lists_ones_own_browsers_and_marks_this_one(cast):
    phone, desk = come(cast, SAFARI), come(cast)
    come(cast, "Mozilla/5.0 (Android) Firefox/1", who="stranger")
    page = desk.get("/settings/security/").content.decode()
    assert page.index("Firefox on Windows") < page.index("Safari on iPhone")
    assert page.count("This browser</span>") == 1
    assert "Android" not in page
    for client in (phone, desk):
        assert client.session.session_key not in page  # the key is the cookie itself


def test_one_of_them_can_be_ended_and_its_cookie_opens_nothing(cast):
    phone, desk = come(cast, SAFARI), come(cast)
    name = browsers._name(phone.session.session_key)
    assert f'value="{name}"' in desk.get("/settings/security/").content.decode()
    assert desk.post("/settings/security/sessions/end/", {"browser": name}).status_code == 303
    assert not signed_in(phone)
    assert signed_in(desk)
    event = Event.objects.across_accounts().get(action="session_ended")
    assert event.subject == "Safari on iPhone"


def test_somebody_elses_browser_is_not_there(cast):
    theirs, mine = come(cast, who="stranger"), come(cast)
    mine.post(
        "/settings/security/sessions/end/", {"browser": browsers._name(theirs.session.session_key)}
    )
    mine.post("/settings/security/sessions/end/", {"browser": theirs.session.session_key})
    assert signed_in(theirs)


def test_signing_out_everywhere_ends_all_of_ones_own_and_nobody_elses(cast):
    phone, desk, theirs = come(cast, SAFARI), come(cast), come(cast, who="stranger")
    assert desk.post("/settings/security/sessions/end-all/")["Location"] == "/login/"
    assert [signed_in(client) for client in (phone, desk, theirs)] == [False, False, True]


def test_the_times_of_first_and_last_use_are_written_once_a_minute(cast):
    with time_machine.travel(datetime(2027, 1, 15, 8, tzinfo=UTC), tick=False) as clock:
        client = come(cast)

        def row() -> Session:
            return Session.objects.get(user=cast.owner)

        began = row().began
        clock.shift(59)
        signed_in(client)
        assert (row().began, row().seen) == (began, began)
        clock.shift(1)
        signed_in(client)
        assert (row().began, row().seen) == (began, datetime(2027, 1, 15, 8, 1, tzinfo=UTC))


def test_a_new_session_key_leaves_one_row(cast):
    client = come(cast)
    client.post("/reauthenticate/", {"password": PASSWORD})
    assert Session.objects.filter(user=cast.owner).count() == 1


def test_sessions_of_nobody_are_nobodys(db):
    Client().get("/login/")
    session = Client().session
    session["x"] = 1
    session.save()
    assert Session.objects.filter(user=None).exists()
