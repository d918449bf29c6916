"""What emails say: plain words, a link that works where it is read, and a button that says what it
does.
"""

import re

import pytest

from apps.accounts.arriving import letters
from apps.accounts.signing_in import sweeps
from apps.notifications.kinds import KINDS, words
from apps.notifications.services import tell
from apps.notifications.sweeps import send_mails
from tests.notifications.told import FACTS

# as whole words, in any case
BANNED = (
    *("whom", "somebody", "works no more", "by itself", "look again", "e-mail", "second step"),
    *("leave it", "in all", "abroad", "need not", "anew", "is so", "stands in", "no more"),
    *("journal", "notices", "withdraw", "was not you", "mailed"),
)
FOUND = re.compile(rf"\b(?:{'|'.join(BANNED)})\b", re.IGNORECASE)
VAGUE = ("See ", "Look", "Open it", "Decide")


def texts() -> dict[str, tuple[str, str, str]]:
    """Subject, paragraphs and button of every notification and letter."""
    told = {}
    for name, kind in KINDS.items():
        said = words(name, {fact: fact for fact in FACTS})
        told[name] = (said.subject, " ".join(said.paragraphs), kind.label)
    for name, letter in letters.KINDS.items():
        told[name] = (letter.subject, " ".join(letter.paragraphs), letter.label)
    told["recovery"] = (sweeps.SUBJECT, " ".join(sweeps.PARAGRAPHS), "Reset password")
    return told


@pytest.mark.parametrize("name", sorted(texts()))
def test_an_email_is_in_plain_words(name):
    said = texts()[name]
    assert not FOUND.findall(" ".join(said)), said
    assert not said[2].startswith(VAGUE)
    for sentence in re.split(r"(?<=[.?!]) ", said[1]):
        assert len(sentence.split()) <= 32, sentence


@pytest.mark.parametrize("name", sorted(texts()))
def test_a_place_that_an_email_sends_people_to_is_a_whole_link(name):
    for path in re.findall(r"\S*/recover/", " ".join(texts()[name])):
        assert path == "http://localhost:8000/recover/"


def test_an_email_about_a_password_links_to_where_it_is_reset(cast, mailoutbox):
    tell(cast.owner, "security", what="Your portal password was changed", where="in Firefox")
    send_mails()
    (mail,) = mailoutbox
    assert "http://localhost:8000/recover/" in mail.body
    assert "http://localhost:8000/recover/" in mail.alternatives[0][0]
