"""`/messaging/`: conversations, one of them, and what is written in it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from apps.accounts import profiles
from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right, allows
from apps.accounts.signing_in.sessions import signed_in_at
from apps.changes import machine
from apps.messaging import segments
from apps.messaging.forms.sending import MessageForm, NewMessageForm
from apps.messaging.models import Conversation, Kind
from apps.messaging.rates import rate_of
from apps.messaging.selectors import states
from apps.messaging.selectors.conversations import list_talks
from apps.messaging.selectors.thread import find_talk, thread_of
from apps.messaging.services import conversations, feeds, opting
from apps.text import name as plain_name
from apps.ui.http import get_or_post
from apps.ui.render import SeeOther, guarded, render_page, render_part, wants_part

PAGE, THREAD, NEW = (
    "messaging/conversations.html",
    "messaging/_thread.html",
    "messaging/new.html",
)
NAME_MOST = 80  # characters of our name for a far end
P = ParamSpec("P")


def may_send(request: PortalRequest) -> bool:
    return allows(request.membership.role, Right.MANAGE)


def of_talk(
    view: Callable[Concatenate[PortalRequest, Conversation, P], HttpResponseBase],
) -> Callable[Concatenate[PortalRequest, str, str, P], HttpResponseBase]:
    """The view gets the account's conversation of the two numbers in the address; 404 for a
    stranger's, as for none.
    """

    @wraps(view)
    def found(
        request: PortalRequest, number: str, far: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        talk = find_talk(request.account, number[:10], far[:15])
        if talk is None or (talk.number, talk.far) != (number, far):
            raise Http404
        return view(request, talk, *args, **kwargs)

    # wraps() forgets that a view may be called by position
    return found  # type: ignore[return-value]


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest) -> HttpResponse:
    """The list alone; its part, to htmx, every 15 seconds while the page is looked at."""
    context = _list(request)
    return render_part(request, "messaging/_list.html", context, page=PAGE)


@require_safe
@role_required(Right.VIEW)
@of_talk
def show(request: PortalRequest, talk: Conversation) -> HttpResponse:
    before = _moment(request.GET.get("before", ""))
    form = _form(request, talk) if may_send(request) else None
    return _page(request, talk, form, before=before)


@require_POST
@role_required(Right.MANAGE)
@of_talk
def send(request: PortalRequest, talk: Conversation) -> HttpResponse:
    """One press, one message; then the conversation again, so that a reload sends nothing."""
    form = MessageForm(request.account, request.user, request.POST, talk=talk)
    if not form.is_valid():
        form.again()
        return _page(request, talk, form)
    return _send(request, form, talk)


conversation = get_or_post(show, send)


@require_safe
@role_required(Right.VIEW)
@of_talk
def newer(request: PortalRequest, talk: Conversation) -> HttpResponseBase:
    """The bubbles again, for a page that shows `mark`; 204 when there is nothing else to show."""
    if not wants_part(request):
        return show(request, talk.number, talk.far)
    _watch(request, talk)
    thread = thread_of(request.account, talk)
    if request.GET.get("mark") == thread.mark:
        return guarded(HttpResponse(status=204))
    return render_page(request, THREAD, {"thread": thread, "may_send": may_send(request)})


@require_POST
@role_required(Right.MANAGE)
@of_talk
def draft(request: PortalRequest, talk: Conversation) -> HttpResponse:
    """Keep what this person is typing."""
    text = request.POST.get("text", "").replace("\0", "")[: segments.LONGEST]
    conversations.keep_draft(talk, request.user, text)
    return guarded(HttpResponse(status=204))


@require_POST
@role_required(Right.MANAGE)
@of_talk
def name(request: PortalRequest, talk: Conversation) -> HttpResponse:
    """Our own name for the far end."""
    found = plain_name(request.POST.get("name", ""))
    if len(found) > NAME_MOST:
        form = _form(request, talk)
        why = f"Use {NAME_MOST} characters or fewer. This has {len(found):,}."
        return _page(request, talk, form, status=422, name_error=why, name_typed=found)
    conversations.name_far_end(talk, found, by=request.user)
    return SeeOther(f"/messaging/{talk.number}/{talk.far}/")


@require_POST
@role_required(Right.MANAGE)
@of_talk
def opt_out(request: PortalRequest, talk: Conversation) -> HttpResponse:
    """A member records that the far end asked for no more messages."""
    opting.by_hand(request.account, talk.number, talk.far, by=request.user)
    return SeeOther(f"/messaging/{talk.number}/{talk.far}/")


@role_required(Right.MANAGE)
def _new(request: PortalRequest) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = NewMessageForm(request.account, request.user, posted)
    if posted is None or not form.is_valid():
        if posted is not None:
            form.again()
        profiles.want(request.account)
        context = {"form": form, "status": "", **_composer(request)}
        return render_page(request, NEW, context, status=200 if posted is None else 422)
    number, far = form.ends()
    return _send(request, form, conversations.open_with(request.account, number, far))


new = get_or_post(_new, _new)


def _send(request: PortalRequest, form: MessageForm, talk: Conversation) -> HttpResponse:
    entry = machine.submit(
        form.change(), by=request.user, token=form.token, fresh_at=signed_in_at(request)
    )
    conversations.asked(talk, form.cleaned_data["text"])
    conversations.keep_draft(talk, request.user, "")
    feeds.ask_again(request.account, talk.number)
    machine.wait(entry)
    return SeeOther(f"/messaging/{talk.number}/{talk.far}/")


def _form(request: PortalRequest, talk: Conversation) -> MessageForm:
    draft = conversations.draft_of(talk, request.user)
    return MessageForm(request.account, request.user, talk=talk, draft=draft)


def _page(
    request: PortalRequest,
    talk: Conversation,
    form: MessageForm | None,
    *,
    before: datetime | None = None,
    status: int = 0,
    **more: Any,
) -> HttpResponse:
    _watch(request, talk)
    context = {
        **_list(request),
        **_composer(request),
        **more,
        "thread": thread_of(request.account, talk, before),
        "before": before,
        "form": form,
        "open": talk,
    }
    status = status or (422 if form and form.is_bound else 200)
    return render_page(request, PAGE, context, status=status)


def _watch(request: PortalRequest, talk: Conversation) -> None:
    """Someone has it open: it is read up to now, and its number's history comes sooner."""
    if request.account.connected:
        feeds.watch(request.account, talk.number)
    conversations.read_up_to(talk, request.user)


def _list(request: PortalRequest) -> dict[str, Any]:
    return {
        "listing": list_talks(request, request.account, request.membership),
        "may_send": may_send(request),
        "senders": bool(states.list_senders(request.account)),
    }


def _composer(request: PortalRequest) -> dict[str, Any]:
    """What the composer and its script count with."""
    return {
        "rate": rate_of(request.account, Kind.SMS),
        "rate_mms": rate_of(request.account, Kind.MMS),
        "table": segments.table(),
    }


def _moment(typed: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return found if found.tzinfo else None
