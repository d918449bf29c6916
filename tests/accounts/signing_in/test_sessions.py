"""Sessions end: idle, too old, or when the password changed."""

import re
import time
from pathlib import Path

import pytest
import time_machine
from django.test import Client

from apps.accounts.models import Session
from apps.accounts.signing_in import browsers, services
from tests.cast import PASSWORD
from tests.pages import flat


@pytest.fixture
def at():
    """Moves the clock: at(seconds since the test began)."""
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        yield lambda seconds: clock.move_to(1_800_000_000 + seconds)


def works(client) -> bool:
    response = client.get("/settings/")
    assert response.status_code == 200 or response["Location"].startswith("/login/?next=/settings/")
    return response.status_code == 200


@pytest.mark.parametrize(("who", "idle"), [("owner", 3600), ("support", 900)])
def test_an_idle_session_ends(cast, sign_in, at, who, idle):
    client = sign_in(getattr(cast, who))
    assert works(client)
    at(idle)
    assert works(client)
    at(2 * idle + 1)
    assert not works(client)


@pytest.mark.parametrize(
    ("who", "longest", "step"), [("owner", 14 * 24 * 3600, 12 * 3600), ("support", 8 * 3600, 800)]
)
def test_a_session_in_use_ends_too(cast, sign_in, at, who, longest, step, monkeypatch):
    monkeypatch.setattr(browsers, "IDLE", 13 * 3600)  # so that two looks a day count as use
    client = sign_in(getattr(cast, who))
    for seconds in range(0, longest, step):
        at(seconds)
        assert works(client)
    at(longest + 1)
    assert not works(client)


def test_the_row_is_gone_when_it_ended(cast, sign_in, at):
    client = sign_in(cast.owner)
    works(client)
    key = client.cookies["sessionid"].value
    at(3 * 3600)
    works(client)
    client.cookies["sessionid"] = key
    at(0)
    assert not works(client)


def test_one_ended_elsewhere_while_it_proved_itself_anew_stays_ended(cast, sign_in, monkeypatch):
    client, real = sign_in(cast.owner), services.has_password

    def ended_meanwhile(user, password):
        browsers.end_all(cast.owner)
        return real(user, password)

    monkeypatch.setattr(services, "has_password", ended_meanwhile)
    client.post("/reauthenticate/", {"password": PASSWORD})
    assert not works(client)
    assert not Session.objects.filter(user=cast.owner).exists()


ITSELF = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TRIGGER": "team-keys", "HTTP_HX_TARGET": "team-keys"}
BY_HAND = {**ITSELF, "HTTP_HX_TRIGGER": "a-link"}


@pytest.mark.parametrize(("who", "idle"), [("owner", 3600), ("support", 900)])
def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(cast, sign_in, at, who, idle):
    client = sign_in(getattr(cast, who))
    assert works(client)
    for seconds in range(0, idle, 20):
        at(seconds)
        assert client.get("/settings/", **ITSELF).status_code == 200
    at(idle + 1)
    ended = client.get("/settings/", **ITSELF)
    assert (ended.status_code, ended["HX-Redirect"][:7]) == (204, "/login/")


@pytest.mark.parametrize("used", [{}, BY_HAND, {**BY_HAND, "HTTP_HX_TRIGGER": ""}])
def test_what_a_person_presses_on_such_a_page_is_use(cast, sign_in, at, used):
    client = sign_in(cast.support)
    assert works(client)
    at(800)
    client.get("/settings/", **used)
    at(1600)
    assert works(client)


def test_every_part_that_asks_again_and_again_names_itself():
    """Else its looks would count as use: it has an id, and is what it replaces."""
    parts = [path for path in Path("templates").rglob("*.html") if "every " in path.read_text()]
    tags = [
        tag
        for path in parts
        for tag in re.findall(
            r"<[a-z]+ [^<]*hx-trigger=\"[^\"]*every [^>]*>", flat(path.read_text())
        )
    ]
    assert len(tags) >= 5
    for tag in tags:
        assert " id=" in tag
        assert re.search(r'hx-target="([^"]*)"', tag) is None or 'hx-target="this"' in tag


def test_it_is_written_once_a_minute_at_most(cast, sign_in, at, django_assert_num_queries):
    client = sign_in(cast.owner)
    works(client)
    for second in (1, 30, 59):
        at(second)
        with django_assert_num_queries(2):  # session, person
            works(client)
    at(60)
    with django_assert_num_queries(5):  # and the write, in a savepoint
        works(client)


def test_a_clock_set_back_prolongs_nothing_beyond_the_step():
    now = int(time.time())

    class Person:
        is_staff = False

    assert not browsers.is_over(Person, now, now + 300, now)
    assert browsers.is_over(Person, now, now, now + 3601)


def test_a_changed_password_ends_the_other_sessions(cast, sign_in):
    client = sign_in(cast.owner)
    assert works(client)
    cast.owner.set_password("four unrelated garden words")
    cast.owner.save()
    assert not works(client)


@pytest.mark.parametrize(
    ("page", "after"),
    [
        ("http://testserver/numbers/?q=1&sort=-label", "/numbers/%3Fq%3D1%26sort%3D-label"),
        ("http://[x", "/numbers/"),
        ("", "/numbers/"),
        ("https://evil.example//evil.example/", "/numbers/"),
        ("http://x/a b\u00e9&next=/y", "/a+b%C3%A9%26next%3D/y"),
    ],
)
def test_a_fragment_whose_session_ended_leads_back_to_its_page_with_the_query(db, page, after):
    answer = Client().get(
        "/numbers/", headers={"HX-Request": "true", "HX-Target": "x", "HX-Current-URL": page}
    )
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/login/?next={after}")
