"""What the tests of messaging share: Harbor Dental with its numbers, their messaging and its rates
read once, and people in front of it.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Account, Profile
from apps.changes.models import Entry
from apps.copies.services import Outcome, look
from apps.messaging import sources
from apps.numbers import sources as numbers
from apps.sandbox.people import RATES
from apps.voicetel import breaker

OWN, FAR = "2015550110", "9175550142"  # a number of Harbor's that can text, and its patient


@pytest.fixture(autouse=True)
def _no_broker(settings: Any) -> None:
    """Sweeps read here: a broker that the suite was given has no worker behind it."""
    settings.REDIS_URL = ""


@pytest.fixture
def harbor(cast: Any, sandbox: Any) -> Account:
    """Harbor Dental, its numbers, their messaging, its campaigns and its rates read."""
    breaker.forget()
    Profile.objects.create(
        account=cast.harbor,
        balance=184_250_000,
        services={"sms": True, "mms": True},
        rates=RATES,
        read_at=datetime.now(UTC),
    )
    cast.harbor.refresh_from_db()
    for source in (numbers.numbers, sources.texting, sources.campaigns):
        assert look(cast.harbor, source) == Outcome.TAKEN
    account: Account = cast.harbor
    return account


@pytest.fixture
def manager(harbor: Account, cast: Any, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast.manager)


@pytest.fixture
def viewer(harbor: Account, cast: Any, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast.viewer)


@pytest.fixture
def post(manager: Client) -> Callable[..., Any]:
    """Fill in the form of a page as the manager, with the token that it was shown with, and press;
    again: press it a second time where the first only asked.
    """

    def pressed(path: str, *, form: str = "", again: bool = False, **data: Any) -> Any:
        answer = manager.post(path, hidden(manager.get(form or path), path) | data)
        if again and answer.status_code == 422:
            answer = manager.post(path, hidden(answer, path) | data)
        return answer

    return pressed


def hidden(page: Any, path: str) -> dict[str, str]:
    """The values of the hidden fields of the page's form that posts to that address: the one that
    names it, else one that names none.
    """
    forms = re.findall(r"<form([^>]*)>(.*?)</form>", page.content.decode(), re.DOTALL)
    posts = [(tag, body) for tag, body in forms if re.search(r'method="post"', tag)]
    mine = [body for tag, body in posts if f'action="{path}"' in tag]
    mine = mine or [body for tag, body in posts if "action=" not in tag]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", mine[0] if mine else ""):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrfmiddlewaretoken":
            found[name[1]] = value[1] if value else ""
    return found


def newest(account: Account) -> Entry:
    """The change that was pressed last."""
    found = Entry.objects.of(account).order_by("-pk").first()
    assert found is not None
    return found
