"""/changes/<id>/, what may be decided there."""

import re
from datetime import timedelta
from typing import Any

import pytest

from apps.audit.models import Event
from apps.changes import sweeps
from apps.changes.change import unpack
from apps.changes.engine import rows
from apps.changes.states import State
from tests.changes.pressing import again, page
from tests.changes.world import Keep, Port, World, cut, raises
from tests.pages import words

HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "x"}


def token_of(html: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', html)
    assert found, "no form with a token"
    return found[1]


@pytest.mark.parametrize("who", ["owner", "manager", "billing", "viewer"])
def test_every_member_sees_a_change(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any, who: str
) -> None:
    entry = press(Keep(cast.harbor, "2015551234", value="new"))
    html = page(sign_in(getattr(cast, who)), f"/changes/{entry.pk}/")
    assert "keep new for 2015551234" in html
    assert "Owner Harbor" in html
    assert ("Undo" in html) == (who in {"owner", "manager"})


@pytest.mark.parametrize("what", ["", "cancel/", "undo/", "answer/"])
def test_a_strangers_change_does_not_exist(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any, what: str
) -> None:
    changes.later()
    entry = press(Keep(cast.harbor, "2015551234", value="new"))
    client = sign_in(cast.stranger)
    path = f"/changes/{entry.pk}/{what}"
    assert (client.post(path) if what else client.get(path)).status_code == 404
    assert again(entry).state == State.READY


@pytest.mark.parametrize("what", ["cancel/", "undo/", "answer/"])
@pytest.mark.parametrize("who", ["viewer", "billing"])
def test_who_may_not_press_may_not_decide(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any, what: str, who: str
) -> None:
    from apps.changes.engine import tokens

    changes.later()
    entry = press(Keep(cast.harbor, "2015551234", value="new"))
    response = sign_in(getattr(cast, who)).post(
        f"/changes/{entry.pk}/{what}", {"token": tokens.mint(), "answer": "send"}
    )
    assert (response.status_code, again(entry).state) == (403, State.READY)


@pytest.mark.parametrize("path", ["/changes/1/", "/changes/", "/settings/audit/"])
def test_nobody_known_is_led_to_sign_in(db: None, client: Any, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, "/login/")


@pytest.mark.parametrize(
    "path", ["/changes/x/", "/changes/0/", "/changes/99999999999999999999/", "/changes/-1/"]
)
def test_an_id_that_is_none_is_not_found(cast: Any, sign_in: Any, path: str) -> None:
    assert sign_in(cast.owner).get(path).status_code == 404


def test_each_address_takes_its_own_method_only(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any
) -> None:
    entry, client = press(Keep(cast.harbor, "x", value="new")), sign_in(cast.owner)
    for path in ("", "settings/audit/"):
        where = f"/{path}" if path else f"/changes/{entry.pk}/"
        assert client.post(where, {"account": cast.harbor.number}).status_code == 405
    for what in ("cancel", "undo", "answer"):
        answer = client.get(f"/changes/{entry.pk}/{what}/")
        assert (answer.status_code, answer["Location"]) == (302, f"/changes/{entry.pk}/")


def test_the_strip_polls_while_it_moves_and_then_stops(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any
) -> None:
    changes.later()
    entry, client = press(Keep(cast.harbor, "x", value="new")), sign_in(cast.owner)
    moving = client.get(f"/changes/{entry.pk}/", **HTMX)
    assert moving.status_code == 200
    assert 'hx-trigger="every 1s"' in moving.content.decode()
    assert "<html" not in moving.content.decode()
    changes.now()
    sweeps.send_due(everything=True)
    settled = client.get(f"/changes/{entry.pk}/", **HTMX)
    assert (settled.status_code, settled.headers["HX-Trigger"]) == (286, "change-settled")
    assert "hx-trigger" not in settled.content.decode()


def test_the_outcomes_look_different(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any
) -> None:
    from apps.voicetel.client import errors

    client = sign_in(cast.owner)
    world.script = [
        lambda do: do(),
        raises(errors.Refused("That <b>number</b> is barred", status=400)),
        cut,
    ]
    world.copy["x"] = "old"
    done, refused = (
        press(Keep(cast.harbor, "x", value="new")),
        press(Keep(cast.harbor, "y", value="new")),
    )
    world.blind = True
    doubt = press(Keep(cast.harbor, "z", value="new"))
    changes.later()
    waiting = press(Keep(cast.harbor, "w", value="new"))
    html = {
        name: page(client, f"/changes/{entry.pk}/")
        for name, entry in {
            "done": done,
            "refused": refused,
            "checked": doubt,
            "waiting": waiting,
        }.items()
    }
    for name, text in html.items():
        assert f"strip-{name}" in text
    assert "Was: old." in words(html["done"])
    assert "That &lt;b&gt;number&lt;/b&gt; is barred" in html["refused"]
    assert "Nothing changed and you weren't charged." in words(html["refused"])
    assert "No need to try again." in html["checked"]
    assert "Cancel" in html["waiting"]
    assert "Cancel" not in html["checked"]


def test_a_change_is_undone_by_a_new_one_that_names_it(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any
) -> None:
    world.copy["x"] = world.kept["x"] = "old"
    entry, client = press(Keep(cast.harbor, "x", value="new")), sign_in(cast.manager)
    token = token_of(page(client, f"/changes/{entry.pk}/"))
    responses = [client.post(f"/changes/{entry.pk}/undo/", {"token": token}) for _ in range(2)]
    new = rows.rows().get(follows=entry)
    assert [(r.status_code, r.headers["Location"]) for r in responses] == [
        (303, f"/changes/{new.pk}/")
    ] * 2
    assert (new.state, new.what, world.kept, len(world.calls)) == (
        State.DONE,
        "keep old for x",
        {"x": "old"},
        2,
    )
    assert "Undo" not in page(client, f"/changes/{entry.pk}/"), "something newer was done"


def test_undo_without_a_token_of_ours_does_nothing(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any
) -> None:
    world.copy["x"] = "old"
    entry, client = press(Keep(cast.harbor, "x", value="new")), sign_in(cast.owner)
    assert client.post(f"/changes/{entry.pk}/undo/").status_code == 400
    assert client.post(f"/changes/{entry.pk}/undo/", {"token": "a:b"}).status_code == 400
    assert len(world.calls) == 1


def test_a_waiting_change_is_withdrawn(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any
) -> None:
    changes.later()
    entry, client = press(Keep(cast.harbor, "x", value="new")), sign_in(cast.manager)
    assert client.post(f"/changes/{entry.pk}/cancel/").status_code == 303
    changes.now()
    sweeps.send_due(everything=True)
    assert (again(entry).state, world.calls) == (State.CLOSED, [])
    assert Event.objects.of(cast.harbor).get(action="change_cancelled").facts == {"entry": entry.pk}
    assert client.post(f"/changes/{entry.pk}/cancel/").status_code == 409


def test_what_could_not_be_sent_yet_is_withdrawn_too(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any
) -> None:
    from apps.voicetel.client import errors

    world.script = [raises(errors.NotSent("no connection"))]
    entry = press(Keep(cast.harbor, "x", value="new"))
    assert sign_in(cast.owner).post(f"/changes/{entry.pk}/cancel/", **HTMX).status_code == 200
    assert again(entry).state == State.CLOSED


def test_what_is_being_sent_cannot_be_withdrawn(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any
) -> None:
    changes.later()
    entry = press(Keep(cast.harbor, "x", value="new"))
    assert rows.claim(entry, unpack(entry))
    assert sign_in(cast.owner).post(f"/changes/{entry.pk}/cancel/").status_code == 409
    assert again(entry).state == State.SENDING


@pytest.fixture
def asked(changes: Any, cast: Any, world: World, press: Any, time_machine: Any) -> Any:
    """A change that was first for a quarter of an hour and never sent."""
    changes.later()
    entry = press(Keep(cast.harbor, "x", value="new"))
    time_machine.shift(timedelta(minutes=16))
    sweeps.send_due()
    assert again(entry).state == State.ASK
    changes.now()
    return again(entry)


def test_send_it_now_sends_the_same_row(asked: Any, cast: Any, world: World, sign_in: Any) -> None:
    client = sign_in(cast.owner)
    token = token_of(page(client, f"/changes/{asked.pk}/"))
    client.post(f"/changes/{asked.pk}/answer/", {"token": token, "answer": "send"})
    assert (again(asked).state, world.kept, rows.rows().count()) == (State.DONE, {"x": "new"}, 1)


def test_leave_it_closes_it(asked: Any, cast: Any, world: World, sign_in: Any) -> None:
    client = sign_in(cast.owner)
    token = token_of(page(client, f"/changes/{asked.pk}/"))
    assert (
        client.post(f"/changes/{asked.pk}/answer/", {"token": token, "answer": "leave"}).status_code
        == 303
    )
    assert (again(asked).state, world.calls) == (State.CLOSED, [])
    assert (
        client.post(f"/changes/{asked.pk}/answer/", {"token": token, "answer": "send"}).status_code
        == 409
    )


@pytest.mark.parametrize("value", ["", "again", "happened", "x"])
def test_an_answer_that_was_not_asked_for_changes_nothing(
    asked: Any, cast: Any, world: World, sign_in: Any, value: str
) -> None:
    client = sign_in(cast.owner)
    token = token_of(page(client, f"/changes/{asked.pk}/"))
    assert (
        client.post(f"/changes/{asked.pk}/answer/", {"token": token, "answer": value}).status_code
        == 409
    )
    assert again(asked).state == State.ASK


def absent(entry: Any) -> Any:
    rows.rows().filter(pk=entry.pk).update(state=State.ABSENT, due_at=None)
    return again(entry)


def test_sending_an_absent_one_again_is_a_new_row(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any
) -> None:
    world.script, world.blind = [cut], True
    entry, client = absent(press(Keep(cast.harbor, "x", value="new"))), sign_in(cast.owner)
    token = token_of(page(client, f"/changes/{entry.pk}/"))
    for _ in range(2):
        client.post(f"/changes/{entry.pk}/answer/", {"token": token, "answer": "again"})
    new = rows.rows().get(follows=entry)
    assert (again(entry).state, new.state, len(world.calls)) == (State.CLOSED, State.DONE, 2)
    assert new.token != entry.token


def test_what_held_a_secret_is_not_offered_again(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any
) -> None:
    world.script, world.blind = [cut], True
    entry = absent(press(Port(cast.harbor, "2015551234", pin="1")))
    html = page(sign_in(cast.owner), f"/changes/{entry.pk}/")
    assert "Dismiss" in html
    assert "Send it again" not in html


def test_what_can_be_pressed_in_a_strip_keeps_its_name_over_its_polls(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any, time_machine: Any
) -> None:
    """By it the page finds the focus again: without, each second took it from Cancel to the link
    beside it.
    """
    changes.later()
    entry, client = press(Keep(cast.harbor, "x", value="new")), sign_in(cast.owner)
    strips = [page(client, f"/changes/{entry.pk}/", **HTMX) for _ in range(2)]
    names = [re.findall(r'<(?:a|button)[^>]*\sid="([^"]+)"', strip) for strip in strips]
    assert names == [[f"changes-link-{entry.pk}", f"changes-cancel-{entry.pk}"]] * 2
    time_machine.shift(timedelta(minutes=16))
    sweeps.send_due()
    asks = page(client, f"/changes/{entry.pk}/", **HTMX)
    assert re.findall(r'<button[^>]*\sid="([^"]+)"', asks) == [
        f"changes-send-{entry.pk}",
        f"changes-leave-{entry.pk}",
    ]
