"""Opt-outs, repeats, pictures, the pace of histories, and where texts may not stand."""

import logging
import random
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.changes.models import Entry
from apps.messaging import optouts, pace, pictures
from apps.messaging.models import Conversation, Feed, Kind, Message, OptOut, Receipt
from apps.messaging.services import feeds, history, opting
from apps.messaging.sweeps import forget, read_due
from apps.sandbox.models import Message as Theirs
from apps.voicetel import clock
from apps.voicetel.client.records.messaging import Message as Record
from apps.voicetel.client.records.messaging import MessageValue
from tests.messaging.conftest import FAR, OWN, hidden
from tests.pages import words

TALK = f"/messaging/{OWN}/{FAR}/"
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def heard(harbor: Any, text: str, minutes: float = 0, far: str = FAR) -> None:
    at = clock.now() + timedelta(minutes=minutes)
    row = Message(account=harbor, number=OWN, far=far, kind="sms", out=False, text=text, at=at)
    opting.read(harbor, OWN, [row])


@pytest.mark.parametrize("text", ["STOP", "stop.", " Stop! ", "StopAll", "opt-out", "QUIT"])
def test_a_stop_word_alone_opts_out(harbor: Any, text: str) -> None:
    heard(harbor, text)
    found = opting.open_of(harbor, OWN, FAR)
    assert found
    assert found.how == OptOut.How.TEXTED


@pytest.mark.parametrize("text", ["Stop by any time", "please stop texting me", "the end", "C"])
def test_other_texts_opt_nobody_out(harbor: Any, text: str) -> None:
    heard(harbor, text)
    assert opting.open_of(harbor, OWN, FAR) is None


def test_a_plea_is_offered_to_be_recorded() -> None:
    assert optouts.pleads("please stop texting me")
    assert not optouts.pleads("STOP")
    assert not optouts.pleads("Stop by any time")


def test_start_ends_it_and_a_late_record_changes_nothing_newer(harbor: Any) -> None:
    heard(harbor, "STOP", -30)
    heard(harbor, "START", -10)
    heard(harbor, "STOP", -20)  # told late
    assert opting.open_of(harbor, OWN, FAR) is None
    heard(harbor, "STOP", -1)
    assert opting.open_of(harbor, OWN, FAR)


def test_who_opted_out_gets_nothing_from_that_number(
    harbor: Any, manager: Any, post: Any, changes: Any
) -> None:
    read_due()
    before = Theirs.objects.count()
    assert post(f"{TALK}opt-out/", form=TALK).status_code == 303
    assert "can't text them until they reply START" in words(manager.get(TALK))
    refused = post("/messaging/new/", again=True, number=OWN, to=FAR, text="Hello")
    assert "opted out" in words(refused)
    assert Theirs.objects.count() == before
    assert Entry.objects.of(harbor).count() == 0


def test_the_same_text_within_two_minutes_asks(harbor: Any, post: Any, changes: Any) -> None:
    read_due()
    assert post(TALK, text="On my way", again=True).status_code == 303
    asked = post(TALK, text="On my way", again=True)
    assert asked.status_code == 303
    assert Theirs.objects.filter(text="On my way").count() == 2
    third = post(TALK, text="On my way")
    assert "less than 2 minutes ago" in words(third)
    assert Theirs.objects.filter(text="On my way").count() == 2


def test_a_twin_in_doubt_asks(harbor: Any, post: Any, changes: Any, sandbox: Any) -> None:
    read_due()
    sandbox.fault("messageSend", "drop_before")
    post(TALK, text="On my way", again=True)
    assert "may send it twice" in words(post(TALK, text="On my way"))


def test_an_answer_that_came_meanwhile_is_shown_first(
    harbor: Any, manager: Any, changes: Any
) -> None:
    read_due()
    typed = hidden(manager.get(TALK), TALK) | {"text": "See you", "price": "7500"}
    Conversation.objects.of(harbor).filter(number=OWN, far=FAR).update(last_in_at=clock.now())
    answer = manager.post(TALK, typed)
    assert answer.status_code == 422
    assert "A new message came in since you opened this page." in words(answer)
    assert not Theirs.objects.filter(text="See you").exists()


def test_what_was_typed_is_kept_until_it_is_sent(
    harbor: Any, manager: Any, post: Any, changes: Any
) -> None:
    read_due()
    assert post(f"{TALK}draft/", form=TALK, text="Half a sen").status_code == 204
    assert "Half a sen" in words(manager.get(TALK))
    post(TALK, text="A sentence", again=True)
    assert "Half a sen" not in words(manager.get(TALK))


def test_a_new_text_is_unread_until_it_is_opened(harbor: Any, viewer: Any, cast: Any) -> None:
    read_due()
    Conversation.objects.of(harbor).filter(number=OWN, far=FAR).update(last_in_at=clock.now())
    assert "(917) 555-0142 (unread)" in words(viewer.get("/messaging/?show=unread"))
    viewer.get(TALK)
    assert "(917) 555-0142" not in words(viewer.get("/messaging/?show=unread"))


def test_search_finds_words_of_any_message(harbor: Any, viewer: Any) -> None:
    for _ in range(8):
        read_due()
    found = words(viewer.get("/messaging/?q=same+time"))
    assert "(917) 555-0142" in found
    assert "No conversations match" in words(viewer.get("/messaging/?q=zebra"))


HOSTILE = [
    *("http://example.com/a.jpg", "https://user:pw@example.com/a.jpg", "https://127.0.0.1/a.jpg"),
    *("https://localhost/a.jpg", "https://[::1]/a.jpg", "https://2130706433/a.jpg"),
    *("https://0x7f.1/a.jpg", "https://printer.local/a.jpg", "https://example.com:22/a.jpg"),
    *("javascript:alert(1)", "https://exa mple.com/a.jpg", "https:///a.jpg", "file:///etc/passwd"),
    *("https://169.254.169.254/latest/", "https://router.lan/a.jpg", "https://example/a.jpg"),
    *("https://exämple.com/a.jpg", "https://example.com\\@evil.com/a.jpg", "//example.com/a.jpg"),
]


def test_no_picture_address_is_fetched_or_resolved(
    harbor: Any, post: Any, changes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_due()

    def refuse(*given: Any, **named: Any) -> Any:
        raise AssertionError("a socket or a look-up")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    for address in HOSTILE:
        assert pictures.wrong(address), address
        assert post(TALK, text="Look", pictures=address).status_code == 422
    assert not Theirs.objects.filter(text="Look").exists()
    good = "https://cdn.example.com/xray.jpg"
    assert post(TALK, text="Look", pictures=good, again=True).status_code == 303
    assert Theirs.objects.get(text="Look").type == "mms"


def test_pages_that_only_share_a_picture_ask() -> None:
    assert pictures.doubtful("https://drive.google.com/file/d/x/view.jpg")
    assert pictures.doubtful("https://example.com/picture")
    assert not pictures.doubtful("https://example.com/picture.PNG")


def test_texts_stand_in_no_log_mail_or_activity(
    harbor: Any, manager: Any, post: Any, changes: Any, sandbox: Any, caplog: Any
) -> None:
    secret = "Zanzibar-7"
    read_due()
    with caplog.at_level(logging.DEBUG):
        post(TALK, text=secret, again=True)
        sandbox.fault("messageSend", "html")
        post(TALK, text=f"{secret} once more", again=True)
    assert secret in words(manager.get(TALK))
    assert secret not in caplog.text
    assert secret not in words(manager.get("/settings/audit/"))
    for entry in Entry.objects.of(harbor):
        assert secret not in words(manager.get(f"/changes/{entry.pk}/"))
        assert secret not in f"{entry.what} {entry.said} {entry.answer} {entry.before}"
    assert all(secret not in each.body for each in mail.outbox)


def test_texts_are_forgotten_in_messages_and_entries(
    harbor: Any, post: Any, changes: Any, settings: Any
) -> None:
    read_due()
    post(TALK, text="Long ago", again=True)
    clock.advance(401 * 86_400)
    assert forget() > 0
    assert not Message.objects.of(harbor).exists()
    assert not Conversation.objects.of(harbor).exists()
    assert Entry.objects.of(harbor).get().args["text"] == ""


def test_a_long_list_costs_what_a_short_one_does(harbor: Any, viewer: Any) -> None:
    read_due()

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert viewer.get("/messaging/").status_code == 200
        return len(seen)

    asked()
    few = asked()
    at = clock.now()
    rows = [
        Conversation(account=harbor, number=OWN, far=f"917556{n:04d}", last_at=at)
        for n in range(120)
    ]
    Conversation.objects.of(harbor).bulk_create(rows)
    assert asked() == few


def record(ident: str, minutes: float, *, out: bool = True, text: str = "x") -> Record:
    at = int((NOW + timedelta(minutes=minutes)).timestamp())
    direction = "out" if out else "in"
    return Record(
        id=ident, key=(FAR, at), value=MessageValue(direction=direction, number=FAR, message=text)
    )


def test_records_told_twice_late_and_in_any_order_are_each_there_once(harbor: Any) -> None:
    chance = random.Random(4)
    told = [record(f"r{n}", n, out=n % 3 > 0, text=f"t{n}") for n in range(500)]
    for _ in range(40):
        first = chance.randrange(len(told))
        part = told[first : first + chance.randint(1, 120)]
        chance.shuffle(part)
        history.take_in(harbor, OWN, Kind.SMS, part)
    history.take_in(harbor, OWN, Kind.SMS, told)
    found = Message.objects.of(harbor).filter(number=OWN, far=FAR)
    assert sorted(each.ident or "" for each in found) == sorted(each.id for each in told)
    talk = Conversation.objects.of(harbor).get(number=OWN, far=FAR)
    assert (talk.last_at, talk.last_text) == (told[-1].at, "t499")


def read_to(harbor: Any, kind: str) -> None:
    feed = Feed.objects.of(harbor).filter(number=OWN, kind=kind)
    assert feed.update(covered_to=NOW + timedelta(hours=1))


def test_each_receipt_goes_to_the_newest_earlier_text_without_one(harbor: Any) -> None:
    history.take_in(harbor, OWN, Kind.SMS, [record("a", 0), record("b", 10), record("c", 20)])
    read_to(harbor, Kind.SMS)
    receipts = [
        Record(
            id=f"d{at}",
            key=("1", f"1{OWN}", int((NOW + timedelta(minutes=at)).timestamp())),
            value=MessageValue(source_number=OWN, destination_number=FAR),
        )
        for at in (11, 12, 21)
    ]
    history.take_in(harbor, OWN, Kind.DLR, receipts)
    assert not Receipt.objects.of(harbor).filter(used=True).exists(), "pictures are not read yet"
    read_to(harbor, Kind.MMS)
    history.take_in(harbor, OWN, Kind.DLR, receipts)
    found = Message.objects.of(harbor).filter(number=OWN).order_by("at")
    minutes = [each.receipt_at and (each.receipt_at - NOW).seconds // 60 for each in found]
    assert minutes == [12, 11, 21]


def test_a_history_is_read_at_its_pace(harbor: Any) -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)

    def every(kind: str, age: timedelta | None, *, watched: bool = False) -> timedelta | None:
        last = None if age is None else NOW - age
        return pace.interval(kind, NOW, watched=watched, last_at=last, waiting=None)

    assert every("sms", hour) == timedelta(minutes=5)
    assert every("sms", 3 * day) == hour
    assert every("sms", 40 * day) == day
    assert every("mms", hour) == timedelta(minutes=20)
    assert every("sms", None, watched=True) == timedelta(seconds=15)
    assert every("dlr", hour) is None


def test_receipts_are_asked_for_five_times_after_a_text(harbor: Any) -> None:
    at, looks = NOW, []
    while (
        wait := pace.interval("dlr", at, watched=False, last_at=None, waiting=NOW)
    ) is not None and len(looks) < 20:
        at += wait
        looks.append(at - NOW)
    assert looks == list(pace.AFTER_TEXT)


def test_a_failed_history_waits_longer_each_time_and_says_so(
    harbor: Any, viewer: Any, sandbox: Any
) -> None:
    feed = Feed.objects.of(harbor).get(number=OWN, kind=Kind.SMS)
    sandbox.fault("messageHistory", "status", times=None, status=502)
    waits, said = list[int](), list[str]()
    for _ in range(3):
        assert not feeds.read(feed.pk, if_due=False)
        feed.refresh_from_db()
        assert feed.next_at
        waits.append(round((feed.next_at - clock.now()).total_seconds() / 60))
        said.append(feed.failed)
    assert waits == [1, 2, 4]
    assert said[0] == "VoiceTel's answer couldn't be read."


def test_a_stranger_sees_nothing_of_a_conversation(harbor: Any, cast: Any, sign_in: Any) -> None:
    read_due()
    stranger = sign_in(cast.stranger)
    assert stranger.get(TALK).status_code == 404
    assert "(917) 555-0142" not in words(stranger.get("/messaging/?q=appointment"))
    assert stranger.get("/messaging/campaigns/CHARBR1/").status_code == 404
