"""A setting added in one short file gets its place on the page, its address, its undo."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.changes.engine import tokens
from apps.changes.models import Entry
from apps.numbers.models import Number
from tests.numbers import toys
from tests.numbers.looking import FIRST, FRAGMENT
from tests.pages import flat

TOY = f"/numbers/{FIRST}/toy/"


pytestmark = pytest.mark.usefixtures("toy_setting", "changes")


def test_a_toy_setting_takes_forty_lines() -> None:
    assert len(Path(toys.__file__).read_text().splitlines()) <= 40


def test_a_toy_setting_is_shown_changed_and_undone(
    harbor: Account, manager: Client, sandbox: Any
) -> None:
    page = flat(manager.get(f"/numbers/{FIRST}/"))
    assert ">Toys</h2>" in page
    assert f'href="{TOY}"' in page
    fields = {"token": tokens.mint(), "to": "2015550177"}
    answer = manager.post(TOY, fields, **FRAGMENT)
    assert answer.status_code == 200
    assert "2015550177" in answer.content.decode()
    assert Number.objects.of(harbor).get(number=FIRST).translated == "2015550177"
    assert sandbox.number_of(harbor.number, FIRST).translated == "2015550177"
    entry = Entry.objects.of(harbor).get()
    manager.post(f"/changes/{entry.pk}/undo/", {"token": tokens.mint()}, **FRAGMENT)
    assert sandbox.number_of(harbor.number, FIRST).translated == FIRST, "the digits as dialed"


def test_a_toy_setting_has_its_row_of_rights_from_its_address(
    harbor: Account, viewer: Client, sandbox: Any
) -> None:
    answer = viewer.get(TOY, **FRAGMENT)
    assert answer.status_code == 200
    assert b"Toy" in answer.content
    assert viewer.post(TOY, {"token": tokens.mint(), "to": "2015550177"}).status_code == 403
