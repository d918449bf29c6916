"""/numbers/<number>/"""

import re

import pytest
from django.test import Client

from apps.copies.services import Outcome, look
from apps.numbers import pace, selectors, sources
from apps.numbers.models import Number
from apps.numbers.services.refresh import refresh_one
from apps.numbers.services.rows import label_number
from apps.voicetel import clock
from tests.numbers.looking import FIRST, FORWARDED, FRAGMENT, Record, take
from tests.pages import flat

PAGE = f"/numbers/{FIRST}/"


def test_the_page_says_all_that_is_known(harbor, manager, sandbox):
    sandbox.set_number(FIRST, forward_to="9175550188", translated="2015550111")
    look(harbor, sources.numbers)
    label_number(harbor, FIRST, "Front desk")
    text = manager.get(PAGE).content.decode()
    for words in (
        "(201) 555-0110",
        "Front desk",
        "All calls go to (917) 555-0188",
        "(201) 555-0111",
        f'data-copy="{FIRST}"',
    ):
        assert words in text
    assert Number.objects.of(harbor).get(number=FIRST).gateway in text


@pytest.mark.parametrize(
    "typed",
    [
        *("(201) 555-0110", "201-555-0110", "+12015550110", "201.555.0110", "٢٠١٥٥٥٠١١٠"),
        *("tel:+1-201-555-0110", "\u202a201\u00a0555\u20110110\u202c"),
    ],
)
def test_a_number_typed_in_another_form_is_led_to_its_digits(harbor, viewer, typed):
    answer = viewer.get(f"/numbers/{typed}/", {"entry": "7"})
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}?entry=7")
    assert viewer.get(f"/numbers/{typed}/forward/")["Location"] == f"{PAGE}forward/"


@pytest.mark.parametrize(
    "number",
    ["9995550110", "123", "abc", "2015550110x", "12345678901234567890", "%00", "911"],
)
def test_what_is_no_number_of_the_account_is_not_found(harbor, manager, number):
    for part in ("", "age/", "settings/", "forward/", "route/", "label/"):
        assert manager.get(f"/numbers/{number}/{part}").status_code == 404
    assert manager.post(f"/numbers/{number}/forward/", {"to": "9175550188"}).status_code == 404


def test_a_stranger_s_number_does_not_exist(harbor, cast, sign_in, sandbox):
    stranger = sign_in(cast.stranger)
    for part in ("", "age/", "settings/", "forward/", "route/", "label/"):
        answer = stranger.get(f"{PAGE}{part}")
        assert answer.status_code == 404
        assert b"Harbor" not in answer.content
    for part in ("forward/", "route/", "label/"):
        assert (
            stranger.post(
                f"{PAGE}{part}", {"to": "9175550188", "route": "4", "label": "mine"}
            ).status_code
            == 404
        )
    assert Number.objects.of(harbor).get(number=FIRST).label == ""
    assert sandbox.count("numbersForwardSet") == 0


@pytest.mark.parametrize("part", ["forward/", "route/", "label/"])
def test_viewers_and_billing_see_the_setting_and_may_not_change_it(harbor, cast, sign_in, part):
    for user in (cast.viewer, cast.billing):
        browser = sign_in(user)
        panel = browser.get(f"{PAGE}{part}", **FRAGMENT)
        assert panel.status_code == 200
        assert b"<form" not in panel.content
        assert b">Change<" not in panel.content
        assert (
            browser.post(
                f"{PAGE}{part}", {"to": "9175550188", "route": "4", "label": "x"}
            ).status_code
            == 403
        )


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(harbor, manager, method):
    for address in (
        "/numbers/",
        "/numbers/refresh/",
        PAGE,
        f"{PAGE}forward/",
        f"{PAGE}route/",
        f"{PAGE}label/",
    ):
        assert getattr(manager, method)(address).status_code == 405, address
    assert manager.post(PAGE).status_code == 405
    assert manager.post("/numbers/", {"account": harbor.number}).status_code == 405
    assert manager.get("/numbers/refresh/")["Location"] == "/numbers/"


def test_the_anonymous_are_led_to_sign_in(db):
    for part in ("", "settings/", "forward/", "route/", "label/", "age/"):
        assert "/login/" in Client().get(f"{PAGE}{part}")["Location"]


def test_thirty_views_of_an_old_number_make_one_call(harbor, viewer, sandbox, later, messages):
    later(pace.DETAIL.total_seconds() + 5)
    for _ in range(30):
        assert viewer.get(PAGE).status_code == 200
    asked = [message for message in messages if message[0] == "numbers.refresh_one"]
    assert len(asked) == 1
    messages.run()
    viewer.get(PAGE)
    messages.run()
    assert sandbox.count("numbersGet") == 1


def test_an_old_number_is_read_behind_the_page_which_then_takes_what_changed(
    harbor, viewer, sandbox, later, messages
):
    assert refresh_one(harbor, FIRST)
    viewer.get(PAGE)
    assert messages == [], "it is fresh"
    later(pace.DETAIL.total_seconds() + 5)
    before = sandbox.count()
    page = viewer.get(PAGE).content.decode()
    assert messages == [("numbers.refresh_one", harbor.pk, FIRST)]
    assert sandbox.count() == before, "no request of a person waits for the provider"
    address = re.search(r'hx-get="(/numbers/\d+/age/[^"]+)"', page)[1].replace("&amp;", "&")
    waiting = viewer.get(address, **FRAGMENT)
    assert (waiting.status_code, waiting.get("HX-Trigger")) == (200, None)
    sandbox.set_number(FIRST, forward_to="9175550188")
    assert refresh_one(harbor, FIRST)
    newer = viewer.get(address, **FRAGMENT)
    assert (newer.status_code, newer["HX-Trigger"]) == (286, "number-newer")
    assert (
        "All calls go to (917) 555-0188"
        in viewer.get(f"{PAGE}settings/", **FRAGMENT).content.decode()
    )


def test_a_page_whose_number_could_not_be_read_says_so_and_stops_asking(harbor, viewer, later):
    later(pace.DETAIL.total_seconds() + 5)
    answer = viewer.get(f"{PAGE}age/?mark=x&tries={selectors.one.POLLS}", **FRAGMENT)
    assert answer.status_code == 286
    assert "no newer answer from VoiceTel yet" in answer.content.decode()


def test_the_age_line_opened_directly_is_the_page(harbor, viewer):
    assert b"<html" in viewer.get(f"{PAGE}age/").content


def test_the_journal_of_the_number_is_asked_for_by_its_address(harbor, viewer):
    assert f'hx-get="/changes/?about=number:{FIRST}"' in viewer.get(PAGE).content.decode()


HOSTILE = "<img src=x onerror=alert(1)>\"'&{{7*7}}</td><script>alert(2)</script>"


def test_markup_in_every_text_of_the_provider_shows_as_text(harbor, manager, sandbox):
    record = Record(
        number=FIRST,
        route=77,
        gateway=HOSTILE,
        forward=True,
        forward_to=HOSTILE,
        translated=HOSTILE,
    )
    rest = [Record(number=f"20155502{i:02}", route=77, gateway=HOSTILE) for i in range(30)]
    assert take(harbor, [record, *rest]) == Outcome.DOUBTED
    clock.advance(61)
    assert take(harbor, [record, *rest]) == Outcome.TAKEN
    label_number(harbor, FIRST, HOSTILE)
    addresses = ["/numbers/", "/numbers/?route=77&sort=route", "/numbers/?q=" + HOSTILE[:20], PAGE]
    addresses += [
        f"{PAGE}{part}{query}"
        for part in ("forward/", "route/", "label/")
        for query in ("", "?closed=1")
    ]
    for address in addresses:
        for headers in ({}, FRAGMENT):
            text = manager.get(address, **headers).content.decode()
            assert "<img src=x" not in text, address
            assert "alert(2)</script>" not in text, address
    assert "&lt;img src=x" in manager.get(PAGE).content.decode()


def test_a_page_holds_its_panels_as_the_fragments_give_them(harbor, manager):
    page = flat(manager.get(PAGE))
    for part in ("forward", "route", "label"):
        fragment = flat(manager.get(f"{PAGE}{part}/?closed=1", **FRAGMENT))
        assert f'<div class="value" id="numbers-{part}"' in fragment
        assert fragment in page


def test_a_forwarded_number_says_that_its_route_is_not_reached(harbor, viewer):
    assert (
        "Not used while forwarding is on" in viewer.get(f"/numbers/{FORWARDED}/").content.decode()
    )
    assert "Not used while forwarding is on" not in viewer.get(PAGE).content.decode()
