"""`manage.py tick [--all]`: each sweep once, here and now, without scheduler, broker or worker."""

import sys
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import import_string

from apps.running import broker, sweeps

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
        for sweep in import_string(settings.SCHEDULE):
            try:
                if not sweeps.run(sweep, everything=options["everything"]):
                    self.stderr.write(f"{sweep.name}: another process is at it")
            except Exception:
                log.exception("sweep failed", sweep=sweep.name)
                failed.append(sweep.name)
        if failed:
            self.stderr.write(f"failed: {', '.join(failed)}")
            sys.exit(1)
