"""Translation, caller name, fax, inbound messages and PIN: each set, read back, undone, and told
honestly where VoiceTel tells nothing.
"""

import re

import pytest
from django.db import connection

from apps.accounts import access
from apps.changes import machine
from apps.changes.engine import tokens
from apps.changes.models import Entry
from apps.changes.states import State
from apps.notifications.models import Notice
from apps.numbers.changes import SetPin
from apps.numbers.models import Number
from apps.numbers.services.refresh import refresh_one
from apps.voicetel import clock
from apps.voicetel.client.records.numbers import PortOutPin
from tests.accounts.proof import confirm
from tests.numbers.looking import FIRST, FRAGMENT
from tests.pages import words

FAXED = "2015550115"  # the sandbox sends its faxes to fax@harbor.test
PAGE = f"/numbers/{FIRST}/"


@pytest.fixture(autouse=True)
def _here_and_now(changes):
    """A change is sent within its POST."""


def row(account, number=FIRST):
    return Number.objects.of(account).get(number=number)


def there(sandbox, number=FIRST):
    return sandbox.number_of("1000000001", number)


def posted(browser, name, number=FIRST, /, **fields):
    return browser.post(
        f"/numbers/{number}/{name}/", {"token": tokens.mint(), **fields}, **FRAGMENT
    )


def latest(account):
    return Entry.objects.of(account).latest("pk")


def texts_of(account, sandbox, number=FIRST):
    """Where the sandbox sends a number's messages."""
    found = access.client_for(account).numbers.sms(number)
    return (found.type, found.resource) if found else None


@pytest.mark.parametrize(
    ("name", "fields", "shown", "held"),
    [
        ("translation", {"to": "(201) 555-0111"}, "(201) 555-0111", {"translated": "2015550111"}),
        (
            "caller-name",
            {"name_shown": "Harbor Dental"},
            "HARBOR DENTAL",
            {"lidb": "HARBOR DENTAL"},
        ),
        ("fax", {"email": "desk@harbor.test"}, "desk@harbor.test", {"fax": "desk@harbor.test"}),
    ],
)
def test_a_setting_is_changed_at_voicetel_and_shown(
    harbor, manager, sandbox, name, fields, shown, held
):
    answer = posted(manager, name, **fields)
    assert answer.status_code == 200
    assert shown in words(answer)
    assert latest(harbor).state == State.DONE
    assert {column: getattr(there(sandbox), column) for column in held} == held
    assert shown in words(manager.get(PAGE))


@pytest.mark.parametrize(
    ("kind", "to", "shown"),
    [
        ("email", "desk@harbor.test", "Email to desk@harbor.test"),
        ("webhook", "https://hooks.harbor.test/in", "The webhook https://hooks.harbor.test/in"),
        ("sip", "sip.harbor-dental.com:5060", "SIP address sip.harbor-dental.com:5060"),
    ],
)
def test_inbound_messages_go_where_asked(harbor, manager, sandbox, kind, to, shown):
    answer = posted(manager, "sms", "2015550111", kind=kind, to=to)
    assert shown in words(answer)
    assert texts_of(harbor, sandbox, "2015550111") == (kind, to)


@pytest.mark.parametrize(
    ("name", "number", "fields", "before"),
    [
        ("translation", FIRST, {"to": "2015550111"}, "As dialed"),
        ("fax", FAXED, {"email": "other@harbor.test"}, "fax@harbor.test"),
        ("fax", FAXED, {"stop": "1"}, "fax@harbor.test"),
        ("sms", FIRST, {"kind": "email", "to": "other@harbor.test"}, "Email to desk@harbor.test"),
        ("sms", FIRST, {"stop": "1"}, "Email to desk@harbor.test"),
    ],
)
def test_undo_brings_back_what_was_before(harbor, manager, sandbox, name, number, fields, before):
    refresh_one(harbor, number)
    posted(manager, name, number, **fields)
    entry = latest(harbor)
    assert entry.state == State.DONE
    manager.post(f"/changes/{entry.pk}/undo/", {"token": tokens.mint()}, **FRAGMENT)
    assert before in words(manager.get(f"/numbers/{number}/"))
    refresh_one(harbor, number)
    assert before in words(manager.get(f"/numbers/{number}/"))


def test_where_faxes_and_messages_go_is_read_with_the_number(harbor, manager, sandbox):
    assert row(harbor, FAXED).fax_to == ""
    refresh_one(harbor, FAXED)
    refresh_one(harbor, FIRST)
    assert row(harbor, FAXED).fax_to == "fax@harbor.test"
    assert (row(harbor).sms_type, row(harbor).sms_to) == ("email", "desk@harbor.test")
    calls = sandbox.count("numbersFaxGet")
    refresh_one(harbor, "2015550111")
    assert sandbox.count("numbersFaxGet") == calls, "not asked of a number without faxes"


def test_turning_off_what_is_off_already_is_done(harbor, manager, sandbox):
    """VoiceTel answers 404 when there is none, which is what was asked for."""
    refresh_one(harbor, FAXED)
    sandbox.set_number(FAXED, fax="")
    posted(manager, "fax", FAXED, stop="1")
    assert latest(harbor).state == State.DONE
    assert not row(harbor, FAXED).fax


def test_a_caller_name_that_the_network_rejects_is_partly_done(harbor, manager, sandbox):
    text = words(posted(manager, "caller-name", name_shown="4711"))
    assert latest(harbor).state == State.PARTLY
    assert 'The network said: "Rejected: the name must hold a letter"' in text
    assert there(sandbox).lidb == row(harbor).caller_name == "4711"


def test_a_locked_pin_is_declined(harbor):
    """Later releases of VoiceTel lock a PIN for 30 days and answer that nothing changed."""
    change = SetPin(harbor, FIRST, pin="4711")
    found = change.verdict(PortOutPin(number=FIRST, port_out_pin="", changed=False))
    assert found.state == State.REFUSED
    assert "it is locked" in found.said
    assert change.verdict(PortOutPin(number=FIRST, changed=True)).state == State.DONE


def test_a_pin_is_set_after_a_fresh_sign_in_and_kept_nowhere_here(harbor, manager, sandbox):
    answer = posted(manager, "pin", pin="4711")
    assert answer.status_code == 204, "it asks who this is first"
    confirm(manager, answer)
    assert there(sandbox).pin == "4711"
    assert row(harbor).pin_at is not None
    assert "Set here on" in words(manager.get(PAGE))
    assert latest(harbor).sealed is None
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("sandbox", "numbers_search")):  # the index can't be scanned
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            held = repr([value for line in cursor.fetchall() for value in line])
            assert "'4711'" not in held, table
            assert '"4711"' not in held, table


def test_the_pin_form_suggests_four_digits(harbor, manager):
    form = manager.get(f"/numbers/{FIRST}/pin/", **FRAGMENT).content.decode()
    assert re.search(r'name="pin" value="\d{4}"', form)


def test_owners_are_told_of_a_new_pin(harbor, manager, cast):
    confirm(manager, posted(manager, "pin", pin="4711"))
    told = Notice.objects.across_people().filter(kind="change_done")
    assert [notice.user for notice in told] == [cast.owner]


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("translation", {"to": "12"}, "2 digits"),
        ("caller-name", {"name_shown": "A name of many letters"}, "15"),
        ("caller-name", {"name_shown": "Café"}, "letters, digits and spaces"),
        ("fax", {"email": "not an address"}, "address"),
        ("fax", {"email": ""}, "Enter the email address"),
        ("sms", {"kind": "email", "to": ""}, "Enter the address"),
        ("sms", {"kind": "webhook", "to": "http://hooks.harbor.test"}, "https://"),
        ("sms", {"kind": "sip", "to": "10.0.0.1"}, "cannot be reached"),
        ("pin", {"pin": "12345"}, "four digits"),
        ("pin", {"pin": ""}, "four digits"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    harbor, manager, sandbox, name, fields, sentence
):
    calls = sandbox.count()
    answer = posted(manager, name, "2015550111", **fields)
    assert answer.status_code == 422
    assert sentence in words(answer)
    for typed in fields.values():
        assert typed in answer.content.decode()
    assert sandbox.count() == calls


@pytest.mark.parametrize(
    ("name", "operation", "fields", "there_now", "here_now"),
    [
        (
            "translation",
            "numbersTranslation",
            {"to": "2015550111"},
            lambda number: number.translated == "2015550111",
            {"translated": "2015550111"},
        ),
        (
            "caller-name",
            "numbersLidb",
            {"name_shown": "Harbor"},
            lambda number: number.lidb == "HARBOR",
            {"caller_name": "HARBOR"},
        ),
        (
            "fax",
            "numbersFaxSet",
            {"email": "desk@harbor.test"},
            lambda number: number.fax == "desk@harbor.test",
            {"fax": True, "fax_to": "desk@harbor.test"},
        ),
        (
            "sms",
            "numbersSmsSet",
            {"kind": "email", "to": "other@harbor.test"},
            lambda number: number.route_in > 0,
            {"sms": True, "sms_to": "other@harbor.test"},
        ),
        (
            "sms",
            "numbersSmsDelete",
            {"stop": "1"},
            lambda number: number.route_in == 0,
            {"sms": False, "sms_to": ""},
        ),
    ],
)
def test_a_lost_answer_ends_with_what_is_there(
    harbor, manager, sandbox, name, operation, fields, there_now, here_now
):
    refresh_one(harbor, FIRST)
    sandbox.lose_answer(operation)
    posted(manager, name, **fields)
    entry = latest(harbor)
    clock.advance(60)
    machine.run(entry.pk)
    entry.refresh_from_db()
    assert entry.state == State.DONE
    assert there_now(there(sandbox))
    assert {column: getattr(row(harbor), column) for column in here_now} == here_now
