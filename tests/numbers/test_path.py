"""A number's page says what happens when someone calls it, and offers nothing that would fail."""

from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.numbers.models import Number
from apps.numbers.selectors.one import get_number, path_of
from tests.numbers.looking import FIRST, FORWARDED
from tests.pages import flat, words


@pytest.mark.parametrize(
    ("values", "kinds", "skipped", "warns"),
    [
        ({"cnam": True, "forward_to": ""}, "caller lookup route", "", ""),
        ({"cnam": False, "forward_to": ""}, "caller lookup route", "lookup", ""),
        (
            {"cnam": True, "forward_to": "2125550142"},
            "caller lookup forward route",
            "route",
            "",
        ),
        (
            {"cnam": False, "forward_to": "8765550142"},
            "caller lookup forward route",
            "lookup route",
            "forward",
        ),
        ({"cnam": True, "forward_to": "", "route": None}, "caller lookup route", "", "route"),
    ],
)
def test_the_path_of_a_call_shows_what_is_skipped_and_what_costs_more(
    harbor: Account, values: dict[str, Any], kinds: str, skipped: str, warns: str
) -> None:
    Number.objects.of(harbor).filter(number=FIRST).update(**values)
    path = path_of(get_number(harbor, FIRST))
    assert " ".join(step.kind for step in path) == kinds
    assert " ".join(step.kind for step in path if step.skipped) == skipped
    assert " ".join(step.kind for step in path if step.warns) == warns


def test_the_page_reads_as_the_way_of_a_call(harbor: Account, viewer: Client) -> None:
    said = words(viewer.get(f"/numbers/{FORWARDED}/"))
    assert "When someone calls Caller Any phone Caller ID name lookup" in said
    assert "Forwards to (201) 555-0199" in said
    assert "Not used while forwarding is on" in said


def test_a_changed_setting_brings_the_path_along(
    harbor: Account, manager: Client, changes: Any
) -> None:
    form = manager.get(f"/numbers/{FIRST}/forward/").context["panel"].form
    given = {"to": "2125550142", "token": form["token"].value(), "account": harbor.number}
    answer = manager.post(f"/numbers/{FIRST}/forward/", given, HTTP_HX_REQUEST="true")
    path = flat(answer).partition('id="numbers-path"')[2].partition("</section>")[0]
    assert 'hx-swap-oob="true"' in path
    assert "Forwards to (212) 555-0142" in path


def test_with_a_dead_connection_only_what_is_ours_alone_can_be_changed(
    harbor: Account, manager: Client
) -> None:
    assert "Change Route" in flat(manager.get(f"/numbers/{FIRST}/"))
    Account.objects.filter(pk=harbor.pk).update(key_state=Account.Key.DEAD)
    page = flat(manager.get(f"/numbers/{FIRST}/"))
    for setting in ("Route", "Call forwarding", "Caller ID name lookup", "Fax to email"):
        assert f'aria-label="Change {setting}"' not in page, setting
    assert 'aria-label="Change Label"' in page
    assert "Can&#x27;t be changed until the account is reconnected" in page
    assert "Refresh" not in words(manager.get("/numbers/"))
    assert page.count('class="banner') == 1
