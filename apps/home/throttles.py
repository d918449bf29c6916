"""The table of throttles in docs/security.md, made from the limits themselves (`manage.py throttles`)."""

from datetime import timedelta

from apps.accounts import connect, invitations, throttle
from apps.accounts.throttle import Limit
from apps.team.selectors import TRIES

START, END = "<!-- throttles -->", "<!-- end of throttles -->"
DAY = timedelta(days=1)

# name: what is counted, and how who is in the right gets on all the same.
WORDS: dict[str, tuple[str, str]] = {
    "browser": ("wrong passwords for one person in a browser that they know", "waits; a link by mail"),
    "network": (
        "wrong passwords from one address (a /64 of IPv6) in browsers that nobody knows",
        "a browser known to them; another network",
    ),
    "name": ("wrong passwords for one person in browsers that they do not know", "a browser known to them; a link by mail makes one known"),
    "code_browser": ("wrong codes of one person in a browser that they know", "waits"),
    "code": ("wrong codes of one person, by who has the password, in browsers that they do not know", "a browser known to them"),
    "confirm": ("wrong passwords and set-up codes of a signed-in person", "waits; other pages stay open"),
    "recover": ("links for a new password asked for from one network", "another network; one link suffices"),
    "letter": ("such links mailed to one person", "the one that lies in their mail"),
    "connect_links": ("links to connect an account asked for from one network", "another network; one link suffices"),
    "connect_mails": ("such links mailed to one address", "the ones that lie in their mail"),
    "connect_address": (
        "VoiceTel passwords, or API keys, tried by one confirmed address",
        "the other of the two; signing in is not concerned",
    ),
    "connect_name": ("VoiceTel passwords tried for one account number", "an API key; owners reconnect at /settings/keys/"),
    "connect_network": (
        "VoiceTel passwords, or API keys, tried from one /24 or /48",
        "the other of the two; owners reconnect at /settings/keys/",
    ),
    "invitations": ("invitations sent by one account", "members of old are not concerned"),
}


def limits() -> list[Limit]:
    return [*throttle.LIMITS, *connect.LIMITS, invitations.PER_DAY]


def table() -> str:
    """Markdown, a row a throttle. Raises KeyError for one that has no words here."""
    rows = [(f"`{each.name}`", WORDS[each.name][0], each.most, span(each.within), WORDS[each.name][1]) for each in limits()]
    rows.append(
        (
            "reconnecting",
            "VoiceTel passwords, or API keys, refused for one account at /settings/keys/",
            TRIES,
            span(DAY),
            "the other of the two",
        )
    )
    head = "| throttle | what is counted | at most | within | who is in the right |\n|---|---|---|---|---|"
    return "\n".join([head, *(f"| {' | '.join(str(cell) for cell in row)} |" for row in rows)])


def span(within: timedelta) -> str:
    """`a day`, `15 minutes`, `an hour`."""
    if within == DAY:
        return "a day"
    minutes = int(within.total_seconds()) // 60
    return "an hour" if minutes == 60 else f"{minutes} minutes"


def put_into(document: str) -> str:
    """The document with the table of today between its two marks."""
    before, rest = document.split(START)
    return f"{before}{START}\n{table()}\n{END}{rest.split(END)[1]}"
