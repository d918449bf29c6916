"""What is only for staff reaches no customer: not on a page, not in a fragment, a file, a search or
the journal.
"""

from typing import Any

import pytest

from apps.copies.services import look
from apps.sandbox.models import Thread as Theirs
from apps.sandbox.models import Ticket as TheirTicket
from apps.support import sources
from apps.support.models import Message, Ticket
from apps.support.services import singles
from apps.voicetel.client.records.support import Thread

PLANTED = ("plantednote", "planteddraft", "plantedsystem", "plantedunknown", "plantedmaildraft")
# what the sandbox's help desk says in fields that no customer may see: the customer's notes, bcc,
# the agent's last name and address, custom fields
FIELDS = ("Pays late", "archive@support", "Reyes", "dana@support", "Priority")
PUBLIC = "plantedanswer"


@pytest.fixture
def planted(cast: Any, sandbox: Any) -> Ticket:
    """Harbor's open ticket with a thread of each kind, each with a word of its own."""
    theirs = TheirTicket.objects.get(subject__startswith="One-way audio")
    for kind, word, draft in (
        ("note", "plantednote", False),
        ("message", "planteddraft", True),
        ("customer", "plantedmaildraft", True),
        ("lineitem", "plantedsystem", False),
        ("whisper", "plantedunknown", False),
        ("message", PUBLIC, False),
    ):
        Theirs.objects.create(
            ticket=theirs, type=kind, body=f"<p>{word}</p>", at=theirs.at + 60, draft=draft
        )
    TheirTicket.objects.filter(pk=theirs.pk).update(updated_at=theirs.at + 60)
    return read(cast, theirs.pk)


def read(cast: Any, ticket: int) -> Ticket:
    look(cast.harbor, sources.tickets)
    singles.refresh(cast.harbor, ticket)
    return Ticket.objects.of(cast.harbor).get(ticket=ticket)


def everything_shown(browser: Any, row: Ticket) -> str:
    """All that a customer can open of it, in one text."""
    found = []
    for address in (
        "/support/",
        "/support/export.csv",
        f"/support/{row.ticket}/",
        f"/support/{row.ticket}/talk/",
        "/",
        "/search/?q=planted",
        "/settings/audit/",
        "/notifications/",
    ):
        fragment = {"HX-Request": "true"} if address.endswith("talk/") else {}
        answer = browser.get(address, headers=fragment)
        assert answer.status_code in {200, 286}, address
        content = answer.streaming_content if answer.streaming else [answer.content]
        found.append(b"".join(content).decode())
    return "\n".join(found).replace('value="planted"', "").replace("“planted”", "")


def leaks(text: str) -> set[str]:
    return {word for word in (*PLANTED, *FIELDS) if word in text}


def test_no_word_of_the_inside_is_shown_to_a_customer(
    cast: Any, planted: Ticket, sign_in: Any
) -> None:
    text = everything_shown(sign_in(cast.owner), planted)
    assert PUBLIC in text
    assert leaks(text) == set()


def test_no_word_of_the_inside_is_in_the_customers_tables(planted: Ticket) -> None:
    kept = str(list(Message.objects.filter(ticket=planted).values()))
    kept += str(list(Ticket.objects.across_accounts().values()))
    assert PUBLIC in kept
    assert leaks(kept) == set()


def test_control_without_the_filter_every_planted_word_shows(
    cast: Any, planted: Ticket, sign_in: Any, monkeypatch: Any
) -> None:
    """The words are where the test above looks for them."""
    monkeypatch.setattr(Thread, "public", property(lambda self: True))
    monkeypatch.setattr(Message, "Kind", lambda kind: kind)
    Message.Kind.CUSTOMER, Message.Kind.SUPPORT = "customer", "message"
    Message.objects.all().delete()
    TheirTicket.objects.filter(pk=planted.ticket).update(
        updated_at=planted.updated_at.timestamp() + 9
    )
    text = everything_shown(sign_in(cast.owner), read(cast, planted.ticket))
    assert leaks(text) == set(PLANTED)
