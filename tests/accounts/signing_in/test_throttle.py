"""An attacker is locked out, the owner never."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Attempt
from apps.accounts.signing_in import passkeys, second, sweeps, throttle
from apps.audit.models import Event
from apps.audit.services import forget, record
from apps.voicetel import clock
from tests.cast import PASSWORD


def post(
    client: Client, password: str, login: str = "owner@harbor.test", address: str = "10.0.0.1"
) -> int:
    return client.post(
        "/login/", {"login": login, "password": password}, REMOTE_ADDR=address
    ).status_code


def test_the_known_browser_of_an_owner_gets_in_after_any_number_of_guesses_by_others(cast):
    home = Client()
    assert post(home, PASSWORD) == 302
    home.post("/logout/")
    for n in range(throttle.NAME.most + 5):
        post(Client(), "guess", address=f"10.1.{n // 250}.{n % 250}")
    assert post(Client(), PASSWORD, address="10.2.0.1") == 429
    assert post(home, PASSWORD) == 302


def test_an_attackers_network_is_refused_and_others_are_not(cast):
    answers = [
        post(Client(), "guess", login=f"person{n}@harbor.test")
        for n in range(throttle.NETWORK.most + 5)
    ]
    assert answers == [422] * throttle.NETWORK.most + [429] * 5
    assert post(Client(), PASSWORD) == 429
    assert post(Client(), PASSWORD, address="10.0.0.2") == 302


def test_a_v6_network_is_its_64(cast):
    for n in range(throttle.NETWORK.most):
        post(Client(), "guess", login="x@y.test", address=f"2001:db8::{n + 1:x}")
    assert post(Client(), PASSWORD, address="2001:db8::ffff") == 429
    assert post(Client(), PASSWORD, address="2001:db8:0:1::1") == 302


def test_one_person_is_guessed_at_no_more_than_the_days_allowance_however_many_addresses_try(cast):
    answers = [
        post(Client(), "guess", address=f"10.1.{n // 250}.{n % 250}")
        for n in range(throttle.NAME.most + 10)
    ]
    assert answers.count(422) == throttle.NAME.most < 100


def test_all_names_of_a_person_together_are_guessed_at_under_100_times_a_day(cast):
    names = ["owner@harbor.test", "1000000001", "100-000-0001", " OWNER@harbor.test "]
    answers = [
        post(Client(), "guess", names[n % 4], address=f"10.1.{n // 250}.{n % 250}")
        for n in range(2 * throttle.NAME.most + 40)
    ]
    assert answers.count(422) == throttle.PERSON.most < 100


def test_guesses_at_the_number_of_a_person_s_row_hold_nobody_off(cast):
    for n in range(throttle.NAME.most + 5):
        post(Client(), "guess", login=str(cast.owner.pk), address=f"10.1.{n // 250}.{n % 250}")
    assert post(Client(), PASSWORD, address="10.2.0.1") == 302


def test_a_name_that_is_held_off_does_not_tell_whose_other_names_are(cast):
    for n in range(throttle.NAME.most + 5):
        post(Client(), "guess", address=f"10.1.{n // 250}.{n % 250}")
    answers = [
        post(Client(), "guess", login=login, address="10.2.0.1")
        for login in ("1000000001", "1000000002", "1999999999")
    ]
    assert answers == [422, 422, 422]


def test_waiting_is_enough(cast):
    for _ in range(throttle.NETWORK.most + 5):
        post(Client(), "guess")
    with time_machine.travel(timezone.now() + throttle.NETWORK.within + timedelta(seconds=1)):
        assert post(Client(), PASSWORD) == 302


def test_a_right_password_does_not_count(cast):
    for _ in range(throttle.NETWORK.most + 2):
        assert post(Client(), PASSWORD) == 302


def test_a_cookie_of_ones_own_making_makes_no_browser_known(cast):
    forged = Client()
    forged.cookies[throttle.COOKIE] = "WyJ4IixbMV1d:1:aaaa"
    for _ in range(throttle.NETWORK.most):
        post(forged, "guess")
    assert post(forged, PASSWORD) == 429


def test_a_browser_known_to_one_person_is_not_known_for_another(cast):
    client = Client()
    post(client, PASSWORD, login="owner@northwind.test")
    client.post("/logout/")
    for _ in range(throttle.NETWORK.most):
        post(client, "guess")
    assert post(client, PASSWORD) == 429


def test_a_known_browser_has_an_allowance_too(cast):
    client = Client()
    post(client, PASSWORD)
    client.post("/logout/")
    answers = [post(client, "guess") for _ in range(throttle.BROWSER.most + 1)]
    assert answers[-2:] == [422, 429]


def held_off(action: str) -> int:
    return Event.objects.across_accounts().filter(action=action).count()


def test_who_is_refused_all_the_time_leaves_one_event_an_hour(cast):
    for hour in range(2):
        with time_machine.travel(timezone.now() + timedelta(hours=hour, minutes=hour)):
            for n in range(throttle.NETWORK.most + 20):
                post(Client(), "guess", login=f"nobody{n}@person.test")
            post(Client(), "guess", address="10.0.0.2")
        assert held_off("sign_in_throttled") == hour + 1
        assert held_off("sign_in_failed") == (hour + 1) * (throttle.NETWORK.most + 1)


def test_each_network_that_is_held_off_leaves_its_own(cast):
    for address in ("10.0.0.1", "10.0.0.2"):
        for n in range(throttle.NETWORK.most + 5):
            post(Client(), "guess", login=f"nobody{n}@person.test", address=address)
    assert held_off("sign_in_throttled") == 2


@pytest.mark.parametrize(
    ("action", "limit", "count"),
    [
        ("code_throttled", throttle.CODE, lambda request, user: second.count(request, user)),
        (
            "passkey_throttled",
            throttle.QUESTION,
            lambda request, user: passkeys.ask(request, passkeys.Purpose.SIGN_IN),
        ),
    ],
)
def test_the_same_with_the_second_step_and_with_passkeys(cast, rf, action, limit, count):
    request = rf.post("/", REMOTE_ADDR="10.0.0.1")
    request.session, request.user = Client().session, AnonymousUser()
    for _ in range(limit.most):
        count(request, cast.owner)
    for _ in range(5):
        with pytest.raises(throttle.Throttled):
            count(request, cast.owner)
    assert held_off(action) == 1


LIMIT = throttle.Limit("race", 3, timedelta(minutes=1))


def test_the_clock_of_the_hour_which_the_demo_moves_on_is_the_one_of_throttles(db):
    for _ in range(LIMIT.most):
        throttle.take(LIMIT, "somebody")
    with pytest.raises(throttle.Throttled):
        throttle.take(LIMIT, "somebody")
    clock.advance(LIMIT.within.total_seconds() + 1)
    throttle.take(LIMIT, "somebody")


def let_through(take) -> int:
    """How many of 12 at once get through."""
    start, through = Barrier(12, timeout=20), []

    def one() -> None:
        start.wait()
        try:
            take(LIMIT, "somebody")
            through.append(1)
        except throttle.Throttled:
            pass
        finally:
            connection.close()

    threads = [Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(through)


def test_of_many_at_once_no_more_than_the_limit_get_through(transactional_db):
    assert let_through(throttle.take) <= LIMIT.most


def test_control_counting_before_writing_lets_more_through(transactional_db):
    counted = Barrier(12, timeout=20)

    def careless(limit: throttle.Limit, whom: str) -> None:
        taken = Attempt.objects.filter(key=whom).count()
        counted.wait()
        if taken >= limit.most:
            raise throttle.Throttled(limit)
        Attempt.objects.create(key=whom, at=timezone.now(), until=timezone.now())

    assert let_through(careless) > LIMIT.most


def test_no_name_and_no_address_is_kept_in_clear(cast):
    post(Client(), "guess")
    assert all(
        len(key) == 64 and "harbor" not in key
        for key in Attempt.objects.values_list("key", flat=True)
    )


def test_events_of_no_account_are_kept_for_90_days_and_those_of_an_account_stay(cast):
    post(Client(), "guess")
    record(cast.owner, cast.harbor, "signed_in")
    with time_machine.travel(timezone.now() + timedelta(days=89)):
        forget()
    assert held_off("sign_in_failed") == 1
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        forget()
    assert [event.action for event in Event.objects.across_accounts()] == ["signed_in"]


def test_old_attempts_are_dropped(cast):
    post(Client(), "guess")
    assert Attempt.objects.count() > 0
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        sweeps.forget()
    assert not Attempt.objects.exists()
