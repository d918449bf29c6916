"""/_mail/: what was sent, in the demo and in development only."""

import importlib

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client

import portal.urls
from tests.pages import flat


@pytest.fixture
def letters(settings, tmp_path):
    settings.MAIL_DIR = settings.EMAIL_FILE_PATH = tmp_path / "mail"

    def send(subject: str, text: str) -> None:
        mail = EmailMultiAlternatives(
            subject,
            text,
            to=["ruth@harbor.test"],
            connection=get_connection("apps.notifications.letterbox.files.EmailBackend"),
        )
        mail.attach_alternative("<p>html</p>", "text/html")
        mail.send()

    return send


def test_letters_are_listed_newest_first_without_signing_in(db, letters):
    letters("First", "one")
    letters("Second", "two")
    page = Client().get("/_mail/").content.decode()
    assert page.index("Second") < page.index("First")


def test_own_links_are_links_and_others_are_text(db, letters):
    letters(
        "Link",
        "Here: http://localhost:8000/recover/abc/\nand http://evil.test/x and"
        " <script>alert(1)</script>",
    )
    name = next(iter(Client().get("/_mail/").context["letters"])).name
    page = flat(Client().get(f"/_mail/{name}/"))
    assert '<a href="http://localhost:8000/recover/abc/">' in page
    assert 'href="http://evil.test' not in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("mark", [",", ".", ";", ":", "!", "?", ")", ""])
def test_the_mark_after_an_address_is_no_part_of_the_link(db, letters, mark):
    letters("Link", f"Set a password at http://localhost:8000/recover/{mark} then sign in.")
    name = next(iter(Client().get("/_mail/").context["letters"])).name
    page = flat(Client().get(f"/_mail/{name}/"))
    assert '<a href="http://localhost:8000/recover/">' in page


@pytest.mark.parametrize(
    "name", ["nothing.log", "..", "..%2f..%2fetc%2fpasswd", "%2e%2e%2fportal.sqlite3"]
)
def test_no_other_file_is_shown(db, letters, name):
    letters("One", "one")
    assert Client().get(f"/_mail/{name}/").status_code == 404


def test_no_mail_is_an_empty_page(db, letters):
    assert "None yet" in Client().get("/_mail/").content.decode()


def test_it_is_not_there_in_production(settings):
    settings.LOCAL = False
    try:
        patterns = [str(pattern.pattern) for pattern in importlib.reload(portal.urls).urlpatterns]
    finally:
        settings.LOCAL = True
        importlib.reload(portal.urls)
    assert not any("_mail" in pattern for pattern in patterns)


def test_each_letter_of_one_moment_is_a_file_of_its_own(db, letters, settings):
    for n in range(20):
        letters(f"Letter {n}", "one of many")
    assert len(list(settings.MAIL_DIR.iterdir())) == 20
