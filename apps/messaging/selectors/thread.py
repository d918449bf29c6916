"""One conversation: its bubbles in the order of their time, and what stands around them."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Max, Min

from apps.accounts.models import Account
from apps.changes.models import Entry
from apps.changes.states import OPEN, State
from apps.messaging import optouts
from apps.messaging.models import Conversation, Feed, Kind, Message, OptOut
from apps.messaging.selectors.states import bare, find_state, verdict_of
from apps.messaging.thing import MESSAGE, pair
from apps.messaging.verdict import Verdict
from apps.numbers.models import Number
from apps.ui.format import clock as clock_of
from apps.ui.format import money, phone
from apps.ui.http import LATER, SOON

SHOWN = 50  # messages of a page
# An entry's state as a bubble says it. Never "delivered": no answer tells that.
WORDS: dict[str, tuple[str, str]] = {
    State.READY: ("Waiting", "neutral"),
    State.NOT_SENT: ("Not sent yet", "neutral"),
    State.SENDING: ("Sending", "info"),
    State.DOUBT: ("Confirming", "info"),
    State.DONE: ("Sent", "good"),
    State.PARTLY: ("Sent", "good"),
    State.REFUSED: ("Declined", "bad"),
    State.ABSENT: ("Not sent", "bad"),
    State.ASK: ("Needs your answer", "warn"),
    State.CLOSED: ("Not sent", "neutral"),
}


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message, or the entry of one that is not sent yet. quote: VoiceTel's words of a refusal;
    note: a sentence of ours; entry: its change, 0 for none.
    """

    id: str
    ours: bool
    text: str
    at: datetime
    by: str = ""
    word: str = ""
    tone: str = ""
    quote: str = ""
    note: str = ""
    entry: int = 0
    media: tuple[str, ...] = ()
    plea: bool = False
    cost: str = ""


@dataclass(frozen=True, slots=True)
class Across:
    """A line across the thread: an opt-out or its end."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Thread:
    """Context of messaging/_thread.html. lines: bubbles and lines across, oldest first; mark:
    changes with whatever is shown; older: the moment before which there is more, where there is.
    """

    talk: Conversation
    label: str
    lines: list[Bubble | Across]
    mark: str
    verdict: Verdict | None
    out: OptOut | None
    read_at: datetime | None
    since: datetime | None
    failed: str
    moves: bool
    older: datetime | None

    @property
    def called(self) -> str:
        return self.talk.name or phone(self.talk.far)

    @property
    def own(self) -> str:
        return self.label or phone(self.talk.number)

    @property
    def href(self) -> str:
        return f"/messaging/{self.talk.number}/{self.talk.far}/"

    @property
    def every(self) -> int:
        return SOON if self.moves else LATER


def find_talk(account: Account, number: str, far: str) -> Conversation | None:
    found = Conversation.objects.of(account).select_related("account")
    return found.filter(number=number, far=far).first()


def thread_of(account: Account, talk: Conversation, before: datetime | None = None) -> Thread:
    """The newest messages of a conversation, or those before a moment. Seven queries."""
    found = Message.objects.of(account).filter(number=talk.number, far=talk.far)
    if before:
        found = found.filter(at__lt=before)
    rows = list(found.select_related("entry").order_by("-at", "-id")[: SHOWN + 1])
    older, rows = len(rows) > SHOWN, rows[:SHOWN]
    subject = pair(talk.number, talk.far)
    mine = Message.objects.of(account).filter(number=talk.number, far=talk.far)
    kept = mine.filter(entry__isnull=False).values("entry")
    asked = Entry.objects.of(account).filter(thing=MESSAGE.name, subject=subject)
    entries = list(asked.exclude(pk__in=kept).order_by("-pk")[:SHOWN])
    first = rows[-1].at if older else None
    state = find_state(account, talk.number)
    goes = bare(state.resource) if state else ""
    bubbles = [_of_message(row, account.zone, goes) for row in rows]
    bubbles += [_of_entry(each) for each in entries]
    outs = list(OptOut.objects.of(account).filter(number=talk.number, far=talk.far))
    across = [line for each in outs for line in _lines(talk, each)]
    mixed: list[Bubble | Across] = [*_quiet(bubbles), *across]
    lines = [
        line
        for line in sorted(mixed, key=lambda each: each.at)
        if (first is None or line.at >= first) and (before is None or line.at < before)
    ]
    feeds = Feed.objects.of(account).filter(number=talk.number).exclude(kind=Kind.DLR)
    read = feeds.aggregate(at=Min("read_at"), since=Max("covered_from"), failed=Max("failed"))
    label = Number.objects.of(account).filter(number=talk.number).values_list("label", flat=True)
    return Thread(
        talk=talk,
        label=label.first() or "",
        lines=lines,
        mark=_mark(lines),
        verdict=verdict_of(account, state) if state else None,
        out=next((each for each in outs if each.ended is None), None),
        read_at=read["at"],
        since=read["since"],
        failed=read["failed"] or "",
        moves=any(each.state in OPEN for each in entries),
        older=first,
    )


def _quiet(bubbles: list[Bubble]) -> list[Bubble]:
    """With "Sent" and receipts under the last of ours alone; what went wrong stays everywhere."""
    last = max((each.at for each in bubbles if each.ours), default=None)
    return [
        replace(each, word="") if each.tone == "good" and each.at != last else each
        for each in bubbles
    ]


def _mark(lines: list[Bubble | Across]) -> str:
    """One word for all that is shown."""
    shown = "|".join(
        f"{each.id} {each.word} {each.quote} {each.note}"
        if isinstance(each, Bubble)
        else each.words
        for each in lines
    )
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def _of_message(row: Message, zone: str, goes: str) -> Bubble:
    entry = row.entry
    word, tone = ("Sent", "good") if row.out else ("", "")
    if row.receipt_at:
        word, tone = f"Receipt seen {clock_of(row.receipt_at, zone)}", "good"
    note = ""
    if row.out and entry is None:
        note = "Sent with another program"
    elif row.sent_as:
        note = f"Sent as: {row.sent_as}"
    if not row.out and row.kind == Kind.MMS:
        to = goes or "where this number's messages go"
        note = f"A picture message. VoiceTel passed it on to {to}; we can't show pictures here."
    return Bubble(
        id=f"m{row.pk}",
        ours=row.out,
        text=row.text,
        at=row.at,
        by=entry.by_name if entry else "",
        word=word,
        tone=tone,
        note=note,
        entry=entry.pk if entry else 0,
        media=tuple(row.media or ()),
        plea=not row.out and optouts.pleads(row.text),
        cost=money(row.cost) if row.cost else "",
    )


def _of_entry(entry: Entry) -> Bubble:
    word, tone = WORDS[entry.state]
    if entry.state == State.CLOSED and entry.sent_at:
        word, tone = "Not confirmed", "warn"
    quoted = entry.state == State.REFUSED and entry.status is not None
    args: dict[str, Any] = entry.args
    return Bubble(
        id=f"e{entry.pk}",
        ours=True,
        text=str(args.get("text", "")),
        at=entry.created_at,
        by=entry.by_name,
        word=word,
        tone=tone,
        quote=entry.said if quoted else "",
        note=entry.said if entry.state == State.REFUSED and not quoted else "",
        entry=entry.pk,
        media=tuple(args.get("media") or ()),
    )


def _lines(talk: Conversation, each: OptOut) -> list[Across]:
    who = talk.name or phone(talk.far)
    how = {
        OptOut.How.TEXTED: f"{who} opted out with {each.word or 'STOP'}",
        OptOut.How.TOLD: f"VoiceTel says that {who} opted out",
        OptOut.How.BY_HAND: f"{each.word or 'Someone'} recorded that {who} opted out",
    }
    lines = [Across(each.since, how[OptOut.How(each.how)])]
    if each.ended:
        lines.append(Across(each.ended, f"{who} opted back in"))
    return lines
