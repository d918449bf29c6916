"""Sessions end: idle, too old, or when the password changed."""

import time

import pytest
import time_machine

from apps.accounts import sessions


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


@pytest.mark.parametrize(("who", "longest", "step"), [("owner", 14 * 24 * 3600, 12 * 3600), ("support", 8 * 3600, 800)])
def test_a_session_in_use_ends_too(cast, sign_in, at, who, longest, step, monkeypatch):
    monkeypatch.setattr(sessions, "IDLE", 13 * 3600)  # so that two looks a day count as use
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


def test_it_is_written_once_a_minute_at_most(cast, sign_in, at, django_assert_num_queries):
    client = sign_in(cast.owner)
    works(client)
    for second in (1, 30, 59):
        at(second)
        with django_assert_num_queries(3):  # session, person, membership
            works(client)
    at(60)
    with django_assert_num_queries(6):  # and the write, in a savepoint
        works(client)


def test_a_clock_set_back_prolongs_nothing_beyond_the_step():
    now = int(time.time())

    class Person:
        is_staff = False

    assert not sessions.is_over(Person, now, now + 300, now)
    assert sessions.is_over(Person, now, now, now + 3601)


def test_a_changed_password_ends_the_other_sessions(cast, sign_in):
    client = sign_in(cast.owner)
    assert works(client)
    cast.owner.set_password("four unrelated garden words")
    cast.owner.save()
    assert not works(client)
