"""`manage.py probe`: every look that costs nothing, at a real account, and how each answer differs
from what we believe of it.

The key comes from VOICETEL_PROBE_KEY or is asked for; or username and password, from
VOICETEL_PROBE_USERNAME and VOICETEL_PROBE_PASSWORD or asked for, whose exchange spends a call of
the hour and so wants --limited.
"""

import json
import os
import sys
from getpass import getpass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import import_string

from apps.voicetel.client import BY_ID, Client, Refused, Retry, VoiceTelError
from apps.voicetel.client.listening import ListeningTransport
from apps.voicetel.hour.meter import Meter
from apps.voicetel.probe import differences
from apps.voicetel.probe.rounds import Rounds

NOTHING_THERE = (404, 409)  # answers like any other; every other refusal of a look is worth a line


class Command(BaseCommand):
    help = (
        "Compares the live service's answers with the provider's document; reads only, and never"
        " what is limited unless asked to"
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own shape)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--url", default=settings.VOICETEL_URL, help="base URL (default: VOICETEL_URL)"
        )
        parser.add_argument(
            "--openapi",
            default=os.environ.get("VOICETEL_OPENAPI", ""),
            help="the provider's document (VOICETEL_OPENAPI)",
        )
        parser.add_argument(
            "--limited", action="store_true", help="also the calls that spend the six of the hour"
        )
        parser.add_argument(
            "--username",
            default=os.environ.get("VOICETEL_PROBE_USERNAME", ""),
            help="exchange a password for the key",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        document = read(options["openapi"]) if options["openapi"] else None
        transport = ListeningTransport(
            options["url"], adapter=adapter(), meter=Meter("owners") if options["limited"] else None
        )
        client = Client(transport, self.key(transport, options))
        rounds, found, asked = Rounds(client), 0, set[str]()
        for name, look in rounds.looks(limited=options["limited"]):
            lines = []
            try:
                rounds.took[name] = look()
            except Refused as no:
                lines = (
                    [f"{name} {no.status}: {no.message}"] if no.status not in NOTHING_THERE else []
                )
            except VoiceTelError as error:
                lines = [f"{name}: {error.message}"]
            lines += [line for heard in transport.heard for line in differences.of(heard, document)]
            transport.heard.clear()
            asked.add(name)
            found += len(lines)
            for line in lines:
                self.stdout.write(line)
        self.summary(asked, found, "the provider's document" if document else "our records")
        if found:
            sys.exit(1)

    def key(self, transport: ListeningTransport, options: dict[str, Any]) -> str:
        """The account's key. Raises CommandError without one."""
        if not options["username"]:
            return os.environ.get("VOICETEL_PROBE_KEY", "") or getpass("API key: ").strip()
        if not options["limited"]:
            raise CommandError(
                "an exchange of a password spends one of the hour's six calls: say --limited, or"
                " give the key"
            )
        password = os.environ.get("VOICETEL_PROBE_PASSWORD", "") or getpass("VoiceTel password: ")
        try:
            return Client(transport).account.exchange_key(options["username"], password)
        except VoiceTelError as error:
            raise CommandError(f"the exchange of the password failed: {error.message}") from error

    def summary(self, asked: set[str], found: int, against: str) -> None:
        left = sorted(
            row.id for row in BY_ID.values() if row.method == "GET" and row.id not in asked
        )
        charging = [name for name in left if BY_ID[name].retry is not Retry.SAFE]
        limited = [name for name in left if BY_ID[name].pool]
        nothing = [name for name in left if name not in (*charging, *limited)]
        for why, names in (
            ("they charge", charging),
            ("limited", limited),
            ("nothing there to ask about", nothing),
        ):
            if names:
                self.stdout.write(f"not asked, {why}: {', '.join(names)}")
        self.stdout.write(
            f"probe: {len(asked)} operations asked, {found} differences from {against}"
        )


def adapter() -> Any:
    """Where requests go instead of sockets: tests name the sandbox."""
    return import_string(settings.VOICETEL_ADAPTER)() if settings.VOICETEL_ADAPTER else None


def read(path: str) -> dict[str, Any]:
    try:
        document = json.loads(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        raise CommandError(f"the document cannot be read: {error}") from error
    if not isinstance(document, dict) or "paths" not in document:
        raise CommandError(f"{path} is no OpenAPI document")
    return document
