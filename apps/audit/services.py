"""Writing events."""

import json
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, QuerySet

from apps.audit.models import Event
from apps.registry import Registry
from apps.ui.format import now

# Every action that is recorded, and how the activity page says it after the person's name.
ACTIONS = Registry[str]("action")
# What the value is called that an action sets, for actions whose facts have "before" and "after".
VALUES = Registry[str]("value")
# Actions that a person can repeat for ever, so a day's are counted on one event. False: those that
# say the very same; True: all, whatever they are about.
REPEATED = Registry[bool]("repeated action")

DAY = timedelta(days=1)
MOST = 1000  # events of other actions that one person may cause on an account in a day
# how long what was counted is kept, and what is on no account's activity: it holds addresses of
# strangers
COUNTED_KEPT, KEPT = timedelta(days=365), timedelta(days=90)


class TooMany(Exception):
    """A person did more in a day than is recorded, so it isn't done. The message is for them."""

    status = 429


def record(
    actor: Any, account: Any, action: str, subject: str = "", *, thing: str = "", **facts: Any
) -> Event:
    """Keep one event, or count it on the day's first one where REPEATED has its action.

    actor: a User, or None for nobody known; account: an Account or None; thing: the kind of the
    subject, as changes name it; facts: JSON values, no secrets.

    Raises KeyError for an action that is not in ACTIONS, so that every event has words on
    the activity page, and TooMany.
    """
    ACTIONS[action]
    known = None if actor is None or isinstance(actor, AnonymousUser) else actor
    event = Event(
        actor=known,
        actor_name=str(known or "")[:254],
        actor_email=known.email if known else "",
        account=account,
        action=action,
        thing=thing,
        subject=subject[:254],
        facts=facts,
        at=now(),
    )
    if action in REPEATED:
        return _counted(event)
    if known is not None and _of_a_day(event).count() >= MOST:
        raise TooMany(
            f"You've done {MOST:,} things here in 24 hours, which is as many as we record for one"
            " person. Nothing was changed. Try again tomorrow."
        )
    event.save(force_insert=True)
    return event


def forget() -> None:
    """Drop what was counted long ago, and events of long ago that are of no account's activity."""
    events = Event.objects.across_accounts()
    events.filter(account=None, at__lt=now() - KEPT).delete()
    events.filter(action__in=list(REPEATED), at__lt=now() - COUNTED_KEPT).delete()


def _of_a_day(event: Event) -> "QuerySet[Event]":
    mine = Event.objects.across_accounts().filter(account=event.account, actor=event.actor)
    return mine.filter(at__gt=event.at - DAY, fold=None)


def _counted(event: Event) -> Event:
    event.fold = _fold(event, event.at)
    values = {
        field.attname: getattr(event, field.attname)
        for field in Event._meta.concrete_fields
        if not field.primary_key
    }
    first, new = Event.objects.across_accounts().get_or_create(fold=event.fold, defaults=values)
    if not new:
        counted = Event.objects.across_accounts().filter(pk=first.pk)
        counted.update(count=F("count") + 1, last_at=event.at)
    return first


def _fold(event: Event, at: datetime) -> str:
    """One word for who, what and the day."""
    said = [] if REPEATED[event.action] else [event.thing, event.subject, event.facts]
    parts = [event.actor_id, event.account_id, event.action, at.date().isoformat(), said]
    body = json.dumps(parts, sort_keys=True).encode()
    return blake2b(body, digest_size=16).hexdigest()
