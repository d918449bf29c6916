"""Forward, route and label, changed in place; the first two at the provider, as changes."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Profile
from apps.audit.models import Event
from apps.changes import machine
from apps.changes.engine import tokens
from apps.changes.models import Entry
from apps.changes.states import State
from apps.copies.services import look
from apps.numbers import selectors, settings, sources
from apps.numbers.facets import Facets
from apps.numbers.models import Gateway, Number
from apps.numbers.services import rows
from apps.numbers.services.refresh import count_facets, refresh_one
from apps.numbers.services.rows import label_number
from tests.accounts.proof import confirm
from tests.notifications.told import kinds_of
from tests.numbers.looking import FIRST, FORWARDED, FRAGMENT, copy_of
from tests.pages import flat, words

FORWARD = f"/numbers/{FIRST}/forward/"
ROUTE = f"/numbers/{FIRST}/route/"
SETTINGS = f"/numbers/{FIRST}/settings/"
CNAM = f"/numbers/{FIRST}/cnam/"
LABEL = f"/numbers/{FIRST}/label/"


@pytest.fixture(autouse=True)
def _here_and_now(changes):
    """A change is sent within its POST."""


def row(account, number=FIRST):
    return Number.objects.of(account).get(number=number)


def there(sandbox, number=FIRST):
    return sandbox.number_of("1000000001", number)


def posted(browser, address, /, **fields):
    return browser.post(address, {"token": tokens.mint(), **fields}, **FRAGMENT)


def found(account, typed):
    return [hit.href.strip("/").partition("/")[2] for hit in selectors.find(account, typed, 5)]


def counted(account):
    return Facets.load(copy_of(account).facts).cells == count_facets(account, {}).cells


def test_calls_are_forwarded_at_the_provider_and_in_our_copy(harbor, manager, cast, sandbox):
    answer = posted(manager, FORWARD, to="(917) 555-0188")
    text = flat(answer)
    assert answer.status_code == 200
    assert text.startswith('<div class="value" id="numbers-forward"')
    assert "All calls go to (917) 555-0188" in text
    assert there(sandbox).forward_to == row(harbor).forward_to == "9175550188"
    assert counted(harbor)
    entry = Entry.objects.of(harbor).get()
    assert (entry.kind, entry.state, entry.subject, entry.by) == (
        "SetForward",
        State.DONE,
        FIRST,
        cast.manager,
    )
    assert f'id="changes-strip-{entry.pk}"' in text
    assert "Undo" in text
    assert answer["HX-Trigger"] == "journal-newer"


def test_undo_brings_back_what_was_before(harbor, manager, sandbox):
    for number, was in ((FIRST, ""), (FORWARDED, "2015550199")):
        posted(manager, f"/numbers/{number}/forward/", to="9175550188")
        entry = Entry.objects.of(harbor).latest("pk")
        posted(manager, f"/changes/{entry.pk}/undo/")
        assert there(sandbox, number).forward_to == row(harbor, number).forward_to == was
    assert counted(harbor)


def test_a_plain_browser_is_sent_back_to_the_page_which_shows_the_change(harbor, manager):
    answer = manager.post(FORWARD, {"token": tokens.mint(), "to": "9175550188"})
    entry = Entry.objects.of(harbor).get()
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/numbers/{FIRST}/?entry={entry.pk}#numbers-forward",
    )
    assert f'id="changes-strip-{entry.pk}"' in manager.get(answer["Location"]).content.decode()
    assert "changes-strip" not in manager.get(f"/numbers/{FIRST}/").content.decode(), (
        "what is long done is in the journal"
    )


@pytest.mark.parametrize("fields", [{"stop": "1", "to": "9175550177"}, {"to": ""}, {"to": "  "}])
def test_forwarding_stops_by_its_button_or_by_an_empty_field(harbor, manager, sandbox, fields):
    answer = posted(manager, f"/numbers/{FORWARDED}/forward/", **fields)
    assert "Not forwarded" in answer.content.decode()
    assert there(sandbox, FORWARDED).forward_to == row(harbor, FORWARDED).forward_to == ""
    assert Entry.objects.of(harbor).get().kind == "StopForward"
    assert counted(harbor)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter the number that calls should go to."),
        ("911", "911 is a service number"),
        ("(201) 555-0110", "A number can&#x27;t forward to itself."),
        ("+1 201 555 0110", "A number can&#x27;t forward to itself."),
        ("917-555-0188 x5", "We can&#x27;t forward to an extension."),
        ("917555018888", "That&#x27;s 12 digits."),
        ("1115550110", "isn&#x27;t an area code"),
        ("<b>917</b>", "Use digits instead of letters"),
    ],
)
def test_what_cannot_be_is_said_in_the_form_with_what_was_typed(
    harbor, manager, sandbox, typed, sentence
):
    answer = posted(manager, FORWARD, to=typed)
    text = flat(answer)
    assert answer.status_code == 422
    assert text.startswith('<div class="value" id="numbers-forward"')
    assert sentence in text
    assert "<b>917</b>" not in text
    if typed and "<" not in typed:
        assert f'value="{typed}"' in text
    assert not Entry.objects.of(harbor).exists()
    assert sandbox.count("numbersForwardSet") == 0
    whole = manager.post(FORWARD, {"token": tokens.mint(), "to": typed})
    assert whole.status_code == 422
    assert b"<html" in whole.content


def test_a_form_without_its_token_changes_nothing(harbor, manager, sandbox):
    for token in ("", "forged", "x" * 500):
        answer = manager.post(FORWARD, {"token": token, "to": "9175550188"}, **FRAGMENT)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "Nothing was sent, and what you typed is still" in text
        fresh = re.search(r'name="token" value="([^"]+)"', text)[1]
    assert sandbox.count("numbersForwardSet") == 0
    assert (
        manager.post(FORWARD, {"token": fresh, "to": "9175550188"}, **FRAGMENT).status_code == 200
    ), "the form shown again works"


def test_one_form_pressed_twice_is_one_change(harbor, manager, sandbox):
    form = manager.get(FORWARD, **FRAGMENT).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', form)[1]
    for _ in range(3):
        assert (
            manager.post(FORWARD, {"token": token, "to": "9175550188"}, **FRAGMENT).status_code
            == 200
        )
    assert sandbox.count("numbersForwardSet") == 1
    assert Entry.objects.of(harbor).count() == 1


def test_a_lost_answer_is_read_back_and_not_guessed(harbor, manager, sandbox):
    sandbox.lose_answer("numbersForwardSet")
    posted(manager, FORWARD, to="9175550188")
    entry = Entry.objects.of(harbor).get()
    machine.run(entry.pk)
    entry.refresh_from_db()
    assert entry.state == State.DONE
    assert row(harbor).forward_to == there(sandbox).forward_to == "9175550188"
    assert counted(harbor)


def test_a_refusal_is_quoted_and_nothing_is_changed(harbor, manager, sandbox):
    sandbox.refuse("numbersForwardSet", 404, message="Number <b>not</b> found")
    text = posted(manager, FORWARD, to="9175550188").content.decode()
    assert "Number &lt;b&gt;not&lt;/b&gt; found" in text
    assert "Not forwarded" in text
    assert row(harbor).forward_to == ""


def test_a_change_under_way_is_followed_and_shown_on_the_page(harbor, manager, changes):
    changes.later()
    text = posted(manager, FORWARD, to="9175550188").content.decode()
    entry = Entry.objects.of(harbor).get()
    assert entry.state == State.READY
    assert f'hx-get="/changes/{entry.pk}/"' in text, "the strip asks again"
    page = manager.get(f"/numbers/{FIRST}/").content.decode()
    assert "change-settled from:body" in page, "and the panels follow when it settles"
    assert f'id="changes-strip-{entry.pk}"' in page
    machine.run(entry.pk)
    settled = manager.get(f"{SETTINGS}?entry={entry.pk}", **FRAGMENT).content.decode()
    assert "All calls go to (917) 555-0188" in settled
    assert f'id="changes-strip-{entry.pk}"' in settled


COSTLY = {
    "8765551234": ("Jamaica", "billed at international rates"),
    "3129765550": ("a premium line", "bills every minute"),
    "9005551234": ("a premium line", "bills every minute"),
    "6715551234": ("Guam", "above your US rate"),
    "5005551234": ("a 500 number", "belongs to no place"),
}


@pytest.mark.parametrize(("to", "told"), COSTLY.items())
def test_the_place_and_its_cost_stand_beside_the_field_while_it_is_typed(
    harbor, manager, sandbox, to, told
):
    form = flat(manager.get(FORWARD, **FRAGMENT))
    assert f'hx-get="{FORWARD}"' in form
    assert 'hx-target="#numbers-forward-weight"' in form
    target = {"HTTP_HX_TARGET": "numbers-forward-weight"}
    text = flat(manager.get(FORWARD, {"to": to}, **FRAGMENT, **target))
    assert told[1] in text
    assert f'name="agreed" value="{to}"' in text
    assert f"Forward to {told[0]}" in text
    assert 'id="numbers-forward-press" hx-swap-oob="true"' in text
    short = flat(manager.get(FORWARD, {"to": to[:9]}, **FRAGMENT, **target))
    assert "agreed" not in short
    assert "Forward calls" in short
    assert sandbox.count("numbersForwardSet") == 0


def test_the_highest_international_rate_of_the_account_is_named(harbor, manager):
    Profile.objects.create(account=harbor, rates={"intlMax": 250_000})
    target = {"HTTP_HX_TARGET": "numbers-forward-weight"}
    text = flat(manager.get(FORWARD, {"to": "8765551234"}, **FRAGMENT, **target))
    assert "Your highest international rate is $0.25 a minute." in text
    domestic = flat(manager.get(FORWARD, {"to": "6715551234"}, **FRAGMENT, **target))
    assert "above your US rate" in domestic
    assert "$0.25" not in domestic


@pytest.mark.parametrize(("to", "told"), COSTLY.items())
def test_without_scripts_a_costly_forward_is_said_before_it_goes(
    harbor, manager, sandbox, to, told
):
    for agreed in ({}, {"agreed": "9175550188"}):
        answer = manager.post(FORWARD, {"token": tokens.mint(), "to": to, **agreed})
        text = flat(answer)
        assert answer.status_code == 422
        assert told[1] in text
        assert f"Forward to {told[0]}" in text
        assert f'name="agreed" value="{to}"' in text
        assert not Entry.objects.of(harbor).exists()
    asked = manager.post(FORWARD, {"token": tokens.mint(), "to": to, "agreed": to})
    assert asked.status_code in {302, 303}
    assert "/reauthenticate/" in asked["Location"], "and then for a fresh sign-in, as before"
    assert sandbox.count("numbersForwardSet") == 0


@pytest.mark.parametrize(("to", "told"), COSTLY.items())
def test_a_costly_forward_asks_for_a_fresh_sign_in_and_is_carried_on_by_it(
    harbor, manager, sandbox, to, told
):
    answer = posted(manager, FORWARD, to=to, agreed=to)
    assert answer.status_code == 204
    assert told[1] in flat(manager.get(answer["HX-Redirect"]))
    assert not Entry.objects.of(harbor).exists()
    done = confirm(manager, answer)
    assert there(sandbox).forward_to == to
    assert done["Location"].startswith(f"/numbers/{FIRST}/?entry=")


def test_after_a_fresh_sign_in_a_costly_forward_is_still_said_before_during_and_after(
    harbor, cast, sandbox, client
):
    client.post("/login/", {"login": cast.owner.email, "password": cast.password})
    assert posted(client, FORWARD, to="8765551234").status_code == 422
    assert there(sandbox).forward_to == ""
    text = flat(posted(client, FORWARD, to="8765551234", agreed="8765551234"))
    assert "All calls go to (876) 555-1234 (Jamaica)" in text
    assert there(sandbox).forward_to == "8765551234"
    assert Entry.objects.of(harbor).get().what.endswith("to (876) 555-1234 (Jamaica)")
    assert kinds_of(cast.owner) == ["change_done"], "the only owner too, who pressed it"
    page = flat(client.get(f"/numbers/{FIRST}/"))
    assert "Forwards to Jamaica" in page
    assert '<span class="flag flag-warn">Jamaica</span>' in flat(client.get("/numbers/"))


def test_a_costly_forward_needs_attention_until_an_owner_accepts_it(
    harbor, manager, viewer, cast, sign_in
):
    rows.write(harbor, FIRST, forward_to="8765551234")
    said = "Calls to (201) 555-0110 are forwarded to Jamaica, which costs more."
    owner = sign_in(cast.owner)
    assert said in flat(owner.get("/"))
    assert said in flat(manager.get("/"))
    assert said not in flat(viewer.get("/"))
    accept = f"/numbers/{FIRST}/costs/"
    page = flat(owner.get(f"/numbers/{FIRST}/"))
    assert "Keep forwarding to Jamaica" in page
    assert "Keep forwarding" not in flat(manager.get(f"/numbers/{FIRST}/"))
    assert manager.post(accept, {"to": "8765551234"}).status_code == 403
    owner.post(accept, {"to": "9005551234"})
    assert said in flat(owner.get("/")), "what the page showed is not so any more"
    assert owner.post(accept, {"to": "8765551234"})["Location"] == f"/numbers/{FIRST}/"
    assert said not in flat(owner.get("/"))
    assert said not in flat(manager.get("/"))
    assert Event.objects.of(harbor).get(action="forward_accepted").subject == FIRST
    assert "Forwards to Jamaica" in flat(owner.get(f"/numbers/{FIRST}/")), "the flag stays"
    rows.write(harbor, FIRST, forward_to="9005551234")
    assert "are forwarded to a premium line" in flat(owner.get("/")), "elsewhere asks anew"


def test_the_route_is_set_and_named(harbor, manager, sandbox):
    other = (
        Gateway.objects.of(harbor).exclude(gateway=row(harbor).route).filter(system=False).first()
    )
    answer = posted(manager, ROUTE, route=str(other.gateway))
    assert other.address in answer.content.decode()
    assert there(sandbox).route == row(harbor).route == other.gateway
    assert row(harbor).gateway == other.address
    assert counted(harbor)
    entry = Entry.objects.of(harbor).get()
    assert entry.what == f"route (201) 555-0110 to {other.address}"
    posted(manager, f"/changes/{entry.pk}/undo/")
    assert there(sandbox).route == row(harbor).route == entry.before["route_id"]


@pytest.mark.parametrize("given", ["", "999999", "abc", "-1", "4 OR 1=1"])
def test_a_route_that_is_not_the_account_s_is_refused_here(harbor, manager, sandbox, given):
    answer = posted(manager, ROUTE, route=given)
    assert answer.status_code == 422
    assert sandbox.count("numbersRoute") == 0


def test_another_account_s_gateway_cannot_be_chosen(harbor, manager, cast, sandbox):
    look(cast.northwind, sources.gateways)
    mine = set(Gateway.objects.of(harbor).values_list("gateway", flat=True))
    theirs = (
        Gateway.objects.of(cast.northwind).filter(system=False).exclude(gateway__in=mine).first()
    )
    assert posted(manager, ROUTE, route=str(theirs.gateway)).status_code == 422


def test_a_label_is_ours_alone(harbor, manager, sandbox):
    calls = sandbox.count()
    answer = posted(manager, LABEL, label="  Front\tdesk ")
    assert answer.status_code == 200
    assert "Front desk" in answer.content.decode()
    assert 'hx-swap-oob="true"' in answer.content.decode(), "the page's title follows"
    assert row(harbor).label == "Front desk"
    assert counted(harbor)
    assert sandbox.count() == calls
    assert manager.post(LABEL, {"label": ""})["Location"].startswith(f"/numbers/{FIRST}/?kept=")
    assert row(harbor).label == ""
    assert counted(harbor)


def test_a_label_too_long_stays_in_the_form(harbor, manager):
    answer = posted(manager, LABEL, label="x" * 81)
    assert answer.status_code == 422
    assert "x" * 81 in answer.content.decode()
    assert row(harbor).label == ""


def test_every_form_works_without_scripts(harbor, manager):
    for address, button in (
        (FORWARD, "Forward calls"),
        (ROUTE, "Save route"),
        (LABEL, "Save label"),
    ):
        page = flat(manager.get(address))
        assert "<html" in page
        assert f'<form class="edit" method="post" action="{address}"' in page
        assert button in page
    page = manager.get(f"/numbers/{FIRST}/").content.decode()
    assert f'href="{FORWARD}"' in page


def test_one_request_redraws_every_closed_setting(harbor, manager, sandbox):
    posted(manager, ROUTE, route="4")
    entry = Entry.objects.of(harbor).get()
    sandbox.set_number(FIRST, forward_to="9175550188")
    refresh_one(harbor, FIRST)
    text = flat(manager.get(f"{SETTINGS}?open=label&entry={entry.pk}", **FRAGMENT))
    found = re.findall(r'id="numbers-([\w-]+)" hx-swap-oob="true"', text)
    panels = [each.name for each in settings.SETTINGS if each.name != "label"]
    assert [name for name in found if not name.startswith("title")] == [*panels, "costs"]
    assert "All calls go to (917) 555-0188" in text
    assert "Not used while forwarding is on" in text
    assert f'id="changes-strip-{entry.pk}"' in text, "what the page shows of a change stays"
    assert 'id="numbers-title-flags" hx-swap-oob="true"' in text


def test_the_answer_to_a_change_brings_the_other_closed_settings_along(harbor, manager):
    text = flat(posted(manager, FORWARD, to="9175550188", open=["label", "forward"]))
    assert "Not used while forwarding is on" in text, "the route's row follows"
    assert len(re.findall(r'id="numbers-forward"', text)) == 1
    assert 'id="numbers-label"' not in text, "an open form stays as it is"


def test_settings_without_changes_read_no_entries(harbor, manager):
    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(address, **FRAGMENT).status_code == 200
        return [each["sql"] for each in queries if "changes_entry" in each["sql"]]

    assert asked(f"{LABEL}?closed=1") == []
    assert len(asked(f"{FORWARD}?closed=1")) == 1
    assert len(asked(SETTINGS)) == 1


def test_a_number_keeps_who_changed_it_last_and_when(harbor, manager, cast, sandbox):
    assert (row(harbor).changed_at, row(harbor).changed_by) == (None, "")
    posted(manager, FORWARD, to="9175550188")
    first = row(harbor)
    assert (first.changed_by, first.changed_at is None) == (cast.manager.with_address, False)
    label_number(harbor, FIRST, "Front desk", by=cast.owner)
    assert row(harbor).changed_by == cast.owner.with_address
    assert row(harbor).changed_at > first.changed_at
    stands = row(harbor)
    sandbox.refuse("numbersForwardSet", 404, message="Number not found")
    posted(manager, FORWARD, to="9175550177")
    look(harbor, sources.numbers)
    refresh_one(harbor, FIRST)
    assert (row(harbor).changed_by, row(harbor).changed_at) == (
        stands.changed_by,
        stands.changed_at,
    ), "neither what VoiceTel declined nor a newer look is a change"


def test_a_changed_label_is_an_event_with_before_and_after(harbor, manager, cast):
    posted(manager, LABEL, label="Front desk")
    posted(manager, LABEL, label="Front desk")
    posted(manager, LABEL, label="")
    found = Event.objects.of(harbor).filter(action="number_labeled").order_by("pk")
    assert [(each.facts["before"], each.facts["after"]) for each in found] == [
        ("", "Front desk"),
        ("Front desk", ""),
    ]
    assert {(each.actor, each.thing, each.subject) for each in found} == {
        (cast.manager, "number", FIRST)
    }
    said = words(manager.get(f"/settings/audit/?about=number:{FIRST}"))
    assert "(201) 555-0110 Label Front desk None" in said
    assert "(201) 555-0110 Label None Front desk" in said


@pytest.mark.parametrize("who", ["owner", "viewer"])
def test_the_activity_beside_a_number_shows_its_labels_to_every_member(
    harbor, manager, cast, sign_in, who
):
    posted(manager, LABEL, label="Front desk")
    posted(manager, FORWARD, to="9175550188")
    posted(manager, LABEL, label="Night line")
    panel = flat(sign_in(getattr(cast, who)).get(f"/changes/?about=number:{FIRST}", **FRAGMENT))
    assert str(cast.manager) in panel
    said = ["<del>Front desk</del><ins>Night line</ins>", "(917) 555-0188", "<ins>Front desk</ins>"]
    assert all(each in panel for each in said)
    assert sorted(said, key=panel.index) == said, "newest first, of both kinds"


def test_a_label_is_brought_back_by_undo(harbor, manager, cast, sandbox):
    label_number(harbor, FIRST, "Front desk", by=cast.owner)
    calls = sandbox.count()
    text = flat(posted(manager, LABEL, label="Night line"))
    event = Event.objects.of(harbor).latest("pk")
    assert "Label: Night line." in text
    assert "Was: Front desk." in text
    assert f'hx-post="/changes/kept/{event.pk}/undo/"' in text
    answer = manager.post(f"/changes/kept/{event.pk}/undo/", **FRAGMENT)
    assert answer["HX-Trigger"] == "change-settled"
    assert "Label: Front desk." in flat(answer)
    assert row(harbor).label == "Front desk"
    assert counted(harbor)
    assert found(harbor, "front") == [FIRST]
    assert found(harbor, "night") == []
    undone = Event.objects.of(harbor).latest("pk")
    assert (undone.facts["before"], undone.facts["after"]) == ("Night line", "Front desk")
    assert (row(harbor).changed_by, undone.actor) == (cast.manager.with_address, cast.manager)
    assert sandbox.count() == calls


def test_undo_of_a_label_without_scripts_comes_back_to_the_number(harbor, manager):
    shown = manager.post(LABEL, {"label": "Front desk"})["Location"]
    event = Event.objects.of(harbor).latest("pk")
    assert shown == f"/numbers/{FIRST}/?kept={event.pk}#numbers-label"
    assert "Label: Front desk." in flat(manager.get(shown))
    back = manager.post(f"/changes/kept/{event.pk}/undo/")["Location"]
    assert "No label." in flat(manager.get(back))
    assert row(harbor).label == ""


def test_a_label_that_was_changed_since_is_not_undone(harbor, manager, cast):
    posted(manager, LABEL, label="Front desk")
    first = Event.objects.of(harbor).latest("pk")
    label_number(harbor, FIRST, "Night line", by=cast.owner)
    answer = manager.post(f"/changes/kept/{first.pk}/undo/", **FRAGMENT)
    assert answer.status_code == 409
    assert row(harbor).label == "Night line"
    assert "Undo" not in flat(manager.get(f"/numbers/{FIRST}/?kept={first.pk}"))


def test_the_strip_of_a_label_stays_when_other_settings_are_drawn_again(harbor, manager):
    posted(manager, LABEL, label="Front desk")
    event = Event.objects.of(harbor).latest("pk")
    assert "Label: Front desk." in flat(manager.get(f"{SETTINGS}?kept={event.pk}", **FRAGMENT))
    assert "Label: Front desk." not in flat(manager.get(SETTINGS, **FRAGMENT))


def test_caller_id_name_lookup_is_turned_off_and_on_again(harbor, manager, sandbox):
    sandbox.set_number(FIRST, cnam=True)
    refresh_one(harbor, FIRST)
    said = words(posted(manager, CNAM, enabled="off"))
    assert "Caller ID name lookup: off. Was: on." in said
    assert there(sandbox).cnam is row(harbor).cnam is False
    assert counted(harbor)
    entry = Entry.objects.of(harbor).get()
    assert (entry.kind, entry.what) == (
        "SetCnam",
        "turn off caller ID name lookup for (201) 555-0110",
    )
    posted(manager, f"/changes/{entry.pk}/undo/")
    assert there(sandbox).cnam is row(harbor).cnam is True


def test_the_form_of_the_lookup_names_its_rate_and_takes_on_or_off_alone(harbor, manager, sandbox):
    assert "Each lookup costs" not in manager.get(CNAM, **FRAGMENT).content.decode()
    Profile.objects.create(account=harbor, rates={"cnam": 6_000})
    text = flat(manager.get(CNAM, **FRAGMENT))
    assert "Each lookup costs $0.006." in text
    assert posted(manager, CNAM, enabled="maybe").status_code == 422
    assert sandbox.count("numbersCnam") == 0


def test_a_lookup_that_the_account_does_not_have_is_declined_in_voicetels_words(
    harbor, manager, sandbox
):
    sandbox.set_account("1000000001", services={"cnam": False})
    sandbox.set_number(FIRST, cnam=False)
    text = flat(posted(manager, CNAM, enabled="on"))
    assert "CNAM update failed: service not enabled" in text
    assert there(sandbox).cnam is False
    assert Entry.objects.of(harbor).get().state == State.REFUSED
