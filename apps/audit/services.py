"""Writing events."""

from typing import Any

from django.contrib.auth.models import AnonymousUser

from apps.audit.models import Event
from apps.registry import Registry
from apps.ui.format import now

# Every action that is recorded, and how the activity page says it after the person's name.
ACTIONS = Registry[str]("action")
# What the value is called that an action sets, for actions whose facts have "before" and "after".
VALUES = Registry[str]("value")


def record(
    actor: Any, account: Any, action: str, subject: str = "", *, thing: str = "", **facts: Any
) -> Event:
    """Keep one event.

    actor: a User, or None for nobody known; account: an Account or None; thing: the kind of the
    subject, as changes name it; facts: JSON values, no secrets.

    Raises KeyError for an action that is not in ACTIONS, so that every event has words on
    the activity page.
    """
    ACTIONS[action]
    known = None if actor is None or isinstance(actor, AnonymousUser) else actor
    return Event.objects.across_accounts().create(
        actor=known,
        actor_name=str(known or "")[:254],
        account=account,
        action=action,
        thing=thing,
        subject=subject[:254],
        facts=facts,
        at=now(),
    )
