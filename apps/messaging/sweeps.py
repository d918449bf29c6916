"""What the schedule runs for messaging (portal/schedule.py)."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction

from apps.changes.models import Entry
from apps.messaging import tasks
from apps.messaging.models import Conversation, Feed, Message, Receipt
from apps.messaging.services import feeds
from apps.messaging.thing import MESSAGE
from apps.running.work import SECONDS, work_off
from apps.voicetel import clock

log = structlog.get_logger("messaging")
FORGOTTEN_AT_ONCE = 1000
BATCH = 100  # feeds in ten seconds: ten calls a second over all accounts


def read_due(everything: bool = False) -> int:
    """Have the histories read that are due; how many. By the workers where there are any."""

    def read(feed: Feed) -> None:
        if everything or not tasks.nudge(feed.pk):
            feeds.read(feed.pk, if_due=not everything)

    return work_off(feeds.due(BATCH, everything), read, SECONDS, log)


def forget() -> int:
    """Let go of texts that are older than they are kept (MESSAGES_KEPT_DAYS): messages, receipts,
    conversations without any, and the texts in the entries that sent them. How many messages.
    """
    before = clock.now() - timedelta(days=settings.MESSAGES_KEPT_DAYS)
    old = Message.objects.across_accounts().filter(at__lt=before)
    many = 0
    while some := list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]):
        with transaction.atomic():
            Message.objects.across_accounts().filter(pk__in=some).delete()
        many += len(some)
    Receipt.objects.across_accounts().filter(at__lt=before).delete()
    Conversation.objects.across_accounts().filter(last_at__lt=before).delete()
    sent = Entry.objects.across_accounts().filter(thing=MESSAGE.name, created_at__lt=before)
    for entry in sent.exclude(args__text="").iterator(chunk_size=FORGOTTEN_AT_ONCE):
        args = entry.args | {"text": "", "media": []}
        Entry.objects.across_accounts().filter(pk=entry.pk).update(args=args)
    return many
