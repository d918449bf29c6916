"""Can a number text? Five links, the first missing one in a sentence. Pure."""

from dataclasses import dataclass
from enum import StrEnum

TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888"})
ACCEPTED = frozenset(
    {"ACTIVE", "CAMPAIGN_DCA_COMPLETE", "CAMPAIGN_DCA_COMPLETE_NO_NUMBERS_ASSIGNED"}
)
IN_REVIEW = frozenset({"PENDING", "CAMPAIGN_PENDING_DCA"})
STOPPED = frozenset({"SUSPENDED", "EXPIRED", "CAMPAIGN_DCA_REJECTED", "REJECTED"})
UNKNOWN = frozenset({"CAMPAIGN_INVALID_ID"})


class Link(StrEnum):
    """A link of the chain by which a number may text, in its order; YES: none is missing."""

    SERVICE = "service"
    ROUTE = "route"
    CAMPAIGN = "campaign"
    REVIEW = "review"
    STOPPED = "stopped"
    ENABLED = "enabled"
    YES = ""


WORDS: dict[Link, str] = {
    Link.SERVICE: "Texting is off for this account",
    Link.ROUTE: "Texting is off",
    Link.CAMPAIGN: "No campaign is assigned",
    Link.REVIEW: "The campaign isn't accepted yet",
    Link.STOPPED: "The campaign isn't active",
    Link.ENABLED: "VoiceTel says no, without a reason",
    Link.YES: "Yes",
}
TONES: dict[Link, str] = {
    Link.SERVICE: "neutral",
    Link.ROUTE: "neutral",
    Link.CAMPAIGN: "warn",
    Link.REVIEW: "info",
    Link.STOPPED: "bad",
    Link.ENABLED: "bad",
    Link.YES: "good",
}
MENDING: dict[Link, str] = {
    Link.SERVICE: "Ask VoiceTel to turn on messaging for your account.",
    Link.ROUTE: "Choose where its inbound messages go.",
    Link.CAMPAIGN: "Assign the number to a campaign.",
    Link.REVIEW: "Wait for the mobile carriers. We check and tell you.",
    Link.STOPPED: "Look at the campaign, then ask VoiceTel about it.",
    Link.ENABLED: "Everything we can see is there. Ask VoiceTel why.",
    Link.YES: "",
}
STEPS = (Link.SERVICE, Link.ROUTE, Link.CAMPAIGN, Link.REVIEW, Link.ENABLED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a number can text. link: the first that is missing."""

    link: Link

    @property
    def yes(self) -> bool:
        return self.link is Link.YES

    @property
    def words(self) -> str:
        return WORDS[self.link]

    @property
    def tone(self) -> str:
        return TONES[self.link]

    @property
    def mending(self) -> str:
        return MENDING[self.link]

    @property
    def dots(self) -> tuple[str, ...]:
        """Of each of the five links: "yes", "missing" or "later", as nothing after the first
        missing one is judged.
        """
        if self.yes:
            return ("yes",) * len(STEPS)
        at = STEPS.index(Link.REVIEW if self.link is Link.STOPPED else self.link)
        return ("yes",) * at + ("missing",) + ("later",) * (len(STEPS) - at - 1)


def link_of(number: str, *, route_in: int, campaign: str, status: str, enabled: bool) -> Link:
    """The first link that a number itself lacks, whatever the account's service says.

    A toll-free number needs no campaign.
    """
    if not route_in:
        return Link.ROUTE
    if number[:3] not in TOLL_FREE:
        if not campaign:
            return Link.CAMPAIGN
        if status in STOPPED | UNKNOWN:
            return Link.STOPPED
        if status not in ACCEPTED:
            return Link.REVIEW
    return Link.YES if enabled else Link.ENABLED


def verdict(link: str, *, service: bool) -> Verdict:
    """service: whether the account's messaging is on."""
    return Verdict(Link(link) if service else Link.SERVICE)


def status_tone(status: str) -> str:
    """The tone of a campaign's status word; a word we don't know is neutral."""
    for words, tone in (
        (ACCEPTED, "good"),
        (IN_REVIEW, "info"),
        (STOPPED, "bad"),
        (UNKNOWN, "warn"),
    ):
        if status in words:
            return tone
    return "neutral"


def status_words(status: str) -> str:
    """A campaign's status as people read it; the word itself where we don't know it."""
    if status in ACCEPTED:
        return "Accepted"
    if status in IN_REVIEW:
        return "In review"
    known = {
        "CAMPAIGN_DCA_REJECTED": "Rejected",
        "REJECTED": "Rejected",
        "SUSPENDED": "Suspended",
        "EXPIRED": "Expired",
        "CAMPAIGN_INVALID_ID": "Not known to VoiceTel",
        "": "Not read yet",
    }
    return known.get(status, status)
