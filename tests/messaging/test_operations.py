"""Each operation through its page; what the sandbox has afterwards is what counts."""

from typing import Any

from apps.changes.states import State
from apps.copies.services import look
from apps.messaging import sources
from apps.messaging.models import Brand, Campaign, Conversation, Feed, Kind, Message, TextState
from apps.messaging.services import feeds
from apps.messaging.sweeps import read_due
from apps.notifications.models import Notice
from apps.sandbox.models import Brand as TheirBrand
from apps.sandbox.models import Campaign as TheirCampaign
from apps.sandbox.models import Message as Theirs
from apps.sandbox.models import Number
from apps.voicetel import clock
from tests.messaging.conftest import FAR, OWN, newest
from tests.pages import words

OTHER = "2015550113"  # can text too


def read_all(account: Any) -> None:
    """Every history of the account's, as far back as it is read unasked."""
    for _ in range(8):
        if not read_due():
            return


def test_a_history_becomes_conversations(harbor: Any, manager: Any) -> None:
    read_all(harbor)
    talk = Conversation.objects.of(harbor).get(number=OWN, far=FAR)
    told = Message.objects.of(harbor).filter(number=OWN, far=FAR).order_by("at")
    assert [each.out for each in told] == [True, False, True, False, True]
    assert talk.last_text == "Of course: we have kept the chair beside yours."
    page = words(manager.get("/messaging/"))
    assert "(917) 555-0142" in page
    assert "You: Of course: we have kept the chair beside yours." in page
    thread = words(manager.get(f"/messaging/{OWN}/{FAR}/"))
    assert "Can my son come at the same time?" in thread
    assert "Sent with another program" in thread
    assert "elivered" not in thread


def test_a_message_is_sent_once_for_the_price_that_was_shown(
    harbor: Any, manager: Any, post: Any, changes: Any
) -> None:
    read_all(harbor)
    before = Theirs.objects.filter(direction="out").count()
    path = f"/messaging/{OWN}/{FAR}/"
    first = post(path, text="See you at 3.")
    assert first.status_code == 422
    assert "1 segment, $0.0075 at most" in words(first)
    assert Theirs.objects.filter(direction="out").count() == before
    answer = post(path, text="See you at 3.", again=True)
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    entry = newest(harbor)
    assert (entry.state, entry.price, entry.charged) == (State.DONE, 7500, 7500)
    sent = Theirs.objects.filter(direction="out").order_by("-at", "-pk").first()
    assert sent is not None
    assert Theirs.objects.filter(direction="out").count() == before + 1
    row = Message.objects.of(harbor).get(entry=entry)
    assert (row.sent_id, row.parts, row.text, row.ident) == (sent.pk, 1, "See you at 3.", None)
    assert "See you at 3." in words(manager.get(path))


def test_a_new_message_begins_a_conversation(harbor: Any, post: Any, changes: Any) -> None:
    data = {"number": OWN, "to": "(917) 555-0177", "text": "Hello"}
    answer = post("/messaging/new/", again=True, **data)
    assert answer.status_code == 303, words(answer)
    assert answer.headers["Location"] == f"/messaging/{OWN}/9175550177/"
    assert Theirs.objects.filter(far="9175550177", text="Hello").count() == 1
    assert Conversation.objects.of(harbor).get(far="9175550177").last_text == "Hello"


def test_every_number_has_a_verdict(harbor: Any, viewer: Any) -> None:
    assert TextState.objects.of(harbor).count() == 24
    page = words(viewer.get("/messaging/numbers/"))
    assert "8 of 24 numbers can text." in page
    assert "Texting is off" in page
    file = viewer.get("/messaging/numbers/export.csv?account=1000000001")
    assert b"2015550110" in b"".join(file.streaming_content)


def test_one_number_is_read_when_its_page_opens(
    harbor: Any, viewer: Any, messages: Any, sandbox: Any
) -> None:
    Number.objects.filter(pk=OWN).update(campaign="", carrier=0)
    TextState.objects.of(harbor).filter(number=OWN).update(read_at="2026-01-01T00:00Z")
    assert "Yes" in words(viewer.get(f"/messaging/numbers/{OWN}/"))
    messages.run()
    assert "No campaign is assigned" in words(viewer.get(f"/messaging/numbers/{OWN}/"))


def test_routes_are_changed_and_brought_back(harbor: Any, post: Any, changes: Any) -> None:
    path = f"/messaging/numbers/{OWN}/"
    assert post(path, inbound="7003").status_code == 303
    assert Number.objects.get(pk=OWN).route_in == 7003
    assert TextState.objects.of(harbor).get(number=OWN).route_in == 7003
    undo = post(f"/changes/{newest(harbor).pk}/undo/", form=path)
    assert undo.status_code == 303
    assert Number.objects.get(pk=OWN).route_in == 7000
    nothing = post(path, inbound="7000")
    assert "Choose another route first." in words(nothing)


def test_the_number_page_has_the_routes_as_a_part(harbor: Any, viewer: Any) -> None:
    part = viewer.get(f"/messaging/numbers/{OWN}/", HTTP_HX_REQUEST="true")
    assert b'id="messaging-number"' in part.content
    assert b"<html" not in part.content


def test_a_brand_is_registered(harbor: Any, manager: Any, post: Any, changes: Any) -> None:
    answer = post("/messaging/brands/", brand="bNEW1", name="Harbor Dental LLC")
    assert answer.status_code == 303
    assert TheirBrand.objects.filter(brand="BNEW1", name="Harbor Dental LLC").count() == 1
    assert Brand.objects.of(harbor).get(brand="BNEW1").name == "Harbor Dental LLC"
    assert "Harbor Dental LLC" in words(manager.get("/messaging/brands/"))


def test_a_campaign_is_registered_and_followed(
    harbor: Any, cast: Any, manager: Any, post: Any, changes: Any, sandbox: Any
) -> None:
    post("/messaging/brands/", brand="BNEW1", name="Harbor Dental LLC")
    data = {"campaign": "CNEW001", "brand": "BNEW1", "description": "Reminders"}
    answer = post("/messaging/campaigns/new/", **data)
    assert answer.headers["Location"] == "/messaging/campaigns/CNEW001/"
    assert TheirCampaign.objects.get(pk="CNEW001").brand == "BNEW1"
    post("/messaging/campaigns/refresh/", form="/messaging/campaigns/")
    look(harbor, sources.campaigns)
    assert Campaign.objects.of(harbor).get(campaign="CNEW001").status == "CAMPAIGN_PENDING_DCA"
    assert "reviewing this campaign" in words(manager.get("/messaging/campaigns/CNEW001/"))
    sandbox.advance(3 * 86_400)
    look(harbor, sources.campaigns)
    page = words(manager.get("/messaging/campaigns/CNEW001/"))
    assert "This campaign is accepted." in page
    told = Notice.objects.of(cast.manager).values_list("kind", flat=True)
    assert list(told) == ["campaign_accepted"]
    assert not Notice.objects.of(cast.viewer).exists()
    assert "CAMPAIGN_PENDING_DCA" in page, "the history keeps the word"


def test_a_campaign_seen_on_a_number_is_known(harbor: Any, viewer: Any) -> None:
    known = Campaign.objects.of(harbor).get(campaign="CHARBR1")
    assert (known.known, known.status) == ("seen", "CAMPAIGN_DCA_COMPLETE")
    assert "CHARBR1" in words(viewer.get("/messaging/campaigns/"))


def test_a_number_is_assigned_and_taken_off(harbor: Any, post: Any, changes: Any) -> None:
    page, free = "/messaging/campaigns/CHARBR1/", "2015550111"
    assert post(f"{page}assign/", form=page, number=free).status_code == 303
    assert Number.objects.get(pk=free).campaign == "CHARBR1"
    assert TextState.objects.of(harbor).get(number=free).campaign == "CHARBR1"
    asked = post(f"{page}unassign/", form=page, number=free)
    assert "can't text without a campaign" in words(asked)
    assert Number.objects.get(pk=free).campaign == "CHARBR1"
    assert post(f"{page}unassign/", form=page, number=free, again=True).status_code == 303
    assert newest(harbor).kind == "UnassignCampaign"
    assert Number.objects.get(pk=free).campaign == ""


def test_several_numbers_are_taken_off_by_one_call(
    harbor: Any, post: Any, changes: Any, sandbox: Any
) -> None:
    page = "/messaging/campaigns/CHARBR1/"
    Number.objects.filter(pk=OTHER).update(campaign="")  # elsewhere, meanwhile
    answer = post(f"{page}unassign/", form=page, number=[OWN, OTHER], again=True)
    entry = newest(harbor)
    assert answer.headers["Location"] == f"/changes/{entry.pk}/"
    assert (entry.kind, entry.state) == ("UnassignNumbers", State.PARTLY)
    assert sorted(entry.items.values_list("subject", "state")) == [
        (OWN, State.DONE),
        (OTHER, State.REFUSED),
    ]
    assert Number.objects.get(pk=OWN).campaign == ""
    assert TextState.objects.of(harbor).get(number=OWN).campaign == ""


def test_receipts_are_read_and_never_called_delivery(
    harbor: Any, manager: Any, post: Any, changes: Any, sandbox: Any
) -> None:
    read_all(harbor)
    path = f"/messaging/{OWN}/{FAR}/"
    post(path, text="Your receipt", again=True)
    sandbox.advance(600)
    clock.advance(600)
    manager.get(path)
    for feed in Feed.objects.of(harbor).filter(number=OWN).order_by("-kind"):
        feeds.read(feed.pk, if_due=False)
    for feed in Feed.objects.of(harbor).filter(number=OWN, kind=Kind.DLR):
        feeds.read(feed.pk, if_due=False)
    row = Message.objects.of(harbor).get(text="Your receipt")
    assert row.ident
    assert row.receipt_at
    thread = words(manager.get(path))
    assert "Receipt seen" in thread
    assert "elivered" not in thread
