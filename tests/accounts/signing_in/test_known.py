"""By what a browser is known to a person, and when it is a stranger again."""

from django.core import signing
from django.test import Client

from apps.accounts.signing_in import second, services, throttle
from apps.notifications.models import Notice
from tests.accounts.arriving.walking_in import elsewhere, fresh
from tests.accounts.signing_in.codes import code, give_password, with_factor, wrong
from tests.cast import PASSWORD

NEW = "four unrelated garden words"


def reset(user, client: Client, password: str = NEW) -> None:
    """A new password by the link from the mail."""
    user.refresh_from_db()
    assert (
        client.post(
            f"/recover/{services.recovery_token(user)}/", {"password": password}
        ).status_code
        == 303
    )


def guesses(client: Client, user, password: str, times: int) -> int:
    """How many wrong codes were looked at."""
    assert (
        client.post("/login/", {"login": user.email, "password": password})["Location"]
        == "/login/code/"
    )
    return sum(
        client.post("/login/code/", {"code": wrong()}).status_code == 422 for _ in range(times)
    )


def told_of_devices(user) -> int:
    return Notice.objects.of(user).filter(kind="new_device").count()


def use_up_name(user) -> None:
    for _ in range(throttle.NAME.most):
        Client(REMOTE_ADDR=elsewhere()).post("/login/", {"login": user.email, "password": "guess"})


def test_who_reads_the_mail_and_resets_again_and_again_guesses_20_codes_a_day(cast):
    with_factor(cast.owner)
    browsers = [Client(REMOTE_ADDR=elsewhere()) for _ in range(4)]
    for client in browsers:
        reset(cast.owner, client)
    assert sum(guesses(client, cast.owner, NEW, 12) for client in browsers) == throttle.CODE.most


def test_a_reset_by_the_owners_own_browser_leaves_it_its_allowance_of_codes(cast):
    with_factor(cast.owner)
    home = give_password(cast.owner)
    assert home.post("/login/code/", {"code": code()}).status_code == 302
    home.post("/logout/")
    reset(cast.owner, home)
    guesses(Client(REMOTE_ADDR=elsewhere()), cast.owner, NEW, throttle.CODE.most)
    assert (
        home.post("/login/", {"login": cast.owner.email, "password": NEW})["Location"]
        == "/login/code/"
    )
    assert home.post("/login/code/", {"code": code(1)}).status_code == 302


def test_a_link_by_mail_lets_its_browser_try_passwords_whatever_others_guessed(cast):
    use_up_name(cast.owner)
    client = Client(REMOTE_ADDR=elsewhere())
    reset(cast.owner, client)
    assert client.post("/login/", {"login": cast.owner.email, "password": NEW}).status_code == 302


def test_once_the_password_is_new_whoever_had_the_old_one_is_a_stranger(cast):
    thieves = [fresh(cast.owner.email) for _ in range(4)]
    services.reset_password(cast.owner, NEW)
    answers = [
        client.post("/login/", {"login": cast.owner.email, "password": "guess"}).status_code
        for client in thieves
        for _ in range(throttle.BROWSER.most)
    ]
    assert answers.count(422) == throttle.NAME.most


def test_a_sign_in_after_it_is_told_where_only_the_old_password_was_used(cast):
    thief = fresh(cast.owner.email)
    before = told_of_devices(cast.owner)
    services.reset_password(cast.owner, NEW)
    thief.post("/login/", {"login": cast.owner.email, "password": NEW})
    assert told_of_devices(cast.owner) == before + 1


def test_a_sign_in_after_a_reset_in_a_strange_browser_is_told(cast):
    fresh(cast.owner.email)
    before = told_of_devices(cast.owner)
    client = Client(REMOTE_ADDR=elsewhere())
    reset(cast.owner, client)
    client.post("/login/", {"login": cast.owner.email, "password": NEW})
    assert told_of_devices(cast.owner) == before + 1


def test_the_browser_that_changes_the_password_stays_known(cast):
    home = fresh(cast.owner.email)
    assert (
        home.post(
            "/settings/security/password/", {"current": PASSWORD, "password": NEW}
        ).status_code
        == 303
    )
    home.post("/logout/")
    use_up_name(cast.owner)
    before = told_of_devices(cast.owner)
    assert home.post("/login/", {"login": cast.owner.email, "password": NEW}).status_code == 302
    assert told_of_devices(cast.owner) == before


def test_a_second_step_makes_strangers_of_browsers_that_never_showed_it_and_not_of_its_own(cast):
    thieves, home = [fresh(cast.owner.email) for _ in range(3)], fresh(cast.owner.email)
    home.get("/settings/security/factor/")
    request = type("Request", (), {"session": home.session})()
    secret = second.pending_secret(request, cast.owner)
    home.post("/settings/security/factor/", {"code": code(0, secret)})
    cast.owner.refresh_from_db()
    assert cast.owner.factor_at
    assert sum(guesses(thief, cast.owner, PASSWORD, 12) for thief in thieves) == throttle.CODE.most
    home.post("/logout/")
    assert (
        home.post("/login/", {"login": cast.owner.email, "password": PASSWORD})["Location"]
        == "/login/code/"
    )
    assert home.post("/login/code/", {"code": code(1, secret)}).status_code == 302


def test_another_persons_mark_and_an_older_form_of_it_count_for_nobody(cast):
    home = fresh(cast.owner.email)
    home.post("/logout/")
    for _ in range(throttle.NAME.most):
        Client(REMOTE_ADDR=elsewhere()).post(
            "/login/", {"login": cast.viewer.email, "password": "guess"}
        )
    assert (
        home.post("/login/", {"login": cast.viewer.email, "password": PASSWORD}).status_code == 429
    )
    home.cookies[throttle.COOKIE] = signing.dumps(["name", [cast.viewer.pk]], salt=throttle.COOKIE)
    assert (
        home.post("/login/", {"login": cast.viewer.email, "password": PASSWORD}).status_code == 429
    )
