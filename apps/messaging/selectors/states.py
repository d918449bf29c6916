"""What numbers may text: the list with a verdict each, and one number's routes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.http.request import QueryDict

from apps import phones
from apps.accounts.models import Account
from apps.messaging.models import TextState
from apps.messaging.rates import is_on
from apps.messaging.verdict import Link, Verdict, verdict
from apps.numbers.models import Number
from apps.ui.format import phone
from apps.ui.lists.page import Listing, list_page, list_rows
from apps.ui.lists.spec import Choice, Column, Filter, ListSpec
from apps.ui.lists.state import ListState

MOST = 500  # routes offered to choose from


@dataclass(frozen=True, slots=True)
class Row:
    """One number, ready to be shown. goes: where its inbound messages go, without secrets."""

    number: str
    label: str
    verdict: Verdict
    campaign: str
    status: str
    goes: str
    read_at: datetime

    @property
    def phone(self) -> str:
        return phone(self.number)


@dataclass(frozen=True, slots=True)
class Route:
    """An inbound route that the portal saw on a number. resource: its address."""

    id: int
    resource: str
    seen_on: str


def find_state(account: Account, number: str) -> TextState | None:
    return TextState.objects.of(account).filter(number=number).first()


def bare(resource: str) -> str:
    """A route's address without what may be secret: the query of a web address, and a password in
    it.
    """
    head = resource.partition("?")[0].partition("#")[0]
    scheme, found, rest = head.partition("://")
    if not found:
        return head
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def verdict_of(account: Account, state: TextState) -> Verdict:
    return verdict(state.link, service=is_on(account))


def list_routes(account: Account) -> list[Route]:
    """Every inbound route ever seen on the account's numbers, each once. One query."""
    found = (
        TextState.objects.of(account)
        .exclude(route_in=0)
        .order_by("route_in", "number")
        .values_list("route_in", "resource", "number")[:MOST]
    )
    routes: dict[int, Route] = {}
    for route, resource, number in found:
        routes.setdefault(route, Route(route, resource, number))
    return list(routes.values())


def list_carriers(account: Account) -> list[tuple[int, str]]:
    """(carrier's id, network) of every outbound carrier seen on the account's numbers."""
    found = TextState.objects.of(account).exclude(carrier=0).values_list("carrier", "network")
    return sorted(dict(sorted(found.distinct())).items())


def list_senders(account: Account) -> list[tuple[str, str]]:
    """(number, label) of those that can text now, by number: one can write from these alone."""
    if not is_on(account):
        return []
    found = TextState.objects.of(account).filter(link=Link.YES).order_by("number")
    numbers = list(found.values_list("number", flat=True)[:MOST])
    labels = labels_of(account, numbers)
    return [(number, labels.get(number, "")) for number in numbers]


def labels_of(account: Account, numbers: list[str]) -> Mapping[str, str]:
    found = Number.objects.of(account).filter(number__in=numbers)
    return dict(found.values_list("number", "label"))


def label_of() -> Subquery:
    """For a query of rows with a number: our label of it."""
    mine = Number.objects.across_accounts().filter(
        account=OuterRef("account"), number=OuterRef("number")
    )
    return Subquery(mine.values("label")[:1])


@dataclass(frozen=True, slots=True)
class Lead:
    """The sentence above the list: how many can text, and of the others how many lack what."""

    yes: int
    held: int
    by_link: Mapping[Link, int]

    @property
    def words(self) -> str:
        noun = "number" if self.held == 1 else "numbers"
        near = sum(self.by_link.get(link, 0) for link in (Link.CAMPAIGN, Link.REVIEW))
        end = f" {near:,} {'is' if near == 1 else 'are'} one step away." if near else ""
        return f"{self.yes:,} of {self.held:,} {noun} can text.{end}"


def lead_of(account: Account) -> Lead:
    """One query."""
    found = TextState.objects.of(account).order_by().values_list("link").annotate(Count("pk"))
    counts = {Link(link): many for link, many in found}
    held = sum(counts.values())
    yes = counts.get(Link.YES, 0) if is_on(account) else 0
    return Lead(yes, held, counts)


LINKS = (
    ("yes", "Can text", Link.YES),
    ("campaign", "No campaign", Link.CAMPAIGN),
    ("review", "In review", Link.REVIEW),
    ("stopped", "Campaign not active", Link.STOPPED),
    ("enabled", "VoiceTel says no", Link.ENABLED),
    ("route", "Texting off", Link.ROUTE),
)
LINK = Filter("link", "Can it text?", tuple(Choice(name, label) for name, label, _ in LINKS))
SPEC: ListSpec[Row] = ListSpec(
    (
        Column("number", "Number", "number", order=("number",), text=lambda row: row.number),
        Column("label", "Label", text=lambda row: row.label),
        Column(
            "verdict",
            "Can it text?",
            "verdict",
            order=("link", "number"),
            text=lambda row: row.verdict.words,
        ),
        Column("service", "Service", narrow=False, dots=True),
        Column("inbound", "Inbound", narrow=False, dots=True),
        Column("bound", "Campaign", narrow=False, dots=True),
        Column("accepted", "Accepted", narrow=False, dots=True),
        Column("enabled", "Enabled", narrow=False, dots=True),
        Column("campaign", "Campaign ID", table=False, text=lambda row: row.campaign),
        Column("status", "Campaign status", table=False, text=lambda row: row.status),
        Column("goes", "Inbound messages go to", table=False, text=lambda row: row.goes),
    ),
    "number",
    (LINK,),
    searchable="Number or label",
)


def list_states(request: HttpRequest, account: Account) -> Listing[Row]:
    """The page that the URL asks for, in two queries."""
    return list_page(
        request,
        SPEC,
        _found(account),
        narrow=narrow,
        row=lambda each: row_of(account, each),
        noun="number",
    )


def list_all(request: HttpRequest, account: Account) -> Iterator[Row]:
    return list_rows(
        request, SPEC, _found(account), narrow=narrow, row=lambda each: row_of(account, each)
    )


def _found(account: Account) -> QuerySet[TextState]:
    return TextState.objects.of(account).annotate(label=label_of())


def narrow(found: QuerySet[Any], state: ListState) -> QuerySet[Any]:
    if wanted := state.filters.get("link"):
        found = found.filter(link=next(link for name, _, link in LINKS if name == wanted))
    if state.q:
        digits = phones.sought(state.q)[0]
        found = (
            found.filter(number__contains=digits)
            if digits
            else found.filter(label__icontains=state.q)
        )
    return found


def row_of(account: Account, each: Any) -> Row:
    return Row(
        each.number,
        getattr(each, "label", "") or "",
        verdict_of(account, each),
        each.campaign,
        each.status,
        bare(each.resource),
        each.read_at,
    )


def chosen(data: QueryDict, account: Account) -> list[str]:
    """The ticked numbers of a form that are the account's."""
    asked = [each for each in data.getlist("number") if each.isascii() and each.isdigit()][:MOST]
    return list(
        Number.objects.of(account)
        .filter(number__in=asked)
        .order_by("number")
        .values_list("number", flat=True)
    )
