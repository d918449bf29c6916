"""Conversations as they grow: the last message of each, who has read how far, what is being typed,
and our names for far ends.
"""

from collections.abc import Iterable
from datetime import datetime

from apps.accounts.models import Account, User
from apps.audit.services import record
from apps.messaging.models import Conversation, Message, Seat
from apps.messaging.thing import MESSAGE, pair
from apps.text import folded
from apps.voicetel import clock

SHOWN = 200  # characters of the last text that the list may show


def open_with(account: Account, number: str, far: str) -> Conversation:
    """The conversation of the two, made where they have none yet."""
    now = clock.about_now()
    return Conversation.objects.of(account).get_or_create(
        account=account, number=number, far=far, defaults={"last_at": now}
    )[0]


def heard(account: Account, number: str, rows: Iterable[Message]) -> None:
    """Bring conversations up to date with messages of one number, in any order."""
    newest: dict[str, Message] = {}
    heard_at: dict[str, datetime] = {}
    for row in rows:
        if row.far not in newest or row.at >= newest[row.far].at:
            newest[row.far] = row
        if not row.out:
            heard_at[row.far] = max(row.at, heard_at.get(row.far, row.at))
    if not newest:
        return
    found = Conversation.objects.of(account).filter(number=number, far__in=newest)
    held = {each.far: each for each in found}
    made = [_of(account, number, row) for far, row in newest.items() if far not in held]
    for each in made:
        each.last_in_at = heard_at.get(each.far)
    Conversation.objects.of(account).bulk_create(made, ignore_conflicts=True)
    for far, each in held.items():
        row, at = newest[far], heard_at.get(far)
        if row.at >= each.last_at or not each.last_text:
            each.last_at = max(row.at, each.last_at if each.last_text else row.at)
            each.last_out, each.last_text = row.out, _short(row)
        if at and (each.last_in_at is None or at > each.last_in_at):
            each.last_in_at = at
    fields = ["last_at", "last_out", "last_text", "last_in_at"]
    Conversation.objects.of(account).bulk_update(held.values(), fields)


def _of(account: Account, number: str, row: Message) -> Conversation:
    return Conversation(
        account=account,
        number=number,
        far=row.far,
        last_at=row.at,
        last_out=row.out,
        last_text=_short(row),
    )


def _short(row: Message) -> str:
    return " ".join((row.text or ("Picture" if row.kind == "mms" else "")).split())[:SHOWN]


def asked(each: Conversation, text: str) -> None:
    """Someone pressed Send: the conversation moves up, and what was typed is kept no longer."""
    Conversation.objects.of(each.account_id).filter(pk=each.pk).update(
        last_at=clock.about_now(), last_out=True, last_text=" ".join(text.split())[:SHOWN]
    )


def read_up_to(each: Conversation, person: User) -> None:
    """The person has the conversation open."""
    now = clock.about_now()
    seat, made = Seat.objects.get_or_create(
        conversation=each, person=person, defaults={"read_at": now}
    )
    if not made and (seat.read_at is None or (each.last_in_at and each.last_in_at > seat.read_at)):
        Seat.objects.filter(pk=seat.pk).update(read_at=now)


def keep_draft(each: Conversation, person: User, text: str) -> None:
    Seat.objects.update_or_create(conversation=each, person=person, defaults={"draft": text})


def draft_of(each: Conversation, person: User) -> str:
    found = Seat.objects.filter(conversation=each, person=person).values_list("draft", flat=True)
    return found.first() or ""


def name_far_end(each: Conversation, name: str, *, by: User) -> None:
    """Our own name for the far end; empty takes it away."""
    if each.name == name:
        return
    Conversation.objects.of(each.account_id).filter(pk=each.pk).update(
        name=name, folded=folded(name)[:320]
    )
    record(
        by,
        each.account,
        "far_end_named",
        pair(each.number, each.far),
        thing=MESSAGE.name,
        before=each.name,
        after=name,
    )
