"""`manage.py throttles [--write]`: the table of throttles in docs/security.md, made from the limits
themselves; --write renews it there.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from apps.accounts import reconnect
from apps.accounts.arriving import connect, invitations
from apps.accounts.signing_in import throttle
from apps.accounts.signing_in.throttle import Limit

START, END = "<!-- throttles -->", "<!-- end of throttles -->"
DAY = timedelta(days=1)

# name: what is counted, and how who is in the right gets on all the same.
WORDS: dict[str, tuple[str, str]] = {
    "browser": (
        "wrong passwords for one person in a browser that they know",
        "waits; a link by mail",
    ),
    "network": (
        "wrong passwords from one address (a /64 of IPv6) in browsers that nobody knows",
        "a browser known to them; another network",
    ),
    "name": (
        "wrong passwords for one name, as typed, in browsers that do not know its person",
        "a browser known to them; a link by mail makes one known",
    ),
    "person": (
        "the same for one person, under their address and all their account numbers",
        "likewise",
    ),
    "code_browser": ("wrong codes and passkeys of one person in a browser that they know", "waits"),
    "code": (
        (
            "wrong codes and passkeys of one person, by who has the password, in browsers that they"
            " do not know"
        ),
        "a browser known to them",
    ),
    "question": (
        "sign-ins with a passkey that one browser, or where it is not known one network, began",
        "the password",
    ),
    "passkey": ("passkeys refused at a sign-in, likewise", "a browser known to them; the password"),
    "confirm": (
        "wrong passwords, codes and passkeys of a signed-in person in one session of one browser",
        "signs in again: the session ended, and they are told; other sessions aren't affected",
    ),
    "recover": (
        "links for a new password asked for from one network",
        "another network; one link suffices",
    ),
    "voicetel_recover": (
        "VoiceTel's own recovery emails asked for from one network",
        "another network; VoiceTel's own page",
    ),
    "voicetel_address": (
        "such emails for one address, known there or not",
        "the email that they got",
    ),
    "letter": (
        "such links emailed to one person; asked for in a browser that they signed in with, apart",
        "the link that they got; their own browser",
    ),
    "letters": ("likewise", "their own browser; then one link whenever the last has expired"),
    "letter_late": ("such links beyond those of the day", "the link that they got still works"),
    "connect_links": (
        "links to connect an account asked for from one network",
        "another network; one link suffices",
    ),
    "connect_mails": (
        "such links mailed to one address",
        "the ones that lie in their mail: they work as long",
    ),
    "connect_address": (
        "VoiceTel passwords, or API keys, tried by one confirmed address",
        "the other of the two; signing in is not concerned",
    ),
    "connect_name": (
        "VoiceTel passwords tried for one account number",
        "an API key; owners reconnect at /settings/keys/",
    ),
    "connect_network": (
        "VoiceTel passwords, or API keys, tried from one /24 or /48",
        "the other of the two; owners reconnect at /settings/keys/",
    ),
    "signup_links": (
        "links to open an account asked for from one network",
        "another network; one link suffices",
    ),
    "signup_mails": ("such links mailed to one address", "the ones that lie in their mail"),
    "signup_address": ("accounts opened by one confirmed address", "VoiceTel's own sign-up"),
    "signup_network": (
        "accounts opened from one /24 or /48",
        "another network; VoiceTel's own sign-up",
    ),
    "reconnect": (
        "VoiceTel passwords, or API keys, tried for one account at /settings/keys/",
        "the other of the two; the page says when the next may be tried",
    ),
    "renames": ("changes of one person's name", "waits"),
    "invitations": ("invitations sent by one account", "members of old are not concerned"),
    "invitations_to": (
        "invitations sent by one account to one address",
        "the link that they got; other accounts can invite them",
    ),
}


def limits() -> list[Limit]:
    return [
        *throttle.LIMITS,
        *connect.LIMITS,
        reconnect.TRIES,
        *invitations.LIMITS,
        *throttle.FURTHER,
    ]


def table() -> str:
    """Markdown, a row a throttle. Raises KeyError for one that has no words here."""
    rows = [
        (f"`{each.name}`", WORDS[each.name][0], each.most, span(each.within), WORDS[each.name][1])
        for each in limits()
    ]
    head = (
        "| throttle | what is counted | at most | within | who is in the right"
        " |\n|---|---|---|---|---|"
    )
    return "\n".join([head, *(f"| {' | '.join(str(cell) for cell in row)} |" for row in rows)])


def span(within: timedelta) -> str:
    """`a day`, `15 minutes`, `an hour`, `2 hours`."""
    if within == DAY:
        return "a day"
    hours, minutes = divmod(int(within.total_seconds()) // 60, 60)
    if minutes:
        return f"{hours * 60 + minutes} minutes"
    return "an hour" if hours == 1 else f"{hours} hours"


def put_into(document: str) -> str:
    """The document with the table of today between its two marks."""
    before, rest = document.split(START)
    return f"{before}{START}\n{table()}\n{END}{rest.split(END)[1]}"


class Command(BaseCommand):
    help = "Prints every throttle with its number. --write: renew the table in docs/security.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["write"]:
            self.stdout.write(table())
            return
        file = settings.BASE_DIR / "docs" / "security.md"
        file.write_text(put_into(file.read_text()))
