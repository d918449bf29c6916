"""What workers run for messaging, and the nudges that ask them to."""

from contextlib import suppress

from celery import shared_task

from apps.accounts.models import Account
from apps.copies import singles
from apps.messaging.services import feeds, states
from apps.running import broker
from apps.voicetel.client import errors


# Celery has no types
@shared_task(name="messaging.read_feed", ignore_result=True)  # type: ignore[untyped-decorator]
def read_feed(feed: int) -> None:
    """Read the next span of one number's history."""
    feeds.read(feed)


@shared_task(name="messaging.refresh_state", ignore_result=True)  # type: ignore[untyped-decorator]
def refresh_state(account: int, number: str) -> None:
    """Bring one number's messaging state up to date: someone opened its page."""
    of = Account.objects.get(pk=account)
    try:
        with suppress(errors.VoiceTelError):  # the copy stays, with its age
            states.refresh_one(of, number)
    finally:
        singles.release(of, _name(number))


def ask_for_state(account: Account, number: str) -> None:
    """Have a worker read one number's state now, once however many open its page."""
    if not account.connected or not singles.take(account, _name(number)):
        return
    if not broker.send("messaging.refresh_state", account.pk, number, queue="now"):
        singles.release(account, _name(number))


def nudge(feed: int) -> bool:
    """Ask a worker to read a feed now. False: no message got out; the sweep reads it."""
    return broker.send("messaging.read_feed", feed, queue="later")


def _name(number: str) -> str:
    return f"texting:{number}"
