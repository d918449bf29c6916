"""The bell, /notifications/ and /settings/notifications/."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts import members
from apps.accounts.models import Account, Membership, User
from apps.audit.models import Event
from apps.copies.services import look
from apps.notifications.kinds import ON_REQUEST
from apps.notifications.models import Choice, Notice
from apps.notifications.selectors import ROWS, SWITCHED
from apps.notifications.services import read, tell
from apps.numbers import sources
from tests.cast import Cast
from tests.notifications.told import second_owner
from tests.pages import flat

Browser = Callable[[User], Client]
PART = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "notices-list"}


def page(browser: Client, path: str = "/notifications/", **named: Any) -> str:
    return flat(browser.get(path, **named))


def tell_many(cast: Cast, times: int) -> list[int]:
    """Primary keys, oldest first."""
    for n in range(times):
        tell(cast.owner, "security", what=f"Notice {n} of many", where="here")
    return sorted(Notice.objects.of(cast.owner).values_list("pk", flat=True))


def bell(html: str) -> str:
    return re.search(r'id="bell"[^>]*aria-label="([^"]*)"', html)[1]


def test_the_bell_counts_what_is_unread_and_what_the_person_may_see(
    cast: Cast, sign_in: Browser
) -> None:
    browser = sign_in(cast.manager)
    assert bell(page(browser, "/settings/")) == "Notifications"
    for n in range(3):
        tell(cast.manager, "security", what=f"{n}", where="here")
    tell(cast.manager, "connected", account=cast.harbor)
    tell(cast.manager, "connected", account=cast.northwind)  # no member of it
    read(cast.manager, Notice.objects.of(cast.manager).earliest("pk").pk)
    assert bell(page(browser, "/settings/")) == "Notifications, 3 unread"
    members.remove(Membership.objects.get(user=cast.manager), cast.owner)
    # two of their own, and that they were removed
    assert bell(page(browser, "/settings/")) == "Notifications, 3 unread"


def test_staff_without_any_account_have_a_bell(cast: Cast, sign_in: Browser) -> None:
    tell(cast.support, "security", what="A", where="here")
    assert bell(page(sign_in(cast.support), "/admin/accounts/")) == "Notifications, 1 unread"
    assert "Mark all as read" in page(sign_in(cast.support))


@pytest.mark.parametrize(
    ("path", "queries"),
    [("/numbers/", 5), ("/", 21), ("/notifications/", 3), ("/notifications/?show=unread", 3)],
)
def test_the_count_costs_no_query_and_the_page_one(
    sandbox: Any,
    cast: Cast,
    sign_in: Browser,
    django_assert_num_queries: Any,
    path: str,
    queries: int,
) -> None:
    look(cast.harbor, sources.numbers)
    browser = sign_in(cast.owner)
    page(browser, path)
    for many in (0, 3, ROWS + 20):
        tell_many(cast, many)
        tell(cast.owner, "key_dead", account=cast.harbor)
        with django_assert_num_queries(queries):
            html = page(browser, path)
    assert bell(html) == f"Notifications, {3 + ROWS + 20 + 3} unread"


def test_notices_stand_newest_first_by_day_with_account_age_and_one_action(
    cast: Cast, sign_in: Browser, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-20 12:00Z", tick=False)
    tell(cast.owner, "key_dead", account=cast.harbor)
    time_machine.move_to("2026-11-22 12:00Z", tick=False)
    tell(
        cast.owner,
        "member_joined",
        account=cast.harbor,
        person="ann@x.test",
        role="viewer",
        by="Bo",
    )
    time_machine.move_to("2026-11-23 04:30Z", tick=False)  # in New York it is the 22nd still
    tell(cast.owner, "security", what="A password was set", where="here")
    time_machine.move_to("2026-11-23 12:00Z", tick=False)
    tell(cast.owner, "reconnected", account=cast.harbor, by="Bo")
    html = page(sign_in(cast.owner))
    shown = [
        "Today",
        "Harbor Dental is connected again",
        "Yesterday",
        "A password was set",
        "ann@x.test joined",
        "Nov 20, 2026",
        "The connection of Harbor Dental to VoiceTel stopped working",
    ]
    places = [html.index(words) for words in shown]
    assert places == sorted(places)
    assert "3 days ago" in html
    assert "Nov 20, 2026, 7:00:00 AM EST" in html
    assert html.count("· Harbor Dental") == 3
    assert html.count(">New<") == 4
    assert html.count('type="submit">Review') == 2
    assert 'type="submit">Reconnect' in html


def test_unread_ones_alone_are_an_address_of_their_own(cast: Cast, sign_in: Browser) -> None:
    first, _ = tell_many(cast, 2)
    read(cast.owner, first)
    browser = sign_in(cast.owner)
    assert "Notice 0 of many" in page(browser)
    unread = page(browser, "/notifications/?show=unread")
    assert "Notice 0 of many" not in unread
    assert "Notice 1 of many" in unread


def test_fifty_a_page_and_the_key_leads_to_the_older_ones(cast: Cast, sign_in: Browser) -> None:
    tell_many(cast, 2 * ROWS + 1)
    browser, path, seen, pages = sign_in(cast.owner), "/notifications/", [], 0
    while path:
        html = page(browser, path)
        seen += [int(n) for n in re.findall(r'notice-title">Notice (\d+) of many', html)]
        older = re.search(r'id="notices-older"[^>]* href="([^"]+)"', html)
        path, pages = older[1].replace("&amp;", "&") if older else "", pages + 1
    assert (seen, pages) == (list(range(2 * ROWS, -1, -1)), 3)


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, ""])
def test_a_key_that_is_none_leads_to_the_newest(cast: Cast, sign_in: Browser, before: str) -> None:
    tell_many(cast, 1)
    assert "Notice 0 of many" in page(sign_in(cast.owner), f"/notifications/?before={before}")


def test_nothing_yet_and_nothing_unread_are_told_apart(cast: Cast, sign_in: Browser) -> None:
    browser = sign_in(cast.owner)
    assert "No notifications yet" in page(browser)
    (pk,) = tell_many(cast, 1)
    read(cast.owner, pk)
    assert "Nothing unread" in page(browser, "/notifications/?show=unread")
    assert "No older notifications" in page(browser, f"/notifications/?before={pk}")


def test_opening_one_marks_it_and_leads_to_its_page(cast: Cast, sign_in: Browser) -> None:
    tell(cast.owner, "key_dead", account=cast.harbor)
    tell(cast.owner, "key_dead", account=cast.harbor)
    first, second = Notice.objects.of(cast.owner).order_by("pk")
    browser = sign_in(cast.owner)
    response = browser.post(f"/notifications/{first.pk}/open/")
    assert (response.status_code, response["Location"]) == (303, "/settings/keys/")
    assert [notice.pk for notice in Notice.objects.of(cast.owner).filter(read_at=None)] == [
        second.pk
    ]


def test_a_mails_link_leads_on_and_marks_nothing(cast: Cast, sign_in: Browser) -> None:
    tell(cast.owner, "key_dead", account=cast.harbor)
    notice = Notice.objects.of(cast.owner).get()
    browser = sign_in(cast.owner)
    for method in (browser.get, browser.head):
        assert method(f"/notifications/{notice.pk}/open/")["Location"] == "/settings/keys/"
    assert Notice.objects.of(cast.owner).get().read_at is None


def test_a_mails_link_of_another_account_asks_before_it_works_on_that_one(
    cast: Cast, sign_in: Browser
) -> None:
    Membership.objects.create(user=cast.stranger, account=cast.harbor, role="owner")
    tell(cast.stranger, "key_dead", account=cast.harbor)
    notice = Notice.objects.of(cast.stranger).get()
    browser = sign_in(cast.stranger)
    asked = page(browser, f"/notifications/{notice.pk}/open/")
    assert "you're in Northwind Contact Center now" in asked
    assert "Go to Harbor Dental: Reconnect" in asked
    assert "Northwind" in page(browser, "/settings/keys/")
    assert Notice.objects.of(cast.stranger).get().read_at is None
    response = browser.post(f"/notifications/{notice.pk}/open/")
    assert response["Location"] == "/settings/keys/"
    assert '<span class="value-now">1000000001' in page(browser, "/settings/keys/")
    assert Event.objects.of(cast.harbor).get().action == "account_switched"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_strangers_notice_does_not_exist(cast: Cast, sign_in: Browser, method: str) -> None:
    tell(cast.owner, "key_dead", account=cast.harbor)
    notice = Notice.objects.of(cast.owner).get()
    for other in (cast.manager, cast.stranger, cast.admin):
        assert (
            getattr(sign_in(other), method)(f"/notifications/{notice.pk}/open/").status_code == 404
        )
    for nothing in (0, 2**63, 10**30):
        assert (
            getattr(sign_in(cast.owner), method)(f"/notifications/{nothing}/open/").status_code
            == 404
        )
    assert Notice.objects.of(cast.owner).get().read_at is None


def test_mark_all_as_read_leads_a_plain_browser_back(cast: Cast, sign_in: Browser) -> None:
    *_, newest = tell_many(cast, 3)
    response = sign_in(cast.owner).post("/notifications/read/", {"until": newest, "show": "unread"})
    assert (response.status_code, response["Location"]) == (303, "/notifications/?show=unread")
    assert not Notice.objects.of(cast.owner).filter(read_at=None).exists()


def test_mark_all_as_read_swaps_the_list_and_the_bell_for_htmx(
    cast: Cast, sign_in: Browser
) -> None:
    shown = tell_many(cast, 3)
    tell(cast.owner, "key_dead", account=cast.harbor)  # after the page was shown
    response = sign_in(cast.owner).post("/notifications/read/", {"until": shown[-1]}, **PART)
    html = flat(response)
    assert response.status_code == 200
    assert html.startswith('<div id="notices-list"')
    assert re.search(r'id="bell"[^>]*aria-label="Notifications, 1 unread" hx-swap-oob="true"', html)
    assert html.count(">New<") == 1
    assert "<html" not in html


def test_the_list_alone_is_a_fragment_without_a_second_bell(cast: Cast, sign_in: Browser) -> None:
    tell_many(cast, 1)
    html = page(sign_in(cast.owner), "/notifications/?show=unread", **PART)
    assert html.lstrip().startswith('<div id="notices-list"')
    assert 'id="bell"' not in html


def test_markup_in_a_name_is_text(cast: Cast, sign_in: Browser) -> None:
    Account.objects.filter(pk=cast.harbor.pk).update(name="<img src=x onerror=alert(1)>")
    cast.harbor.refresh_from_db()
    tell(
        cast.owner,
        "member_joined",
        account=cast.harbor,
        person="<script>alert(2)</script>",
        role="viewer",
        by="<b>",
    )
    html = page(sign_in(cast.owner))
    assert "<img src=x" not in html
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(2)" in html


def test_who_was_removed_sees_no_byte_of_it_on_any_page(cast: Cast, sign_in: Browser) -> None:
    browser = sign_in(cast.manager)
    Account.objects.filter(pk=cast.harbor.pk).update(name="Plantedname")
    cast.harbor.refresh_from_db()
    tell(
        cast.manager, "role_changed", account=cast.harbor, role="viewer", by="plantedperson@x.test"
    )
    notice = Notice.objects.of(cast.manager).get()
    paths = [
        "/",
        "/notifications/",
        "/notifications/?show=unread",
        f"/notifications/{notice.pk}/open/",
        "/settings/",
        "/settings/notifications/",
    ]
    assert any("planted" in page(browser, path, follow=True).lower() for path in paths)
    Membership.objects.filter(user=cast.manager).delete()
    assert not any("planted" in page(browser, path, follow=True).lower() for path in paths)
    assert browser.post(f"/notifications/{notice.pk}/open/").status_code == 404


# What is mailed


def test_every_group_stands_with_its_switch_and_the_locked_one_with_its_reason(
    cast: Cast, sign_in: Browser
) -> None:
    html = page(sign_in(cast.owner), "/settings/notifications/")
    assert re.findall(r'name="mail" value="(\w+)"[^>]* checked', html) == [
        "people",
        "connection",
        "changes",
        "ports",
        "texts",
    ]
    assert "so nobody at your browser can turn this off" in html
    assert 'value="security"' not in html
    assert 'aria-current="page">Notifications</a>' in html


def test_a_choice_is_kept_and_shown(cast: Cast, sign_in: Browser) -> None:
    browser = sign_in(cast.owner)
    assert (
        browser.post("/settings/notifications/", {"mail": ["people", "changes"]})["Location"]
        == "/settings/notifications/"
    )
    html = page(browser, "/settings/notifications/")
    assert re.findall(r'name="mail" value="(\w+)"[^>]* checked', html) == ["people", "changes"]
    assert "Your choice is saved." in html
    browser.post("/settings/notifications/", {})
    assert (
        re.findall(
            r'name="mail" value="(\w+)"[^>]* checked', page(browser, "/settings/notifications/")
        )
        == []
    )
    assert (
        Event.objects.across_accounts().filter(actor=cast.owner, action="mails_chosen").count() == 2
    )


@pytest.mark.parametrize("forged", [{"mail": ["security"]}, {"mail": ["people", "sneezes"]}])
def test_a_forged_choice_is_refused_whole(
    cast: Cast, sign_in: Browser, forged: dict[str, list[str]]
) -> None:
    assert sign_in(cast.owner).post("/settings/notifications/", forged).status_code == 422
    assert not Choice.objects.exists()


def test_leaving_the_locked_group_out_switches_nothing_of_it_off(
    cast: Cast, sign_in: Browser
) -> None:
    sign_in(cast.owner).post("/settings/notifications/", {"security": "0", "mail": []})
    assert set(Choice.objects.values_list("group", "mail")) == {
        ("people", False),
        ("connection", False),
        ("changes", False),
        ("ports", False),
        ("tickets", False),
        ("texts", False),
    }


def test_one_persons_choice_is_not_anothers(cast: Cast, sign_in: Browser) -> None:
    second = second_owner(cast)
    sign_in(cast.owner).post("/settings/notifications/", {})
    checked = re.findall(r"checked", page(sign_in(second), "/settings/notifications/"))
    assert len(checked) == len(SWITCHED) - len(ON_REQUEST)
