"""Types of authentication: what VoiceTel's numbers and words mean.

The numbers mean other things in other releases of VoiceTel's, so its words decide what is in force.
"""

from dataclasses import dataclass
from enum import Enum

from apps.trunking.models import AuthWord

# What the document of 2.2.10 says of each number. Shown as not confirmed until an answer says so.
DOCUMENT = {
    0: "Digest",
    1: "IP Auth",
    2: "Digest OR IP Auth",
    3: "Digest AND IP Auth",
}


class Kind(Enum):
    """What lets a call in."""

    DIGEST = "digest"
    IP = "ip"
    LAX = "lax"
    STRICT = "strict"
    UNKNOWN = "unknown"

    @property
    def title(self) -> str:
        return TITLES[self]

    @property
    def about(self) -> str:
        return ABOUT[self]

    @property
    def uses_list(self) -> bool:
        """Whether the access list counts."""
        return self in {Kind.IP, Kind.LAX, Kind.STRICT}

    @property
    def uses_password(self) -> bool:
        return self in {Kind.DIGEST, Kind.LAX, Kind.STRICT}

    @property
    def registers(self) -> bool | None:
        """Whether a device can register, so that numbers follow it; None: not known."""
        return None if self is Kind.UNKNOWN else self is not Kind.IP


TITLES = {
    Kind.DIGEST: "Digest",
    Kind.IP: "IP",
    Kind.LAX: "Lax",
    Kind.STRICT: "Strict",
    Kind.UNKNOWN: "Not known",
}
ABOUT = {
    Kind.DIGEST: "Username and password",
    Kind.IP: "A listed address only",
    Kind.LAX: "Password, or a listed address",
    Kind.STRICT: "Password and a listed address",
    Kind.UNKNOWN: "We don't know these words of VoiceTel's",
}


def kind_of(words: str) -> Kind:
    """What VoiceTel's words for a type mean."""
    said = set(words.lower().replace("/", " ").replace("-", " ").replace(",", " ").split())
    digest, address = bool(said & {"digest", "password"}), bool(said & {"ip", "acl", "address"})
    if digest and address and "or" in said:
        return Kind.LAX
    if digest and address and said & {"and", "+", "plus", "with"}:
        return Kind.STRICT
    if digest and not address:
        return Kind.DIGEST
    if address and not digest:
        return Kind.IP
    return Kind.UNKNOWN


@dataclass(frozen=True, slots=True)
class AuthType:
    """A type that can be chosen. confirmed: VoiceTel has used these words for this number."""

    number: int
    words: str
    confirmed: bool

    @property
    def kind(self) -> Kind:
        return kind_of(self.words)


def list_types() -> list[AuthType]:
    """The four types, each with the words that VoiceTel last used for its number."""
    seen = dict(AuthWord.objects.values_list("number", "words"))
    return [
        AuthType(number, seen.get(number) or words, number in seen)
        for number, words in DOCUMENT.items()
    ]


def words_of(number: int | None) -> str:
    """VoiceTel's words for a type's number, as far as they are known."""
    if number is None:
        return "not known"
    seen = AuthWord.objects.filter(number=number).values_list("words", flat=True).first()
    return seen or DOCUMENT.get(number) or f"type {number}"
