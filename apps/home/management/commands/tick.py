"""`manage.py tick [--all]`: each sweep once, here and now, without scheduler, broker or worker."""

import sys
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser

from apps.changes import broker
from portal import schedule

log = structlog.get_logger("sweeps")


class Command(BaseCommand):
    help = "Runs each due sweep once. --all: as if everything were due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--all", action="store_true", dest="everything", help="as if everything were due"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        broker.rest()  # what is taken up is done when the command ends, not handed on
        failed = []
        for sweep in schedule.SWEEPS:
            try:
                if not schedule.run(sweep.name, everything=options["everything"]):
                    self.stderr.write(f"{sweep.name}: another process is at it")
            except Exception:
                log.exception("sweep failed", sweep=sweep.name)
                failed.append(sweep.name)
        if failed:
            self.stderr.write(f"failed: {', '.join(failed)}")
            sys.exit(1)
