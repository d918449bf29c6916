"""Marked points at which the fault tests kill this process.

Never in production: the setting is empty there.
"""

import os
import signal

from django.conf import settings

from apps.changes.models import Entry


def reach(name: str, entry: Entry) -> None:
    """Die here by SIGKILL when CHANGES_KILL_AT names this point, on a change's first try only, so
    that it can settle later.
    """
    if name == settings.CHANGES_KILL_AT and entry.tries <= 1:
        os.kill(os.getpid(), signal.SIGKILL)
