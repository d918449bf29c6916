"""`manage.py clock --advance SECONDS`: moves the sandbox's clock and the portal's due times and
hour together.
"""

import json
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.voicetel import clock
from apps.voicetel.hour import budget

SECONDS = 5  # of patience with the sandbox


class Command(BaseCommand):
    help = "Moves the sandbox's clock and ours on together; refused against anything but a sandbox"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--advance", type=float, required=True, metavar="SECONDS")

    def handle(self, *args: Any, **options: Any) -> None:
        seconds: float = options["advance"]
        if not settings.LOCAL:
            raise CommandError(
                "refused: this is production (neither DEMO nor DEBUG is set), and its clock is"
                " everybody's"
            )
        if not 0 <= seconds < float("inf"):
            raise CommandError("refused: SECONDS must be 0 or more; a clock goes forward only")
        since = clock.now()
        # first: if we die here, our hour is behind the provider's, never ahead
        move_sandbox(settings.VOICETEL_URL, seconds)
        budget.jump(seconds, since)
        self.stdout.write(f"clock: {seconds:g} s on, the sandbox's and ours")


def move_sandbox(url: str, seconds: float) -> None:
    """POST /_sandbox/clock.

    Raises CommandError where there is no sandbox: nothing has moved then.
    """
    body = json.dumps({"advance": seconds}).encode()
    request = Request(  # noqa: S310 - the address is checked in settings
        f"{url}/_sandbox/clock", body, {"Content-Type": "application/json"}, method="POST"
    )
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=SECONDS) as answer:
            answer.read()
    except (URLError, OSError) as error:
        raise CommandError(
            f"refused: there is no sandbox at {url} (VOICETEL_URL): {error}"
        ) from error
