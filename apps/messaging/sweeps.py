"""What the schedule runs for messaging (portal/schedule.py)."""

import structlog

from apps.messaging import tasks
from apps.messaging.models import Feed
from apps.messaging.services import feeds
from apps.running.work import SECONDS, work_off

log = structlog.get_logger("messaging")
BATCH = 100  # feeds in ten seconds: ten calls a second over all accounts


def read_due(everything: bool = False) -> int:
    """Have the histories read that are due; how many. By the workers where there are any."""

    def read(feed: Feed) -> None:
        if everything or not tasks.nudge(feed.pk):
            feeds.read(feed.pk, if_due=not everything)

    return work_off(feeds.due(BATCH, everything), read, SECONDS, log)
