"""`/messaging/numbers/`: which numbers can text, and one number's messaging routes."""

from datetime import timedelta

from django.http import Http404, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from apps.accounts import profiles
from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right, allows
from apps.accounts.signing_in.sessions import signed_in_at
from apps.changes import machine
from apps.changes.models import Entry
from apps.changes.selectors import entry_panel, list_of_thing
from apps.changes.states import OPEN, State
from apps.copies import tasks as copies
from apps.copies.selectors import age_of
from apps.copies.views import age_part, refresh_part
from apps.messaging import tasks
from apps.messaging.forms.campaigns import RoutesForm
from apps.messaging.models import STATES, TextState
from apps.messaging.selectors import states
from apps.numbers import selectors as numbers
from apps.numbers.models import Number
from apps.numbers.thing import NUMBER
from apps.ui.http import get_or_post
from apps.ui.lists.export import FileOf
from apps.ui.render import SeeOther, render_page, render_part, wants_part
from apps.voicetel.clock import about_now

PAGE, ONE, PART = (
    "messaging/numbers.html",
    "messaging/number.html",
    "messaging/_number.html",
)
NEWS = timedelta(minutes=10)
STALE = timedelta(minutes=2)
KINDS = ("SetTextRoutes", "AssignCampaign", "UnassignCampaign")


def may_change(request: PortalRequest) -> bool:
    return allows(request.membership.role, Right.MANAGE)


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest) -> HttpResponse:
    context = {
        "listing": states.list_states(request, request.account),
        "part": "messaging-numbers",
        "may_change": may_change(request),
    }
    if request.htmx.target == "messaging-numbers":
        return render_part(request, "messaging/_numbers.html", context, page=PAGE)
    context["lead"] = states.lead_of(request.account)
    context["age"] = age = age_of(request.account, STATES)
    copies.ask_if_wanted(request.account, age)
    profiles.want(request.account)  # whether the account's messaging is on
    return render_page(request, PAGE, context)


@require_safe
@role_required(Right.VIEW)
def index_file(request: PortalRequest, made: FileOf) -> HttpResponseBase:
    """All numbers that the list shows for the same query, as a file."""
    rows = states.list_all(request, request.account)
    return made("texting-numbers", states.SPEC, rows, request.account.zone)


@require_safe
@role_required(Right.VIEW)
def age(request: PortalRequest) -> HttpResponseBase:
    if not wants_part(request):
        return index(request)
    return age_part(request, STATES, may_change=may_change(request))


@require_POST
@role_required(Right.MANAGE)
def refresh(request: PortalRequest) -> HttpResponse:
    """Look at VoiceTel's list now."""
    return refresh_part(request, STATES)


@require_safe
@role_required(Right.VIEW)
def show(request: PortalRequest, number: str) -> HttpResponse:
    """Whether one number can text, and its routes: a page, or the part of the number's own page."""
    row = _number(request, number)
    state = states.find_state(request.account, row.number)
    if state is None or about_now() - state.read_at > STALE:
        tasks.ask_for_state(request.account, row.number)
    return _page(request, row)


@require_POST
@role_required(Right.MANAGE)
def change(request: PortalRequest, number: str) -> HttpResponse:
    row = _number(request, number)
    state = states.find_state(request.account, row.number)
    if state is None:
        return _page(request, row)
    form = RoutesForm(request.account, state, request.POST)
    if not form.is_valid():
        form.renew()
        return _page(request, row, form)
    entry = machine.submit(
        form.change(), by=request.user, token=form.token, fresh_at=signed_in_at(request)
    )
    machine.wait(entry)
    if wants_part(request):
        return _page(request, row)
    return SeeOther(f"/messaging/numbers/{row.number}/")


number = get_or_post(show, change)


def _number(request: PortalRequest, number: str) -> Number:
    try:
        return numbers.get_number(request.account, number)
    except numbers.NoSuchNumber:
        raise Http404 from None


def _page(request: PortalRequest, row: Number, form: RoutesForm | None = None) -> HttpResponse:
    state: TextState | None = states.find_state(request.account, row.number)
    may = may_change(request)
    if form is None and state and may:
        form = RoutesForm(request.account, state)
    latest = list_of_thing(request.account, NUMBER.name, row.number).filter(kind__in=KINDS).first()
    context = {
        "row": row,
        "state": state,
        "goes": states.bare(state.resource) if state else "",
        "verdict": states.verdict_of(request.account, state) if state else None,
        "form": form,
        "may_change": may,
        "strip": entry_panel(latest, request.membership) if latest and _fresh(latest) else None,
    }
    status = 422 if form and form.is_bound else 200
    return render_part(request, PART, context, page=ONE, status=status)


def _fresh(entry: Entry) -> bool:
    """Whether its outcome is still news: it moves, asks, or settled in the last ten minutes."""
    if entry.state in OPEN | {State.ASK, State.ABSENT}:
        return True
    return about_now() - (entry.settled_at or entry.created_at) < NEWS
