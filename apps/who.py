"""How pages and emails name a person.

People choose their names and may share them, so a name alone doesn't prove who did something. The
email address does.
"""

import re
import unicodedata

from apps.text import folded

# Letters of other scripts that look like Latin ones, and digits that stand for letters.
LOOKALIKES = str.maketrans("аеіјорсухԁѵӏαεικνορτυχ01|", "aeijopcyxdvlaeikvoptuxoll")
SITE = re.compile(
    r"://|\bwww\.|\.(?:com|net|org|info|biz|io|co|us|ca|app|dev|link|xyz|test|example)\b"
)
LIKE_ADDRESS = "A name can't contain an email or web address."
LIKE_PROVIDER = "A name can't contain “VoiceTel”. Enter the name that your coworkers know you by."


class NotAName(ValueError):
    """People can't be called this. Its words are for the person who typed it."""


def with_address(name: str, email: str) -> str:
    """Return "Ruth Okafor (ruth@example.com)"; the one alone where the other is missing."""
    return f"{name} ({email})" if name and email and name != email else name or email


def is_of_one_script(name: str) -> bool:
    """Return whether all letters belong to one script, so that none poses as another one's."""
    scripts = {
        unicodedata.name(letter, "").partition(" ")[0] for letter in name if letter.isalpha()
    }
    return len(scripts) < 2


def check_name(name: str) -> None:
    """Raise NotAName for a name that poses as an address, a link or the provider."""
    plain = folded(unicodedata.normalize("NFKC", name))
    if "@" in plain or SITE.search(plain):
        raise NotAName(LIKE_ADDRESS)
    letters = "".join(each for each in plain.translate(LOOKALIKES) if each.isalnum())
    if "voicetel" in letters:
        raise NotAName(LIKE_PROVIDER)
