"""An email address has one form: the one that is kept, compared, shown, counted and mailed to."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from apps.accounts.arriving import letters
from apps.accounts.models import ConnectLink, Invitation, Letter, User
from apps.accounts.signing_in import sweeps
from apps.accounts.signing_in.people import find_person
from apps.emails import NotAnAddress, is_mailed_as_kept, kept_address
from apps.notifications.mail import compose
from apps.notifications.models import Notice
from apps.voicetel import clock
from tests.accounts.arriving.walking_in import fresh
from tests.cast import PASSWORD, person
from tests.team.inviting import invite

ONE_FORM = {
    "Eva@straße.example": "eva@xn--strae-oqa.example",
    "eva@strasse.example": "eva@strasse.example",
    "ana@bücher.example": "ana@xn--bcher-kva.example",
    "ana@bu\u0308cher.example": "ana@xn--bcher-kva.example",
    "ANA@XN--BCHER-KVA.EXAMPLE": "ana@xn--bcher-kva.example",
    "\u202aeva@ex\u00adample.com\u202c": "eva@example.com",
    "\u200beva\u200d@exam\u200dple.com\ufeff": "eva@example.com",
    "\u00a0eva@example.com \t": "eva@example.com",
    "eva＠ｅxample。com": "eva@example.com",
    "s@ΣΊΣΥΦΟς.gr": "s@xn--kxa6ajbbmh.gr",
    "s@ΣΊΣΥΦΟΣ.gr": "s@xn--kxa6akbbkh.gr",
    "a@نامه\u200cای.example": "a@xn--mgba3gch31f060k.example",
    "a@ab--cd.com": "a@ab--cd.com",
    "o'neil+portal@mail.example.co.uk.": "o'neil+portal@mail.example.co.uk",
}
REFUSED = {
    "éva@example.com": "before the @",
    "иван@пример.example": "before the @",
    "eva smith@example.com": "like name@example.com",
    '"eva smith"@example.com': "like name@example.com",
    "eva@@example.com": "like name@example.com",
    "eva": "like name@example.com",
    "eva@example": "after the @",
    "eva@-example.com": "after the @",
    "eva@xn--zz--.com": "after the @",
    "eva@192.0.2.1": "after the @",
    "eva@ex ample.com": "after the @",
    f"eva@{'long-label.' * 23}com": "after the @",
}


@pytest.mark.parametrize(("typed", "kept"), ONE_FORM.items())
def test_every_spelling_has_one_form_and_mail_goes_to_it(typed, kept, mailoutbox):
    assert kept_address(typed) == kept
    assert kept_address(kept) == kept
    compose(kept, "Hello", ["A sentence."], "/", "Open").send()
    (mail,) = mailoutbox
    assert mail.message()["To"] == kept


@pytest.mark.parametrize(("typed", "why"), REFUSED.items())
def test_what_no_mail_reaches_is_refused_with_a_sentence(typed, why):
    with pytest.raises(NotAnAddress, match=why):
        kept_address(typed)


@pytest.mark.parametrize("address", ["eva@straße.example", "éva@example.com", "eva@x.test\n"])
def test_nothing_is_mailed_to_an_address_that_a_mail_program_would_change(address):
    assert not is_mailed_as_kept(address)
    with pytest.raises(NotAnAddress):
        compose(address, "Hello", ["A sentence."], "/", "Open")


def sent(mailoutbox) -> list[str]:
    letters.send_letters()
    return [to for mail in mailoutbox for to in mail.to]


def test_an_invitation_goes_to_the_domain_that_was_typed(cast, mailoutbox):
    invite(fresh("owner@harbor.test"), "Eva@straße.example")
    assert Invitation.objects.of(cast.harbor).get().email == "eva@xn--strae-oqa.example"
    assert sent(mailoutbox) == ["eva@xn--strae-oqa.example"]


@pytest.mark.parametrize("page", ["/connect/", "/settings/members/"])
def test_a_page_says_why_an_address_is_refused(page, cast):
    client = Client() if page == "/connect/" else fresh("owner@harbor.test")
    typed = {"account": "1000000001", "email": "éva@example.com", "role": "viewer"}
    answer = client.post(page, typed)
    assert answer.status_code == 422
    assert "letters before the @" in answer.content.decode()


def test_two_spellings_are_one_person_at_every_door(cast, mailoutbox):
    ana = person("ana@xn--bcher-kva.example")
    for typed in ("Ana@Bücher.example", "ana@xn--bcher-kva.example", "ana@bu\u0308cher.example"):
        assert find_person(typed) == ana
        assert Client().post("/login/", {"login": typed, "password": PASSWORD}).status_code == 302
    Client().post("/recover/", {"login": "ana@bücher.example"})
    sweeps.send_recoveries()
    assert [mail.to for mail in mailoutbox] == [["ana@xn--bcher-kva.example"]]


def test_spellings_of_one_address_share_one_allowance_of_emails(db, mailoutbox):
    for typed in ("eva@bücher.example", "Eva@BÜCHER.example", "eva@xn--bcher-kva.example"):
        Client().post("/connect/", {"email": typed})
    assert sent(mailoutbox) == ["eva@xn--bcher-kva.example"] * 2


def migrate() -> None:
    with connection.schema_editor() as editor:
        import_module("apps.accounts.migrations.0008_kept_addresses").keep(apps, editor)


def test_people_of_before_move_and_are_told(transactional_db, cast, mailoutbox):
    eva = person("eva@straße.example")
    migrate()
    eva.refresh_from_db()
    assert eva.email == "eva@xn--strae-oqa.example"
    told = Notice.objects.of(eva).get()
    assert (told.kind, told.facts["before"]) == ("address_moved", "eva@straße.example")
    assert Notice.objects.across_people().count() == 1


def test_two_who_fall_together_are_listed_and_never_merged(transactional_db, capsys):
    one, other = person("ana@bücher.example"), person("ana@xn--bcher-kva.example")
    migrate()
    assert {each.email for each in User.objects.all()} == {one.email, other.email}
    assert find_person("ana@bücher.example") == one
    assert find_person("ana@xn--bcher-kva.example") == other
    assert Notice.objects.of(one).get().kind == "address_taken"
    capsys.readouterr()
    call_command("addresses")
    assert f"which person {other.pk} has" in capsys.readouterr().out


def test_staff_give_somebody_another_address(db, capsys):
    one = person("ana@bücher.example")
    call_command("addresses", one.email, "Ana@Example.com")
    one.refresh_from_db()
    assert (one.email, one.has_usable_password()) == ("ana@example.com", False)
    assert Notice.objects.of(one).get().facts["after"] == "ana@example.com"
    person("eva@example.com")
    with pytest.raises(CommandError, match="already"):
        call_command("addresses", one.email, "eva@example.com")


def test_secrets_that_went_to_another_domain_stop_working(transactional_db, cast, mailoutbox):
    soon = clock.now()
    ConnectLink.objects.create(email="eva@straße.example", print="1", expires_at=soon)
    ConnectLink.objects.create(email="eva@strasse.example", print="2", expires_at=soon)
    invited = Invitation.objects.of(cast.harbor).create(
        account=cast.harbor,
        email="eva@straße.example",
        role="viewer",
        print="3",
        invited_by=cast.owner,
        invited_at=soon,
        expires_at=soon,
    )
    Letter.objects.create(kind="connect_link", to="eva@straße.example")
    migrate()
    assert [link.print for link in ConnectLink.objects.all()] == ["2"]
    invited.refresh_from_db()
    assert (invited.email, invited.print) == ("eva@xn--strae-oqa.example", None)
    assert sent(mailoutbox) == ["eva@xn--strae-oqa.example"] * 2
