"""`manage.py sandbox --port 8090 --data DIR`: the provider alone, until SIGTERM or Ctrl-C."""

import signal
import sys
import threading
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from apps.sandbox import verbs
from apps.sandbox.database import ALIAS
from apps.sandbox.front.server import Server


class Command(BaseCommand):
    help = "Plays the provider over HTTP, with state of its own in DIR"
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own shape)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8090)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument(
            "--data", default=None, help="folder of its database (read by apps/sandbox/settings.py)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = verbs.check_environment()
        if wrong:
            sys.exit(f"sandbox: {wrong}")
        call_command("migrate", database=ALIAS, verbosity=0, interactive=False)
        verbs.seed_when_empty()
        try:
            server = Server(options["host"], options["port"])
        except OSError as taken:
            sys.exit(
                f"sandbox: port {options['port']} of {options['host']} cannot be opened:"
                f" {taken.strerror}"
            )
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: threading.Thread(target=server.stop).start())
        self.stdout.write(f"sandbox: http://{options['host']}:{options['port']}")
        self.stdout.flush()
        with server:
            server.serve_forever(poll_interval=0.1)
