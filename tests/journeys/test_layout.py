"""Every page at six widths with an 80-letter word wherever a person may put one; the sizes of what
is read, typed and pressed.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page

from apps.accounts.models import Account, Invitation, JoinRequest, Membership, Profile, User
from apps.accounts.roles import Right
from apps.billing.ledgers import LEDGERS
from apps.changes.engine.tokens import mint
from apps.changes.machine import submit
from apps.changes.models import Entry
from apps.copies.services import look
from apps.numbers import sources
from apps.numbers.changes import SetForward
from apps.numbers.models import Number
from apps.numbers.settings import SETTINGS
from tests.cast import Cast
from tests.journeys.browsing import accessible, measure
from tests.matrix.row import Who
from tests.matrix.rows import ROWS
from tests.numbers.looking import FIRST

WIDTHS = (360, 390, 768, 1024, 1280, 1920)
WORD = "W" * 80
MAIL = f"{'w' * 64}@{'w' * 50}.example"
PAGES = (
    "/",
    "/numbers/",
    "/numbers/?q=zzz",
    f"/numbers/{FIRST}/",
    *(f"/numbers/{FIRST}/{each.name}/" for each in SETTINGS if each.form),
    f"/numbers/{FIRST}/leave/",
    "/numbers/routes/",
    "/billing/",
    *(f"/billing/{name}/" for name in LEDGERS),
    "/settings/audit/",
    "/settings/audit/?q=zzz",
    "/settings/",
    "/settings/security/",
    "/settings/security/password/",
    "/settings/notifications/",
    "/settings/keys/",
    "/settings/members/",
    "/notifications/",
    "/switch/",
    f"/search/?q={FIRST[-4:]}",
    "/search/?q=zzz",
    "/no/such/page/",
)
STAFF = ("/admin/", "/admin/accounts/1000000001/", "/admin/staff/", "/admin/budget/")
OUTSIDE = ("/login/", "/recover/", "/connect/", "/signup/")
FILES = ("_csv", "_xlsx")
OTHERS = (None, Who.ANYONE, Who.OWN, Who.PERSON)

WIDER = measure("wider")
SIZES = measure("sizes")
DESK = measure("desk")


@pytest.fixture
def wide(transactional_db: None, sandbox: Any, cast: Cast, changes: Any) -> Cast:
    """Harbor, with the longest word in every text that a person or the provider may give."""
    harbor = cast.harbor
    for source in (sources.numbers, sources.gateways):
        look(harbor, source)
    Profile.objects.update_or_create(
        account=harbor, defaults={"balance": 182_400_000, "read_at": timezone.now()}
    )
    at = timezone.now()
    Membership.objects.create(user=cast.owner, account=cast.northwind, role="viewer")
    for number in (FIRST, "2015550111"):
        submit(SetForward(harbor, number, to="9175550188"), by=cast.manager, token=mint())
    changes.later()
    submit(SetForward(harbor, "2015550112", to="9175550188"), by=cast.owner, token=mint())
    Entry.objects.of(harbor).update(by_name=WORD, said=WORD)
    Number.objects.of(harbor).update(
        label=WORD, folded=WORD.lower(), changed_at=at, changed_by=WORD
    )
    Account.objects.update(name=WORD)
    User.objects.update(name=WORD)
    Invitation(
        account=harbor, email=MAIL, role="viewer", invited_at=at, expires_at=at + timedelta(2)
    ).save()
    asking = User.objects.create(email=MAIL, name=WORD)
    JoinRequest(account=harbor, user=asking, asked_at=at).save()
    return cast


Open = Callable[..., Page]


@pytest.fixture
def reader(live_server: Any, chromium: Browser, sign_in: Any) -> Iterator[Open]:
    """Opens a browser: signed in as somebody, or as nobody."""
    contexts = []

    def opened(person: User | None = None, width: int = 1280, **options: Any) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 844}, **options
        )
        contexts.append(context)
        if person:
            context.add_cookies(
                [
                    {"name": name, "value": each.value, "url": live_server.url}
                    for name, each in sign_in(User.objects.get(pk=person.pk)).cookies.items()
                ]
            )
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def of_the_matrix(cast: Cast, whose: type) -> list[str]:
    """The address of everything that can be opened, with a thing of Harbor's where it names one;
    whose: Right, by its members; Who, by staff.
    """
    found = []
    for name, row in ROWS.items():
        if row.get in OTHERS or not isinstance(row.get, whose) or name.endswith(FILES):
            continue
        path = reverse(name, kwargs=row.own(cast))
        if path not in (*PAGES, *STAFF):
            found.append(path)
    return found


def everything(wide: Cast, reader: Open) -> Iterator[tuple[Page, str]]:
    """Every page, opened once, by whom it is for."""
    people = (
        (wide.owner, (*PAGES, *of_the_matrix(wide, Right))),
        (wide.admin, (*STAFF, *of_the_matrix(wide, Who))),
        (None, OUTSIDE),
    )
    entry = Entry.objects.of(wide.harbor).order_by("pk").first()
    assert entry
    changed = (f"/changes/{entry.pk}/", f"/numbers/{FIRST}/?entry={entry.pk}")
    for person, pages in people:
        page = reader(person)
        for path in (*pages, *changed) if person == wide.owner else pages:
            page.goto(path)
            page.wait_for_load_state("networkidle")
            yield page, path


def test_no_page_scrolls_sideways_at_six_widths_with_an_80_letter_word(
    wide: Cast, reader: Open
) -> None:
    wider, seen = [], 0
    for page, path in everything(wide, reader):
        seen += 1
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            if found := page.evaluate(WIDER):
                wider.append((path, width, found))
    assert wider == [], "\n".join(map(str, wider))
    assert seen > len(PAGES) + len(STAFF)


@pytest.mark.slow
def test_no_page_scrolls_sideways_when_the_browsers_text_is_twice_as_large(
    wide: Cast, reader: Open
) -> None:
    wider, seen = [], 0
    for page, path in everything(wide, reader):
        seen += 1
        page.context.new_cdp_session(page).send(
            "Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}}
        )
        for width in (390, 768, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
            if found := page.evaluate(WIDER):
                wider.append((path, width, found))
    assert wider == [], "\n".join(map(str, wider))
    assert seen > len(PAGES) + len(STAFF)


def test_on_a_phone_text_is_typed_at_16_px_and_pressed_at_44(wide: Cast, reader: Open) -> None:
    small, seen = [], 0
    for page, path in everything(wide, reader):
        seen += 1
        page.set_viewport_size({"width": 390, "height": 844})
        if found := page.evaluate(SIZES):
            small.append((path, found))
    assert small == [], "\n".join(map(str, small))
    assert seen > len(PAGES) + len(STAFF)


def test_at_a_desk_rows_are_40_controls_32_and_text_in_tables_14(
    cast: Cast, sandbox: Any, transactional_db: None, reader: Open
) -> None:
    look(cast.harbor, sources.numbers)
    odd, seen = [], 0
    for person, pages in ((cast.owner, PAGES), (cast.admin, STAFF)):
        page = reader(person)
        for path in pages:
            page.goto(path)
            seen += page.locator(".table tbody tr, .title").count()
            if found := page.evaluate(DESK):
                odd.append((path, found))
    assert odd == []
    assert seen > len(PAGES) + len(STAFF) + 24


@pytest.mark.slow
def test_no_page_has_anything_that_axe_finds_with_the_longest_words(
    wide: Cast, reader: Open
) -> None:
    for page, _ in everything(wide, reader):
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            accessible(page)
