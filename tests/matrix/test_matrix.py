"""URL x method x person x own or foreign, generated from the URL table."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.models import User
from apps.accounts.roles import Right
from apps.audit.services import record
from apps.copies.services import look
from apps.copies.source import SOURCES
from apps.numbers.services.refresh import refresh_one
from portal.urls import urlpatterns as ours
from tests.cast import Cast
from tests.matrix.checks import problems, reader
from tests.matrix.row import Row, Who, harbor_number
from tests.matrix.rows import ROWS, minted, names

Browser = Callable[[User], Client]


def unguarded(request: HttpRequest, number: str) -> HttpResponse:
    return HttpResponse(f"{number} of whoever asks")


@role_required(Right.VIEW)
def too_generous(request: PortalRequest, number: str) -> HttpResponse:
    return HttpResponse("any method, any role, any number")


urlpatterns = [
    *ours,
    path("leak/<str:number>/", unguarded, name="leak"),
    path("generous/<str:number>/", too_generous, name="generous"),
]


@pytest.fixture
def harbor(sandbox: Any, cast: Cast, changes: Any) -> Cast:
    """Harbor Dental with its numbers in our copy."""
    for source in SOURCES.values():
        look(cast.harbor, source)
    assert refresh_one(cast.harbor, "2015550110")
    return cast


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert names() == set(ROWS)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_everybody_gets_what_the_row_says_and_nothing_else(
    name: str, harbor: Cast, sign_in: Browser
) -> None:
    assert problems(name, ROWS[name], harbor, sign_in) == []


@pytest.mark.parametrize("name", ["leak", "generous"])
@override_settings(ROOT_URLCONF="tests.matrix.test_matrix")
def test_control_a_view_that_guards_nothing_is_caught(
    name: str, harbor: Cast, sign_in: Browser
) -> None:
    meant = Row(get=Right.VIEW, post=Right.MANAGE, own=harbor_number, absent=({"number": "x"},))
    caught = problems(name, meant, harbor, sign_in)
    assert any("as stranger" in problem for problem in caught)
    assert any(problem.startswith(f"POST {name} as viewer") for problem in caught)
    assert any(problem.startswith(f"DELETE {name}") for problem in caught)
    assert name not in names(ours)
    assert name in names()


@pytest.mark.parametrize("name", sorted(name for name, row in ROWS.items() if row.post is not None))
def test_a_form_without_the_sessions_token_is_refused(name: str, harbor: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(harbor.owner)
    row = ROWS[name]
    response = browser.post(reverse(name, kwargs=row.own(harbor)), minted(row, harbor))
    # a stale sign-in form in a browser that is signed in leads on
    assert response.status_code == (303 if name == "account_login" else 403)
    cross = browser.post(
        reverse(name, kwargs=row.own(harbor)),
        minted(row, harbor),
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert cross.status_code == 403


# Who looks is noted: when the browser was last used, how far a conversation was read, and that a
# figure or a history is wanted sooner.
NOTED = {
    "accounts.Session",
    "accounts.Profile",
    "voicetel.Wish",
    "voicetel.Party",
    "billing.Charges",
    "numbers.Asked",  # the question, and VoiceTel's answer to it
    "billing.Books",
    "support.Watch",
    "messaging.Feed",
    "messaging.Seat",
}
# Pages that are a question to VoiceTel themselves: a free read, waited for a second at most.
ASKS = {"numbers:coverage": "inventoryCoverage"}


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of the portal's tables but those that a look may write."""
    ours = [
        model
        for model in apps.get_models()
        if model._meta.label not in NOTED and model._meta.app_label != "sandbox"
    ]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in ours}


@pytest.mark.parametrize("name", sorted(name for name, row in ROWS.items() if row.get is not None))
def test_reading_a_page_changes_nothing_and_asks_the_provider_for_nothing_that_counts(
    name: str, harbor: Cast, sign_in: Browser, sandbox: Any
) -> None:
    row = ROWS[name]
    address = reverse(name, kwargs=row.own(harbor))
    browser = sign_in(reader(row, harbor))
    before = everything()

    def asked() -> int:
        free = ASKS.get(name)
        return sandbox.count() - (sandbox.count(free) if free else 0)  # type: ignore[no-any-return]

    counted = asked()
    for _ in range(2):
        response = browser.get(address)
        browser.head(address)
    assert everything() == before
    assert asked() == counted
    assert "no-store" in response.headers["Cache-Control"]


def test_control_what_a_page_writes_is_seen(harbor: Cast) -> None:
    before = everything()
    record(harbor.owner, harbor.harbor, "signed_in")
    assert everything() != before


@pytest.mark.parametrize("name", sorted(name for name, row in ROWS.items() if row.get is not None))
def test_every_page_carries_the_headers_that_keep_it_ours(
    name: str, harbor: Cast, sign_in: Browser
) -> None:
    row = ROWS[name]
    browser = sign_in(reader(row, harbor))
    response = browser.get(reverse(name, kwargs=row.own(harbor)))
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert not any(header.startswith("Access-Control") for header in response.headers)
    assert row.get is Who.ANYONE or "HX-Request" in response.headers["Vary"]
