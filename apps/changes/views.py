"""One change and its state, what a person may decide about it, and the journal."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import JOURNAL
from apps.accounts.signing_in.sessions import signed_in_at
from apps.audit.models import Event
from apps.changes import journal, selectors, services
from apps.changes.kit import kept
from apps.changes.models import Entry
from apps.ui.http import STOP, status_of_part
from apps.ui.lists.export import FileOf
from apps.ui.render import answer_part, render_page, render_part, wants_part


@require_safe
@role_required(JOURNAL)
def detail(request: PortalRequest, pk: int) -> HttpResponse:
    """A change: htmx gets its strip, and asks again while it moves."""
    entry = selectors.get_entry(request.account, pk)
    if wants_part(request):
        return _strip(request, entry)
    return render_page(
        request, "changes/detail.html", selectors.entry_page(entry, request.membership)
    )


@require_POST
@role_required(JOURNAL)
def cancel(request: PortalRequest, pk: int) -> HttpResponse:
    return _answer(
        request, services.cancel(selectors.get_entry(request.account, pk), by=request.user)
    )


@require_POST
@role_required(JOURNAL)
def undo(request: PortalRequest, pk: int) -> HttpResponse:
    entry = selectors.get_entry(request.account, pk)
    token = request.POST.get("token", "")
    return _answer(
        request,
        services.undo(entry, by=request.user, token=token, fresh_at=signed_in_at(request)),
    )


@require_POST
@role_required(JOURNAL)
def undo_kept(request: PortalRequest, pk: int) -> HttpResponse:
    """Bring back a value that is ours alone, as it was before that event."""
    known = Event.objects.of(request.account).filter(action__in=kept.KEPT)
    event = kept.undo(get_object_or_404(known, pk=pk), request.membership, request.user)
    page = kept.KEPT[event.action].thing.href(event.subject)
    context = kept.strip(event, request.membership)
    response = answer_part(request, "changes/_kept.html", context, back=f"{page}?kept={event.pk}")
    response["HX-Trigger"] = "change-settled"
    return response


@require_POST
@role_required(JOURNAL)
def answer(request: PortalRequest, pk: int) -> HttpResponse:
    entry = selectors.get_entry(request.account, pk)
    value, token = request.POST.get("answer", ""), request.POST.get("token", "")
    return _answer(
        request,
        services.answer(entry, value, by=request.user, token=token, fresh_at=signed_in_at(request)),
    )


@require_safe
@role_required(JOURNAL)
def audit(request: PortalRequest) -> HttpResponse:
    """The journal, newest first.

    A panel of another page asks for one subject and gets the short form.
    """
    if request.htmx and request.htmx.target != "changes-journal" and request.GET.get("about"):
        return _of_thing(request)
    listing = journal.read(request)
    return render_part(
        request,
        "changes/_journal.html",
        {"listing": listing},
        page="changes/journal.html",
        status=status_of_part(request, "changes-journal", listing.every),
    )


@require_safe
@role_required(JOURNAL)
def audit_file(request: PortalRequest, made: FileOf) -> HttpResponseBase:
    """All that the journal shows for the same query, as a file."""
    spec, rows = journal.read_all(request)
    return made("activity", spec, rows, request.account.zone)


@require_safe
@role_required(JOURNAL)
def of_thing(request: PortalRequest) -> HttpResponse:
    """What was done to one thing: a panel of that thing's page."""
    return _of_thing(request)


def _of_thing(request: PortalRequest) -> HttpResponse:
    context = journal.thing_panel(request.account, request.GET.get("about", "")[:140])
    return render_part(request, "changes/_of_thing.html", context, page="changes/of_thing.html")


def _strip(request: PortalRequest, entry: Entry) -> HttpResponse:
    """The strip; when it stopped moving, htmx is told to stop, and the page that
    something settled.
    """
    response = render_page(request, "changes/_strip.html", _panel(request, entry))
    if not entry.moves:
        response.status_code = STOP
        response.headers["HX-Trigger"] = "change-settled"
    return response


def _panel(request: PortalRequest, entry: Entry) -> dict[str, Any]:
    """The strip's context; on the change's own page it does not link to itself."""
    own = bool(request.htmx) and request.htmx.current_url_abs_path == reverse(
        "changes:detail", args=[entry.pk]
    )
    return selectors.entry_panel(entry, request.membership) | {"own_page": own}


def _answer(request: PortalRequest, entry: Entry) -> HttpResponse:
    """After a decision: the strip of the entry that now matters, or its page."""
    back = reverse("changes:detail", args=[entry.pk])
    response = answer_part(request, "changes/_strip.html", _panel(request, entry), back=back)
    if not entry.moves and wants_part(request):
        response.headers["HX-Trigger"] = "change-settled"
    return response
