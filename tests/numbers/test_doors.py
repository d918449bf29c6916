"""Every place at which a person gives the portal a number, an id or a code reads it alike."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.test import Client
from django.urls import get_resolver

from apps.accounts.arriving.forms import ConnectForm
from apps.accounts.models import Account
from apps.accounts.signing_in.forms import CodeForm
from apps.accounts.signing_in.people import find_person
from apps.numbers.forms.calls import ForwardForm, TranslationForm
from apps.numbers.forms.identity import CallerNameForm, PinForm
from apps.numbers.forms.leaving import MoveForm
from apps.numbers.forms.messages import SmsForm
from apps.staff.forms import DecideForm
from apps.team.member_forms import LimitForm
from apps.ui.forms import AddressField, NameField, PhoneField, PlainField, TypedWordField, plain
from tests.cast import Cast
from tests.numbers.looking import FIRST, FRAGMENT
from tests.pages import flat

PASTED = "\u202a\ufeff+1\u00a0(201)\u2011555\u22120110\u202c"
ACCOUNT = "\u202a100\u2011000\u22120001\u202c"
FIELDS: list[tuple[type[forms.Form], str, str, str]] = [
    (ForwardForm, "to", PASTED, FIRST),
    (TranslationForm, "to", PASTED, FIRST),
    (ConnectForm, "number", ACCOUNT, "100-000-0001"),
    (DecideForm, "number", ACCOUNT, "100-000-0001"),
    (DecideForm, "ticket", "HELP\u20114711\u200b", "HELP-4711"),
    (MoveForm, "to", "１０００００００02\u200f", "1000000002"),
    (PinForm, "pin", " ４711\u200b", "4711"),
    (CallerNameForm, "name_shown", "Harbor\u00a0Dental\u200d", "Harbor Dental"),
    (SmsForm, "to", "\u2066https://example.com/sms\u2069", "https://example.com/sms"),
    (CodeForm, "code", "123\u00a0٤٥٦\ufe0f", "123 456"),
    (LimitForm, "limit", "\u202d$1,000.50\u202c", "$1,000.50"),
]


@pytest.mark.parametrize(("form", "name", "typed", "read"), FIELDS)
def test_a_field_reads_what_was_pasted(
    form: type[forms.Form], name: str, typed: str, read: str
) -> None:
    field = form.base_fields[name]
    assert isinstance(field, PhoneField | PlainField)
    assert field.clean(typed) == read
    assert field.widget_attrs(field.widget).get("maxlength") in {None, "40", "500"}


READERS = (PhoneField, PlainField, NameField, AddressField, TypedWordField)


def test_no_text_field_is_without_a_reader() -> None:
    """Text that people type goes through one of the readers; what is listed here says why not."""
    apart = {
        "SwitchForm.account",  # a hidden number of ours
        "SignInForm.login",  # an address or an account number: people.normal()
        "RecoverForm.login",
        "ProofForm.secret",  # a password, or a key: read with text.plain()
        "PasteForm.numbers",  # a text of many lines: numbers/pasted.py
        # texts of many lines, each with a reader of its own
        "ListForm.numbers",
        "NumbersForm.numbers",
        "RangesForm.text",
        # what people write, kept as they wrote it
        "MessageForm.text",
        "MessageForm.pictures",
        "CampaignForm.description",
        "Sample.note",
        # hidden ones of ours
        "Asking.agreed",
        "MessageForm.agreed",
        "MessageForm.price",
        "MessageForm.seen",
        "NoteForm.cidr",
        "ReviewForm.numbers",
        "TicketForm.about",
    }
    found = {
        name
        for path in Path(__file__).parents[2].glob("apps/**/*.py")
        if "sandbox" not in path.parts and path.parts[-2:] != ("ui", "forms.py")
        for name in _bare_fields(path.read_text())
    }
    assert found - {each for each in found if each.endswith((".password", ".token"))} <= apart
    assert len(READERS) == 5


def _bare_fields(text: str) -> set[str]:
    """Class and name of each plain text field that a module declares."""
    found, owner = set(), ""
    for line in text.splitlines():
        if named := re.match(r"class (\w+)", line):
            owner = named[1]
        if field := re.match(r"    (\w+) = forms\.(?:CharField|RegexField|EmailField)\(", line):
            found.add(f"{owner}.{field[1]}")
    return found


def test_every_address_of_a_number_leads_on_from_any_form(harbor: Account, viewer: Client) -> None:
    names = [
        each.name
        for group in get_resolver().url_patterns
        if getattr(group, "app_name", "") == "numbers"
        for each in group.url_patterns
        if "<str:number>" in str(each.pattern)
    ]
    assert len(names) > 8
    for typed in (PASTED, "tel:+1-201-555-0110", "٢٠١٥٥٥٠١١٠"):
        assert viewer.get(f"/numbers/{typed}/")["Location"] == f"/numbers/{FIRST}/"


@pytest.mark.parametrize("address", ["/numbers/", "/search/"])
def test_every_search_finds_a_pasted_number(harbor: Account, viewer: Client, address: str) -> None:
    for typed in (PASTED, "1-201-555-0110", "tel:+12015550110", "２０１５５５０１１０"):
        answer = viewer.get(address, {"q": typed}, **FRAGMENT)
        assert f'href="/numbers/{FIRST}/"' in flat(answer), typed


def test_the_activity_is_searched_by_a_pasted_number(
    harbor: Account, manager: Client, changes: Any
) -> None:
    manager.post(f"/numbers/{FIRST}/label/", {"label": "Desk"})
    manager.post("/numbers/2015550111/label/", {"label": "Other"})
    text = flat(manager.get("/settings/audit/", {"q": PASTED}))
    assert "(201) 555-0110" in text.partition("<table")[2]
    assert "(201) 555-0111" not in text


def test_an_account_is_found_by_a_pasted_number(cast: Cast, sign_in: Callable[..., Client]) -> None:
    assert find_person(ACCOUNT) == cast.owner
    assert plain(ACCOUNT) == plain("1000000001")
    staff = sign_in(cast.admin)
    assert "Harbor Dental" in flat(staff.get("/admin/accounts/", {"q": ACCOUNT}))
    assert staff.get(f"/admin/accounts/{ACCOUNT}/").status_code == 200
