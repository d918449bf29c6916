"""Reading changes: entries of one account, and how pages say what became of each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from apps import phones
from apps.accounts.models import Account, Membership
from apps.accounts.roles import Right, allows
from apps.audit.models import Event
from apps.changes.change import REGISTRY, Change, Step, own_fields, recall, still_so
from apps.changes.engine import places, rows, tokens
from apps.changes.models import Entry, Hold
from apps.changes.states import OPEN, State, shown
from apps.text import plain
from apps.things import find_thing
from apps.ui.collected import Hit, Need
from apps.ui.format import clock, moment
from apps.ui.http import LATER, SOON
from apps.voicetel.clock import about_now
from apps.who import is_of_one_script

NEEDED = 8  # changes that ask, on the first page


@dataclass(frozen=True, slots=True)
class Answer:
    """One way to answer a change that asks: what the form posts, what its button says, what that
    means.
    """

    value: str
    label: str
    means: str


SEND = Answer("send", "Send now", "This change was never sent. It is sent once, now.")
SEND_AGAIN = Answer("again", "Send again", "Sends a new change; this one is kept in the activity.")
HAPPENED = Answer("happened", "Yes, it did", "Marks this change as done. Nothing is sent.")
RETRY = Answer("again", "No, try again", "Sends a new change; this one is closed.")
AGAIN = Answer("again", "Try again", "Sends it once more, which may be charged again.")
LEAVE = Answer("leave", "Dismiss", "Closes this change. Nothing is sent.")

SENDS_NOTHING = frozenset({HAPPENED, LEAVE})
NOT_DONE = frozenset({State.REFUSED, State.ABSENT, State.CLOSED})  # what a retry tries again


def list_entries(account: Account) -> QuerySet[Entry]:
    """Newest first, with who pressed."""
    return Entry.objects.of(account).order_by("-pk")


def list_named(account: Account) -> QuerySet[Entry]:
    """list_entries() for narrow places, where short_name() says who pressed. No further query."""
    return list_entries(account).annotate(name_tells=name_tells("by", "by_name"))


def name_tells(person: str, name: str) -> Q:
    """For a query of entries or events: whether that name alone says which member it was. One of
    today's members has it, and nobody else. person, name: the columns.
    """
    there = Membership.objects.filter(account=OuterRef("account"), user__name=OuterRef(name))
    return Exists(there.filter(user=OuterRef(person))) & ~Exists(
        there.exclude(user=OuterRef(person))
    )


def short_name(row: Entry | Event) -> str:
    """The name alone where it tells who it was and no letter poses as another; otherwise the name
    with the address. row: of a query with name_tells().
    """
    name = row.by_name if isinstance(row, Entry) else row.actor_name
    return name if getattr(row, "name_tells", False) and is_of_one_script(name) else row.who


def list_of_staff() -> QuerySet[Entry]:
    """What the portal's staff did that belongs to no account, newest first; no member sees it."""
    return Entry.objects.across_accounts().filter(account=None).order_by("-pk")


def list_of_thing(account: Account, thing: str, subject: str) -> QuerySet[Entry]:
    """What was done to one thing, newest first."""
    return Entry.objects.of(account).filter(thing=thing, subject=subject).order_by("-pk")


def needs(account: Account, membership: Membership) -> list[Need]:
    """Changes that ask and that this role may answer, and those being confirmed. One query."""
    mine = [name for name, kind in REGISTRY.items() if allows(membership.role, kind.needs)]
    asks = Q(state__in=[State.ASK, State.ABSENT], kind__in=mine) | Q(state=State.DOUBT)
    return [
        Need(
            entry.shown.tone,
            f"{entry.shown.word}: {entry.what}",
            "View change" if entry.state == State.DOUBT else "Review change",
            f"/changes/{entry.pk}/",
            entry.settled_at or entry.created_at,
        )
        for entry in Entry.objects.of(account).filter(asks).order_by("pk")[:NEEDED]
    ]


def find(account: Account, q: str, most: int) -> list[Hit]:
    """The account's newest changes that match what was typed. One query."""
    if not (q := q.strip()):
        return []
    return [
        Hit("Change", capital(entry.what), short_name(entry), f"/changes/{entry.pk}/")
        for entry in list_named(account).filter(matching(q))[:most]
    ]


def matching(q: str) -> Q:
    """What was typed: words of a change, of its outcome or a name; digits of its subject; #12."""
    asked = Q(what__icontains=q) | Q(said__icontains=q) | Q(by_name__icontains=q)
    asked |= Q(by_email__icontains=q)
    typed = plain(q)
    digits = phones.sought(q)[0] or "".join(filter(str.isdigit, typed))
    number = typed.lstrip("#")
    if len(digits) > 2:
        asked |= Q(subject__contains=digits)
    if number.isascii() and number.isdigit() and len(number) < 10:
        asked |= Q(pk=int(number))
    return asked


def find_moving(account: Account, thing: str, subjects: Sequence[str]) -> dict[str, State]:
    """The state of what is under way on each of these things; nothing for one at rest."""
    lanes = [f"{thing}:{subject}" for subject in subjects]
    found = Entry.objects.of(account).filter(lane__in=lanes, state__in=OPEN).order_by("-pk")
    # the oldest of a thing comes last, and stays: it is the one that goes first
    return {subject: State(state) for subject, state in found.values_list("subject", "state")}


def mark_of(state: str) -> tuple[str, str]:
    """(word, tone) of a state, for a badge."""
    return shown(state).word, shown(state).tone


def in_state(name: str) -> Q:
    """The entries that a filter finds under one of states.WORDS, by its name."""
    if name == "unconfirmed":
        return Q(state=State.CLOSED, sent_at__isnull=False)
    if name == State.CLOSED:
        return Q(state=State.CLOSED, sent_at=None)
    if name == State.READY:
        return Q(state__in=[State.READY, State.NOT_SENT])
    return Q(state=name)


def how_soon(states: Iterable[str]) -> int:
    """Seconds after which a list looks again at what it shows under way; 0 where nothing moves."""
    moving = OPEN.intersection(states)
    if not moving:
        return 0
    return SOON if moving & {State.READY, State.SENDING} else LATER


def get_entry(account: Account, pk: int) -> Entry:
    """Raises Http404: another account's entry does not exist."""
    return get_object_or_404(Entry.objects.of(account).select_related("account", "follows"), pk=pk)


def find_undo(entry: Entry) -> Change | None:
    """The change that would bring back what was before; None where it is not done or not so any
    more, or cannot be undone.
    """
    return find_undos([entry])[entry.pk]


def find_undos(entries: Sequence[Entry]) -> dict[int, Change | None]:
    """find_undo() of many entries of one account, by primary key.

    One query for what is newer, and one a class for what our copy says now.
    """
    found: dict[int, Change | None] = {entry.pk: None for entry in entries}
    done = [entry for entry in entries if entry.state == State.DONE]
    newer = rows.newer_of_many(done)
    by_class: dict[type[Change], list[tuple[Entry, Change]]] = {}
    for entry in done:
        entry.account = done[0].account  # one query for all
        change = None if newer[entry.pk] else _recalled(entry)
        if change is not None:
            by_class.setdefault(type(change), []).append((entry, change))
    for kind, pairs in by_class.items():
        found |= _undos(kind, pairs)
    return found


def find_retries(entries: Sequence[Entry]) -> dict[int, Change | None]:
    """The change that tries each of these entries of one account again, by primary key; None for
    one that was not declined, failed or canceled, that a newer one replaced, or whose secrets are
    erased.
    """
    found: dict[int, Change | None] = {entry.pk: None for entry in entries}
    failed = [entry for entry in entries if entry.state in NOT_DONE]
    newer = rows.newer_of_many(failed)
    for entry in failed:
        change = _recalled(entry)
        if change and not has_secrets(type(change)) and not (change.again and newer[entry.pk]):
            found[entry.pk] = change
    return found


def has_secrets(kind: type[Change]) -> bool:
    """Whether its row can't be sent again once it settled: a part of it was erased."""
    return any(f.metadata.get("secret") for f in own_fields(kind))


def find_steps(account: Account, entries: Sequence[Entry]) -> dict[int, Step]:
    """What each of these entries of the account sets, in words, by primary key; nothing for one
    that sets no single value. One query a class at most.
    """
    by_class: dict[type[Change], list[tuple[Entry, Change]]] = {}
    for entry in entries:
        entry.account = account  # no query for each
        if (change := _recalled(entry)) is not None:
            by_class.setdefault(type(change), []).append((entry, change))
    found: dict[int, Step] = {}
    for kind, pairs in by_class.items():
        steps = kind.steps([(change, entry.was) for entry, change in pairs])
        found |= {
            entry.pk: step
            for (entry, _), step in zip(pairs, steps, strict=True)
            if step is not None
        }
    return found


def _recalled(entry: Entry) -> Change | None:
    try:
        return recall(entry)
    except Exception:  # noqa: BLE001 - of another release: then there is no undo
        return None


def _undos(kind: type[Change], pairs: Sequence[tuple[Entry, Change]]) -> dict[int, Change | None]:
    """By primary key, for those that are still so."""
    # pressed by this very request: our copy was written with it
    asked = [(entry, change) for entry, change in pairs if not entry.pressed]
    try:
        told = kind.before_many([change for _, change in asked]) if asked else []
        now = {entry.pk: says for (entry, _), says in zip(asked, told, strict=True)}
        return {
            entry.pk: change.undo(entry.was)
            for entry, change in pairs
            if entry.pressed or still_so(entry, now[entry.pk])
        }
    except Exception:  # noqa: BLE001 - said below
        if len(pairs) == 1:  # its arguments or values are of another release: there is no undo
            return {}
        return {pk: undo for pair in pairs for pk, undo in _undos(kind, [pair]).items()}


def how_often(entry: Entry) -> int:
    """Seconds between two looks of the page at a change that moves; 0 for one that stands."""
    if not entry.moves:
        return 0
    age = (about_now() - entry.created_at).total_seconds()
    return 1 if age < 60 else 5 if age < 600 else 30


def list_answers(entry: Entry) -> list[Answer]:
    """How a person may answer an entry in ASK or ABSENT."""
    kind = REGISTRY.get(entry.kind)
    open_book = kind is not None and not has_secrets(kind)
    if entry.state == State.ASK:
        if entry.sent_at is not None:
            again = [RETRY] if open_book and not _is_outdated(entry) else []
            if kind is not None and kind.unseen:
                return [*([AGAIN] if again else []), LEAVE]
            return [HAPPENED, *again, LEAVE]
        return [SEND, LEAVE] if open_book and not _is_outdated(entry) else [LEAVE]
    if entry.state == State.ABSENT:
        return [SEND_AGAIN, LEAVE] if open_book else [LEAVE]
    return []


def entry_panel(entry: Entry, membership: Membership) -> dict[str, Any]:
    """Context of changes/_strip.html: {"entry", "kind", "tone", "sentence", "quote", "ahead",
    "undo", "answers", "token", "may"}.
    """
    change = REGISTRY.get(entry.kind)
    # what the portal's staff did, a member sees and decides nothing about
    may = change is not None and not change.staff and allows(membership.role, change.needs)
    # with a dead connection nothing is offered that would be sent and fail
    sends = may and (entry.account is None or membership.account.connected)
    waits = entry.state in rows.WAITING
    ahead = rows.ahead_of(entry) if waits else None
    hold = rows.holds_of(entry).first() if waits else None
    full = entry.state == State.READY and places.free(entry.account_id) <= 0
    undo = find_undo(entry) if sends else None
    return {
        "entry": entry,
        "kind": entry.shown.strip,
        "tone": entry.shown.tone,
        "title": title(entry),
        "sentence": sentence(entry, ahead, hold, full=full),
        "quote": entry.said if _is_quoted(entry) else "",
        "ahead": ahead,
        "pairs": pairs(entry),
        "every": how_often(entry),
        "undo": undo,
        "undo_says": undo.describe() if undo else "",
        "answers": [
            each for each in (list_answers(entry) if may else []) if sends or each in SENDS_NOTHING
        ],
        "may_cancel": may and entry.state in rows.WAITING,
        "token": tokens.mint() if may else "",
        "owner": allows(membership.role, Right.OWN),
    }


def entry_page(entry: Entry, membership: Membership) -> dict[str, Any]:
    """Context of changes/detail.html: entry_panel()'s, and {"own_page", "href", "subject", "items",
    "steps", "after"}.
    """
    zone, thing = entry.zone, find_thing(entry.thing)
    moments = [
        ("Requested", entry.created_at),
        ("Sent", entry.sent_at),
        (
            "Sent again" if entry.sent_at else "Tried",
            entry.tried_at if entry.tried_at != entry.sent_at else None,
        ),
        ("Checked with VoiceTel", entry.looked_at),
        ("Settled", entry.settled_at),
    ]
    return entry_panel(entry, membership) | {
        "own_page": True,
        "href": thing.href(entry.subject),
        "subject": thing.shown(entry.subject),
        "items": [
            (thing.shown(item.subject), *mark_of(item.state), item.said)
            for item in entry.items.order_by("pk")
        ],
        "steps": [(word, clock(at, zone), moment(at, zone)) for word, at in moments if at],
        "after": list(rows.rows().filter(follows=entry).order_by("pk")[:5]),
    }


def pairs(entry: Entry) -> list[tuple[str, str, str]]:
    """(what, before, now) in words, for what stood before and what the answer says now.

    Empty until it is done.
    """
    if entry.state not in {State.DONE, State.PARTLY}:
        return []
    was = entry.was
    changed = [(name, now) for name, now in entry.answer.items() if name in was]
    called, words = words_of(entry)
    return [
        (called(name), words(name, was[name]), words(name, now))
        for name, now in changed
        if was[name] != now
    ]


def words_of(entry: Entry) -> tuple[Callable[[str], str], Callable[[str, Any], str]]:
    """How values of this entry are called and said: by its class; as they are, where it cannot be
    read.
    """
    try:
        change = recall(entry)
    except Exception:  # noqa: BLE001 - of another release
        return capital, lambda name, value: "" if value is None else str(value)
    return change.called, change.words


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def title(entry: Entry) -> str:
    """The result, in a few words."""
    match entry.state:
        case State.DONE if change := _recalled(entry):
            return f"{change.now_true()}."
        case State.NOT_SENT:
            return "Not sent yet."
        case State.DOUBT:
            return "Confirming with VoiceTel."
        case State.REFUSED if entry.status is not None:
            return "VoiceTel declined this change."
    return f"{entry.shown.word}: {entry.what}."


def sentence(
    entry: Entry, ahead: Entry | None = None, hold: Hold | None = None, *, full: bool = False
) -> str:
    """What happened, whether anything changed or was charged, and what to do now, in a sentence or
    two. The provider's own words are quoted apart. full: its account has no place left.
    """
    zone = entry.zone
    match entry.state:
        case State.READY | State.NOT_SENT if hold:
            return f"{hold.why} We'll send it right after that; you can leave this page."
        case State.READY if ahead:
            return f"Waiting for change #{ahead.pk}, which goes first. You can leave this page."
        case State.READY if full:
            return (
                "Other changes of this account are being made first. You can leave this page; this"
                " one follows as soon as there's room."
            )
        case State.READY | State.SENDING:
            return "You can leave this page; we'll finish this in the background."
        case State.NOT_SENT if entry.due_at:
            return (
                f"{entry.said} Nothing has changed yet; we'll try again about"
                f" {clock(entry.due_at, zone)}."
            )
        case State.DONE:
            late = " It shows up here after the next refresh." if entry.copy_stale else ""
            return f"{entry.said}{late}".strip()
        case State.PARTLY if entry.status is None:
            return f"Some of it was done and some wasn't. {entry.said}".strip()
        case State.PARTLY:
            return "Some of it was done and some wasn't. VoiceTel's message:"
        case State.REFUSED if entry.status is None:
            return f"Nothing was sent, changed, or charged. {entry.said}"
        case State.REFUSED:
            return "Nothing changed and you weren't charged. VoiceTel's message:"
        case State.DOUBT:
            return (
                f"{entry.said} We're checking with VoiceTel whether the change went through. No"
                " need to try again."
            )
        case State.ABSENT:
            return f"{entry.said} The change didn't happen, and nothing was charged."
        case State.ASK if entry.sent_at is not None:
            return question(entry)
    return entry.said


def question(entry: Entry) -> str:
    """What is asked about a change whose outcome is not known, with what VoiceTel shows now."""
    shows = ""
    if entry.shows and entry.looked_at:
        shows = f" VoiceTel shows: {entry.shows} ({clock(entry.looked_at, entry.zone)})."
    kind = REGISTRY.get(entry.kind)
    asks = (kind.unseen if kind else "") or "Did it go through?"
    return f"We couldn't confirm this change. {entry.said}{shows} {asks}"


def _is_quoted(entry: Entry) -> bool:
    """Whether the words are the provider's own: then they are shown as such."""
    return entry.state in {State.REFUSED, State.PARTLY} and entry.status is not None


def _is_outdated(entry: Entry) -> bool:
    """Whether sending it now would put an older wish over a newer one: the way then is a new
    change.
    """
    return REGISTRY[entry.kind].again and bool(rows.newer_of_same(entry))
