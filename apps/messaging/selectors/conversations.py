"""The list of conversations: 50 a page, newest first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat
from django.http import HttpRequest

from apps import phones
from apps.accounts.models import Account, Membership
from apps.changes.models import Entry
from apps.changes.states import OPEN, State, shown
from apps.messaging.models import Conversation, Message, OptOut, Seat
from apps.messaging.selectors.states import label_of
from apps.messaging.thing import MESSAGE, pair
from apps.text import folded
from apps.ui.format import phone
from apps.ui.lists.page import Listing, list_page
from apps.ui.lists.spec import Choice, Column, Filter, ListSpec
from apps.ui.lists.state import ListState

FAILED = (State.REFUSED, State.ABSENT, State.ASK)


@dataclass(frozen=True, slots=True)
class Talk:
    """One line of the list. state: (word, tone) of what is under way or failed in it."""

    number: str
    far: str
    name: str
    label: str
    last: str
    at: datetime
    unread: bool
    opted_out: bool
    state: tuple[str, str] | None

    @property
    def called(self) -> str:
        return self.name or phone(self.far)

    @property
    def href(self) -> str:
        return f"/messaging/{self.number}/{self.far}/"

    @property
    def own(self) -> str:
        """Our number, as people call it."""
        return self.label or phone(self.number)


SHOW = Filter(
    "show",
    "Show",
    (Choice("unread", "Unread"), Choice("failed", "Failed"), Choice("out", "Opted out")),
)
SPEC: ListSpec[Talk] = ListSpec(
    (Column("at", "Last message", "at", order=("last_at", "id")),),
    "-at",
    (SHOW,),
    sizes=(50,),
    searchable="Name, number, or words",
)


def list_talks(request: HttpRequest, account: Account, membership: Membership) -> Listing[Talk]:
    """The page that the URL asks for, in three queries; four with rows under way."""
    found = Conversation.objects.of(account).annotate(
        label=label_of(),
        unread=is_unread(membership),
        opted=Exists(
            OptOut.objects.across_accounts().filter(
                account=OuterRef("account"),
                number=OuterRef("number"),
                far=OuterRef("far"),
                ended=None,
            )
        ),
    )
    if own := _own(request, account):
        found = found.filter(number=own)
    page = list_page(request, SPEC, found, narrow=_narrow(account), row=_talk, noun="conversation")
    states = states_of(account, page.rows)
    rows = [replace(row, state=states.get(pair(row.number, row.far))) for row in page.rows]
    return replace(page, rows=rows)


def _own(request: HttpRequest, account: Account) -> str:
    asked = request.GET.get("number", "")
    return asked if len(asked) == 10 and asked.isascii() and asked.isdigit() else ""


def is_unread(membership: Membership) -> Q | Combinable:
    """For a query of conversations: whether something came in that this person has not read; for a
    new member, since they joined.
    """
    read = Seat.objects.filter(
        conversation=OuterRef("pk"), person=membership.user_id, read_at__gte=OuterRef("last_in_at")
    )
    return Q(last_in_at__gt=membership.created_at) & ~Exists(read)


def count_unread(account: Account, membership: Membership) -> int:
    return Conversation.objects.of(account).filter(is_unread(membership)).count()


Narrow = Callable[[QuerySet[Any], ListState], QuerySet[Any]]


def _narrow(account: Account) -> Narrow:
    def narrow(found: QuerySet[Any], state: ListState) -> QuerySet[Any]:
        match state.filters.get("show"):
            case "unread":
                found = found.filter(unread=True)
            case "out":
                found = found.filter(opted=True)
            case "failed":
                subject = Concat(OuterRef("number"), Value(":"), OuterRef("far"))
                failed = Entry.objects.of(account).filter(
                    thing=MESSAGE.name, subject=subject, state__in=FAILED
                )
                found = found.filter(Exists(failed))
        return found.filter(_words(account, state.q)) if state.q else found

    return narrow


def _words(account: Account, q: str) -> Q | Combinable:
    """A far end's name, digits of either number, or words of a message."""
    digits = phones.sought(q)[0]
    if len(digits) > 2:
        return Q(far__contains=digits) | Q(number__contains=digits)
    said = Message.objects.of(account).filter(
        number=OuterRef("number"), far=OuterRef("far"), text__icontains=q
    )
    return Q(folded__contains=folded(q)) | Q(last_text__icontains=q) | Exists(said)


def _talk(each: Conversation) -> Talk:
    told = each.__dict__
    return Talk(
        each.number,
        each.far,
        each.name,
        told.get("label") or "",
        f"You: {each.last_text}" if each.last_out else each.last_text,
        each.last_at,
        bool(told.get("unread")),
        bool(told.get("opted")),
        None,
    )


def states_of(account: Account, rows: Sequence[Talk]) -> Mapping[str, tuple[str, str]]:
    """By subject, of what moves or failed in these conversations: the newest. One query."""
    found = (
        Entry.objects.of(account)
        .filter(
            thing=MESSAGE.name,
            subject__in=[pair(row.number, row.far) for row in rows],
            state__in=[*OPEN, *FAILED],
        )
        .order_by("pk")
        .values_list("subject", "state")
    )
    return {subject: (shown(state).word, shown(state).tone) for subject, state in found}
