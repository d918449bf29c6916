"""/numbers/: from our copy alone, whatever the provider does."""

import re

import pytest
from django.urls import reverse

from apps.copies import sweeps
from apps.copies.models import Copy
from apps.copies.pace import ASK_AGAIN
from apps.copies.services import Outcome, look
from apps.copies.source import SOURCES
from apps.numbers import pace, sources
from apps.numbers.models import Number
from apps.numbers.services.rows import label_number
from apps.voicetel import clock
from tests.numbers.looking import FIRST, FORWARDED, FRAGMENT, Record, copy_of, take
from tests.pages import flat, words

PART = {**FRAGMENT, "HTTP_HX_TARGET": "numbers-table"}


def shown(response):
    """The numbers of the rows, in their order."""
    return re.findall(r'<td role="cell"><a href="/numbers/(\d{10})/">', response.content.decode())


def announced(response):
    return re.search(r'id="numbers-count">([^<]*numbers?)<', flat(response))[1]


def fill(account, count):
    Number.objects.of(account).delete()
    take(
        account,
        [
            Record(number=f"201555{i:04}", route=4, gateway="DID", sms_enabled=i % 2 == 0)
            for i in range(count)
        ],
    )
    clock.advance(61)
    take(
        account,
        [
            Record(number=f"201555{i:04}", route=4, gateway="DID", sms_enabled=i % 2 == 0)
            for i in range(count)
        ],
    )


def test_the_list_shows_the_account_s_numbers_in_their_order_and_says_how_many(
    harbor, viewer, sandbox
):
    page = viewer.get("/numbers/")
    assert shown(page) == sorted(sandbox.numbers_of("1000000001"))
    assert announced(page) == "All 24 numbers"


def test_a_page_costs_five_queries(harbor, viewer, django_assert_num_queries):
    viewer.get("/numbers/")
    with django_assert_num_queries(5):
        assert viewer.get("/numbers/?sms=1&sort=-label&size=100").status_code == 200


def test_a_search_costs_one_more(harbor, viewer, django_assert_num_queries):
    viewer.get("/numbers/")
    with django_assert_num_queries(6):
        assert viewer.get("/numbers/?q=5550&sms=1").status_code == 200


@pytest.mark.parametrize(
    ("query", "passes"),
    [
        ("forwarded=1", lambda n: n.forward_to),
        ("forwarded=0", lambda n: not n.forward_to),
        ("sms=1", lambda n: n.route_in),
        ("fax=1&cnam=0", lambda n: n.fax and not n.cnam),
        ("route=4", lambda n: n.route == 4),
        ("route=4&sms=1", lambda n: n.route == 4 and n.route_in),
        ("route=999", lambda n: True),  # no such choice: as if not asked for
        ("sms=perhaps", lambda n: True),
    ],
)
def test_filters_of_the_url_show_what_the_provider_has_so(harbor, viewer, sandbox, query, passes):
    expected = [
        number
        for number in sorted(sandbox.numbers_of("1000000001"))
        if passes(sandbox.number_of("1000000001", number))
    ]
    page = viewer.get(f"/numbers/?{query}")
    assert shown(page) == expected
    assert announced(page).startswith(f"{len(expected)} of " if len(expected) < 24 else "All 24")


def test_numbers_without_a_route_can_be_asked_for(harbor, viewer):
    Number.objects.of(harbor).delete()
    take(harbor, [Record(number="2015550101"), Record(number="2015550102", route=4, gateway="DID")])
    assert shown(viewer.get("/numbers/?route=none")) == ["2015550101"]


@pytest.mark.parametrize("sort", ["number", "label", "route", "forward"])
def test_each_sort_goes_both_ways_and_ties_stand_in_the_number_s_order(harbor, viewer, sort):
    label_number(harbor, FIRST, "Zulu")
    label_number(harbor, FORWARDED, "Alpha")
    column = {"number": "number", "label": "label", "route": "gateway", "forward": "forward_to"}[
        sort
    ]
    order = [
        n.number
        for n in sorted(Number.objects.of(harbor), key=lambda n: (getattr(n, column), n.number))
    ]
    assert shown(viewer.get(f"/numbers/?sort={sort}")) == order
    assert shown(viewer.get(f"/numbers/?sort=-{sort}")) == order[::-1]
    filtered = [n for n in order if not Number.objects.of(harbor).get(number=n).forward_to]
    assert shown(viewer.get(f"/numbers/?sort={sort}&forwarded=0")) == filtered


def test_pages_join_without_gap_or_overlap_from_either_end(harbor, viewer):
    fill(harbor, 130)
    for query in ("", "&sms=1", "&sort=-label", "&sort=route"):
        whole = shown(viewer.get(f"/numbers/?size=250{query}"))
        pages = [shown(viewer.get(f"/numbers/?size=50&page={page}{query}")) for page in (1, 2, 3)]
        joined = [number for page in pages for number in page]
        assert joined[: len(whole)] == whole
        assert shown(viewer.get(f"/numbers/?page=99999{query}")), (
            "a page beyond the last shows the last"
        )


def test_many_matches_are_read_in_the_order_of_the_sort_few_by_their_traits(
    harbor, viewer, monkeypatch
):
    """Both ways of asking the database give the same rows."""
    fill(harbor, 130)
    queries = [
        "sms=1",
        "sms=1&sort=-label",
        "route=4&sms=0&sort=forward&page=2",
        "sms=1&sort=route&page=2",
        "q=5550&sms=1&sort=-number",
    ]
    few = [shown(viewer.get(f"/numbers/?{query}")) for query in queries]
    monkeypatch.setattr("apps.numbers.selectors.listing.FEW", 0)
    monkeypatch.setattr("apps.numbers.selectors.listing.MOST", 100)
    monkeypatch.setattr("apps.numbers.search.MOST", 100)
    assert [shown(viewer.get(f"/numbers/?{query}")) for query in queries[:4]] == few[:4]
    many = viewer.get("/numbers/?q=5550&sort=number")
    assert announced(many) == "100+ of 130 numbers"
    assert shown(many) == [f"201555{i:04}" for i in range(50)]


def test_typing_gets_the_table_alone_at_the_same_address(harbor, viewer):
    part = viewer.get("/numbers/?q=0113", **PART)
    assert flat(part).startswith('<div class="list-part" id="numbers-table"')
    assert shown(part) == [FORWARDED]
    assert "HX-Target" in part["Vary"]
    assert part["Cache-Control"] == "no-store"
    assert b"<html" in viewer.get("/numbers/?q=0113").content


def test_nothing_matches_is_not_nothing_here(harbor, viewer):
    page = viewer.get("/numbers/?q=zzzz").content.decode()
    assert "No numbers match “zzzz”" in page
    assert "Clear search" in page
    assert "no phone numbers yet" not in page


def test_an_account_without_numbers_is_told_what_comes_next(harbor, viewer):
    Number.objects.of(harbor).delete()
    Copy.objects.of(harbor).update(facts="{}")
    assert "no phone numbers yet" in viewer.get("/numbers/").content.decode()


def test_a_copy_never_read_is_asked_for_and_the_page_looks_again(cast, sandbox, sign_in, messages):
    viewer = sign_in(cast.viewer)
    page = viewer.get("/numbers/").content.decode()
    assert "Loading your numbers" in page
    assert 'hx-trigger="every 2s"' in page
    assert messages == [("copies.refresh", cast.harbor.pk, "numbers")]
    assert sandbox.count() == 0, "no request of a person waits for a list"
    look(cast.harbor, sources.numbers)
    again = viewer.get("/numbers/age/?shown=0&tries=1", **FRAGMENT)
    assert again.status_code == 286
    assert again["HX-Refresh"] == "true"


def test_an_old_copy_is_asked_for_and_its_newer_one_is_fetched(harbor, viewer, later, messages):
    assert "every 2s" not in viewer.get("/numbers/").content.decode()
    later(pace.STALE.total_seconds() + 5)
    page = viewer.get("/numbers/").content.decode()
    assert messages == [("copies.refresh", harbor.pk, "numbers")]
    address = re.search(r'hx-get="(/numbers/age/[^"]+)"', page)[1].replace("&amp;", "&")
    waiting = viewer.get(address, **FRAGMENT)
    assert waiting.status_code == 200
    assert "HX-Trigger" not in waiting
    look(harbor, sources.numbers)
    newer = viewer.get(address, **FRAGMENT)
    assert newer.status_code == 286
    assert newer["HX-Trigger"] == "numbers-newer"
    assert b"every 2s" not in newer.content


@pytest.mark.parametrize("copy", ["old", "due", "none"])
def test_many_pages_of_an_old_copy_make_one_look(harbor, viewer, sandbox, later, messages, copy):
    later((pace.STALE if copy == "old" else pace.EVERY + ASK_AGAIN).total_seconds() + 5)
    if copy == "none":
        Copy.objects.of(harbor).delete()
    looks = sandbox.count("numbersList")
    for _ in range(10):
        viewer.get("/numbers/")
    assert copy == "due" or len(messages) == 1
    messages += messages
    messages.run()
    assert sandbox.count("numbersList") - looks == 1


def test_an_old_copy_whose_message_was_lost_is_asked_for_once_more(harbor, viewer, later, messages):
    later(pace.STALE.total_seconds() + 5)
    viewer.get("/numbers/")
    later(ASK_AGAIN.total_seconds() + 1)
    viewer.get("/numbers/")
    assert len(messages) == 2


def test_every_press_of_refresh_after_a_look_makes_one_more(harbor, manager, sandbox, messages):
    looks = sandbox.count("numbersList")
    for _ in range(3):
        manager.post("/numbers/refresh/", {"account": "1000000001"})
        manager.post("/numbers/refresh/", {"account": "1000000001"})
        messages.run()
    assert sandbox.count("numbersList") - looks == 3


def test_a_page_stops_asking_after_a_while(harbor, viewer, later):
    later(pace.STALE.total_seconds() + 5)
    answer = viewer.get("/numbers/age/?shown=1&tries=20", **FRAGMENT)
    assert answer.status_code == 286
    assert b"every 2s" not in answer.content


def test_the_age_line_opened_directly_is_a_whole_page(harbor, viewer):
    page = viewer.get("/numbers/age/?shown=1")
    assert b"<html" in page.content
    assert shown(page)


def test_refresh_marks_the_copy_due_and_asks_a_worker(harbor, manager, messages):
    answer = manager.post("/numbers/refresh/", {"account": "1000000001"})
    assert (answer.status_code, answer["Location"]) == (303, "/numbers/")
    lists = ["gateways", "numbers"]
    assert messages == [("copies.refresh", harbor.pk, name) for name in lists]
    due = Copy.objects.of(harbor).filter(next_at__lte=clock.now())
    assert sorted(due.values_list("name", flat=True)) == lists
    part = manager.post("/numbers/refresh/", {"account": "1000000001"}, **FRAGMENT)
    assert b'id="numbers-age"' in part.content
    assert b"every 2s" in part.content


def test_a_viewer_may_not_press_refresh_and_sees_no_button(harbor, viewer):
    assert viewer.post("/numbers/refresh/", {"account": harbor.number}).status_code == 403
    assert "Refresh" not in viewer.get("/numbers/").content.decode()


@pytest.mark.parametrize("kind", ["down", "html", "garbage", "status", "cut_body"])
def test_with_the_provider_away_the_list_is_there_with_a_sentence(
    harbor, manager, sandbox, later, kind
):
    later(pace.EVERY.total_seconds() + 5)
    if kind == "down":
        sandbox.down()
    else:
        sandbox.fault("*", kind, times=None)
    assert look(harbor, sources.numbers) == Outcome.FAILED
    calls = sandbox.count()
    page = manager.get("/numbers/")
    assert page.status_code == 200
    assert len(shown(page)) == 24
    assert sandbox.count() == calls, "the page itself asked nothing"
    said = words(page)
    assert "We couldn't refresh your numbers." in said
    assert "We'll try again at" in said
    assert "couldn't refresh" in said


def test_a_doubted_look_is_told_with_what_stays(harbor, viewer, sandbox):
    for number in sandbox.numbers_of("1000000001"):
        sandbox.take_number(number)
    look(harbor, sources.numbers)
    page = viewer.get("/numbers/")
    assert "24 numbers were missing from VoiceTel's latest list" in words(page)
    assert len(shown(page)) == 24


def test_another_account_s_numbers_are_nowhere_on_the_page(harbor, cast, sign_in):
    look(cast.northwind, sources.numbers)
    stranger = sign_in(cast.stranger).get("/numbers/?size=250")
    assert not set(shown(stranger)) & set(
        Number.objects.of(harbor).values_list("number", flat=True)
    )
    assert "Harbor" not in stranger.content.decode()


def test_nobody_sees_it_without_sign_in(client, db):
    assert reverse("account_login") in client.get("/numbers/")["Location"]


def test_a_get_writes_nothing(harbor, viewer, later):
    later(pace.EVERY.total_seconds() + 5)
    before = list(Copy.objects.of(harbor).values()), list(Number.objects.of(harbor).values())
    for address in (
        "/numbers/",
        "/numbers/?q=55",
        "/numbers/age/",
        f"/numbers/{FIRST}/",
        f"/numbers/{FIRST}/age/",
    ):
        viewer.get(address)
    assert (
        list(Copy.objects.of(harbor).values()),
        list(Number.objects.of(harbor).values()),
    ) == before


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=abc",
        "size=7",
        "sort=secret",
        "q=" + "9" * 3000,
        "route='; DROP TABLE x",
        "sms=1&sms=0",
    ],
)
def test_an_address_typed_wrong_shows_a_list_all_the_same(harbor, viewer, query):
    assert viewer.get(f"/numbers/?{query}").status_code == 200


def test_the_sweep_reads_what_is_due_and_what_was_never_read(cast, sandbox, later):
    every_list_of_both = 2 * len(SOURCES)
    asked = [sandbox.count(each) for each in ("numbersList", "gatewaysList")]
    assert sweeps.refresh_due() == every_list_of_both
    assert Number.objects.of(cast.harbor).count() == 24
    assert sweeps.refresh_due() == 0
    later(pace.EVERY.total_seconds() + 5)
    assert sweeps.refresh_due() >= len(asked) * 2
    again = [sandbox.count(each) for each in ("numbersList", "gatewaysList")]
    assert [after - before for before, after in zip(asked, again, strict=True)] == [4, 4]
    assert sweeps.refresh_due(everything=True) == every_list_of_both


def test_an_account_with_a_dead_key_is_left_alone(cast, sandbox):
    cast.harbor.key_state = "dead"
    cast.harbor.save()
    sweeps.refresh_due()
    assert {seen.account for seen in sandbox.requests("numbersList")} == {"1000000002"}


def test_a_page_without_numbers_opens_itself_anew_when_the_first_came(cast, sandbox, sign_in):
    browser = sign_in(cast.viewer)
    take(cast.harbor, [])
    page = flat(browser.get("/numbers/"))
    assert "no phone numbers yet" in page
    assert (
        'hx-get="/numbers/" hx-trigger="numbers-newer from:body" hx-target="#main"'
        ' hx-select="#main"' in page
    )
    version = copy_of(cast.harbor).version
    clock.advance(1)
    take(cast.harbor, [Record(number=FIRST, route=4, gateway="DID")])
    polled = browser.get(f"/numbers/age/?shown={version}", **FRAGMENT, HTTP_HX_TARGET="numbers-age")
    assert polled["HX-Trigger"] == "numbers-newer"
    anew = browser.get("/numbers/", **FRAGMENT, HTTP_HX_TARGET="main")
    assert shown(anew) == [FIRST]
    assert '<main id="main"' in anew.content.decode()


def test_chips_show_what_is_asked_for_most_and_each_leads_to_as_many(harbor, viewer):
    page = viewer.get("/numbers/")
    chips = page.context["listing"].frame.facets
    assert [chip.label for chip in chips] == ["All", "Forwarded", "No label"]
    for chip in chips:
        assert viewer.get(chip.url).context["listing"].total == chip.count, chip.label
    chosen = viewer.get("/numbers/?labeled=0").context["listing"].frame.facets
    assert [chip.label for chip in chosen if chip.chosen] == ["No label"]


def test_a_filter_that_all_rows_pass_is_not_offered(harbor, viewer):
    Number.objects.of(harbor).delete()
    fill(harbor, 3)
    menus = viewer.get("/numbers/").context["listing"].menus
    assert {menu.name: menu.offered for menu in menus}["sms"] is True
    assert {menu.name: menu.offered for menu in menus}["fax"] is False


def test_a_row_says_where_calls_go_and_who_changed_it_when(harbor, viewer, cast):
    label_number(harbor, FORWARDED, "Emergencies", by=cast.manager)
    row = (
        flat(viewer.get("/numbers/?q=0113"))
        .partition("(201) 555-0113</a>")[2]
        .partition("</tr>")[0]
    )
    assert 'aria-label="Forwarded to"' in row
    assert row.count('class="dot-cell') == 3
    assert "(201) 555-0199" in row
    assert 'title="Manager Harbor (manager@harbor.test)">Manager</span>' in row


def test_a_label_is_added_in_its_row(harbor, manager, viewer):
    add = f"/numbers/{FIRST}/label/?cell"
    assert f'hx-get="{add}"' in manager.get("/numbers/").content.decode()
    assert "Add label" not in viewer.get("/numbers/").content.decode()
    opened = manager.get(add, **FRAGMENT)
    assert flat(opened).startswith('<form class="cell-form"')
    wrong = manager.post(add, {"label": "x" * 81}, **FRAGMENT)
    assert (wrong.status_code, 'value="' + "x" * 81 in flat(wrong)) == (422, True)
    saved = manager.post(add, {"label": "Front desk"}, **FRAGMENT)
    assert words(saved) == "Front desk"
    assert words(manager.get(f"{add}&closed=1", **FRAGMENT)) == "Front desk"
    assert "Front desk" in manager.get("/numbers/").content.decode()
