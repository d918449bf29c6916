"""What people see of what they were told: the bell's count, the page, the choices."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from apps.notifications.kinds import LOCKED, ON_REQUEST, Group, kind_of, words
from apps.notifications.models import Choice, Notice
from apps.ui import format  # noqa: A004  the module, by the name it has everywhere

ROWS = 50  # a page
CHOICES = "/settings/notifications/"

# What each group holds, and why its mail cannot be switched off, in the words of the page.
HOLDS: dict[Group, str] = {
    Group.SECURITY: (
        "New sign-ins, and changes of your password, passkeys and two-step verification."
    ),
    Group.PEOPLE: "Who joined, left or changed role or name, and what owners decided about you.",
    Group.CONNECTION: "Accounts that were connected, and connections that stopped working.",
    Group.CHANGES: (
        "For owners: other members' changes that can cost money, and changes that went through"
        " after all."
    ),
    Group.PORTS: (
        "For owners and managers: letters to sign, dates, rejections and arrivals of numbers that"
        " come from another carrier."
    ),
    Group.TICKETS: (
        "VoiceTel support's answers to tickets that you wrote in, or, for owners, that nobody did."
        " VoiceTel emails them to the account's address too."
    ),
    Group.TEXTS: "For owners and managers: campaigns that were accepted, rejected or stopped.",
}
ALWAYS: dict[Group, str] = {
    Group.SECURITY: "Always emailed, so nobody at your browser can turn this off.",
    Group.PEOPLE: "Requests to join are always emailed, because only an owner can decide.",
}


# whose mail a person may switch off
SWITCHED = tuple(group.value for group in Group if group not in LOCKED)


@dataclass(frozen=True, slots=True)
class Row:
    """One notice, ready to be shown. account: its name, or ""; label: of the button that leads
    there.
    """

    pk: int
    unread: bool
    tone: str
    title: str
    text: str
    account: str
    at: datetime
    path: str
    label: str


@dataclass(frozen=True, slots=True)
class Page:
    """Notices by day, newest first. newest: primary key of the first of all shown, 0 for none;
    older: where the next ones begin.
    """

    days: list[tuple[str, list[Row]]]
    unread_only: bool
    before: int
    newest: int
    older: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """One group on the page of choices. why: why it is mailed in any case, or ""."""

    group: str
    label: str
    holds: str
    why: str
    locked: bool
    mail: bool


def unread_count() -> Coalesce:
    """How many notices that they may see a person has not read: for the query that loads the person
    (accounts/backend.py).
    """
    mine = Notice.objects.of(OuterRef("pk")).filter(read_at=None).order_by()
    counted = mine.values("user").annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def count_unread(user: Any) -> int:
    """The same for a person at hand, once it has changed."""
    return Notice.objects.of(user).filter(read_at=None).count()


def get_notice(user: Any, pk: int) -> Notice:
    """Raises Http404: what is someone else's does not exist."""
    found = (
        Notice.objects.of(user).select_related("account").filter(pk=pk).first()
        if pk < 2**63
        else None
    )
    if found is None:
        raise Http404("no such notice of theirs")
    return found


def list_page(user: Any, zone: str, *, unread_only: bool = False, before: int = 0) -> Page:
    """One page: 50 notices, those with a smaller primary key than `before`. One query."""
    found = Notice.objects.of(user).select_related("account").order_by("-pk")
    if unread_only:
        found = found.filter(read_at=None)
    if before:
        found = found.filter(pk__lt=before)
    shown = list(found[: ROWS + 1])
    rows = [row_of(notice) for notice in shown[:ROWS]]
    days = [(day, list(each)) for day, each in groupby(rows, key=lambda row: day_of(row.at, zone))]
    return Page(
        days,
        unread_only,
        before,
        rows[0].pk if rows else 0,
        rows[-1].pk if len(shown) > ROWS else 0,
    )


def row_of(notice: Notice) -> Row:
    kind, said = kind_of(notice.kind), words(notice.kind, notice.facts)
    account = str(notice.account) if notice.account else ""
    return Row(
        notice.pk,
        notice.read_at is None,
        kind.tone,
        said.subject,
        " ".join(said.paragraphs),
        account,
        notice.at,
        said.path,
        kind.label,
    )


def day_of(at: datetime, zone: str) -> str:
    """Today, Yesterday, or the date, in that zone."""
    now = format.now()
    named = {format.day(now, zone): "Today", format.day(now - timedelta(days=1), zone): "Yesterday"}
    day = format.day(at, zone)
    return named.get(day, day)


def choices_panel(user: Any) -> list[Chosen]:
    """Every group, and whether it comes by mail. One query."""
    chosen = dict(Choice.objects.filter(user=user).values_list("group", "mail"))
    return [
        Chosen(
            group.value,
            group.label,
            HOLDS[group],
            ALWAYS.get(group, ""),
            group in LOCKED,
            group in LOCKED or chosen.get(group.value, group not in ON_REQUEST),
        )
        for group in Group
    ]


def is_mailed(notice: Notice) -> bool:
    """Whether it is to go out by mail as things stand now: theirs still, not read on the page
    meanwhile, and not switched off.
    """
    kind = kind_of(notice.kind)
    if (
        not notice.user.is_active
        or not Notice.objects.of(notice.user_id).filter(pk=notice.pk).exists()
    ):
        return False
    if kind.locked:
        return True
    choice = Choice.objects.filter(user=notice.user_id, group=kind.group).first()
    wanted = choice.mail if choice else kind.group not in ON_REQUEST
    return notice.read_at is None and wanted


def open_path(pk: int) -> str:
    return f"/notifications/{pk}/open/"
