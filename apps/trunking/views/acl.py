"""`/trunking/acl/`: the ranges of addresses that VoiceTel takes calls from."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.accounts.signing_in.sessions import signed_in_at
from apps.changes import machine
from apps.copies import tasks as copies
from apps.copies.selectors import age_of
from apps.copies.views import age_part, refresh_part
from apps.trunking import guard, ranges, selectors, services
from apps.trunking.forms import NoteForm, RangesForm, RemoveForm
from apps.trunking.models import ACCESS, AclEntry
from apps.trunking.services import address_of
from apps.trunking.views.frame import frame, may_change, strips
from apps.ui.http import get_or_post
from apps.ui.render import SeeOther, render_page, wants_part

PAGE = "trunking/acl.html"


def page_of(request: PortalRequest, **more: Any) -> dict[str, Any]:
    """Context of trunking/acl.html. more: the form that is open, and `open` (the range whose note
    is).
    """
    standing = selectors.find_standing(request.account)
    context = frame(request, "acl", standing)
    if context["may_send"] and "form" not in more:
        asked = request.GET.get("add", "")[:100]
        more["form"] = RangesForm(standing.listed, initial={"text": asked} if asked else None)
    names = {address_of(each.address): str(each) for each in standing.own}
    host = services.host_of(standing.trunk.uri) if standing.trunk else ""
    rows = [(each, _has(each, names, host)) for each in standing.entries]
    return context | {
        "rows": rows,
        "age": age_of(request.account, ACCESS),
        "strips": strips(request, "access", "list"),
        "addresses": ranges.merged(standing.listed),
        **more,
    }


def _has(entry: AclEntry, names: dict[Any, str], host: str) -> list[str]:
    """What of the account's is at a range: gateways, and the registered device."""
    network = ranges.networks([entry.cidr])
    found = [name for at, name in names.items() if ranges.covers(network, at)]
    if ranges.covers(network, address_of(host)):
        found.append("registered device")
    return found


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest) -> HttpResponse:
    context = page_of(request)
    copies.ask_if_wanted(request.account, context["age"])
    return render_page(request, PAGE, context)


@require_safe
@role_required(Right.VIEW)
def age(request: PortalRequest) -> HttpResponseBase:
    """The age line again, for a page that waits for a newer copy; the page, to a plain browser."""
    if not wants_part(request):
        return index(request)
    return age_part(request, ACCESS, may_change=may_change(request))


@require_POST
@role_required(Right.MANAGE)
def refresh(request: PortalRequest) -> HttpResponse:
    """Look at VoiceTel's list now."""
    return refresh_part(request, ACCESS)


@require_POST
@role_required(Right.MANAGE)
def add(request: PortalRequest) -> HttpResponse:
    """One text, one change. What was typed stays until every piece of it is decided."""
    standing = selectors.find_standing(request.account)
    form = RangesForm(standing.listed, request.POST)
    if not form.is_valid():
        form.renew()
        return render_page(request, PAGE, page_of(request, form=form), 422)
    entry = machine.submit(
        form.change(request.account),
        by=request.user,
        token=form.token,
        fresh_at=signed_in_at(request),
    )
    return SeeOther(f"/trunking/acl/?entry={machine.wait(entry).pk}")


def _chosen(request: PortalRequest, data: Any) -> list[str]:
    """The ranges that are named, of those that are listed. Raises Http404 where none is."""
    wanted = data.getlist("cidr")[:500]
    mine = AclEntry.objects.of(request.account).filter(cidr__in=wanted)
    found = list(mine.order_by("first", "last").values_list("cidr", flat=True))
    if not found:
        raise Http404
    return found


def _removal(request: PortalRequest, form: RemoveForm | None = None) -> dict[str, Any]:
    cidrs = _chosen(request, request.POST if request.method == "POST" else request.GET)
    standing = selectors.find_standing(request.account)
    table = removal_table(standing, cidrs)
    data = request.POST if request.method == "POST" else None
    return frame(request, "acl", standing) | {
        "cidrs": cidrs,
        "table": table,
        "form": RemoveForm(cidrs, table, data),
        "what": guard.addresses(ranges.networks(cidrs)),
    }


def removal_table(standing: selectors.Standing, cidrs: list[str]) -> guard.Table:
    """What stops when these ranges go."""
    now = selectors.setup_of(standing)
    gone = set(ranges.networks(cidrs))
    after = replace(now, listed=tuple(each for each in now.listed if each not in gone))
    return guard.compare(now, after).about(gone)


@role_required(Right.MANAGE)
def confirm(request: PortalRequest) -> HttpResponse:
    """What stops when the chosen ranges go."""
    if not request.GET.getlist("cidr"):
        return SeeOther("/trunking/acl/")
    return render_page(request, "trunking/acl_remove.html", _removal(request))


@role_required(Right.MANAGE)
def do_remove(request: PortalRequest) -> HttpResponse:
    """POST takes them off."""
    context = _removal(request)
    form: RemoveForm = context["form"]
    if not form.is_valid():
        form.renew()
        return render_page(request, "trunking/acl_remove.html", context, 422)
    entry = machine.submit(
        form.change(request.account),
        by=request.user,
        token=form.token,
        fresh_at=signed_in_at(request),
    )
    return SeeOther(f"/trunking/acl/?entry={machine.wait(entry).pk}")


remove = get_or_post(confirm, do_remove)


@role_required(Right.MANAGE)
def open_note(request: PortalRequest) -> HttpResponse:
    """The page with the note of one range open."""
    cidr = _chosen(request, request.GET)[0] if request.GET.getlist("cidr") else ""
    if not cidr:
        return SeeOther("/trunking/acl/")
    row = AclEntry.objects.of(request.account).get(cidr=cidr)
    form = NoteForm(initial={"cidr": cidr, "note": row.note})
    return render_page(request, PAGE, page_of(request, open=cidr, note=form))


@role_required(Right.MANAGE)
def save_note(request: PortalRequest) -> HttpResponse:
    """POST names a range; an empty note takes the name away."""
    form = NoteForm(request.POST)
    cidr = _chosen(request, request.POST)[0]
    if not form.is_valid():
        return render_page(request, PAGE, page_of(request, open=cidr, note=form), 422)
    services.note_range(request.account, cidr, form.cleaned_data["note"], by=request.user)
    return SeeOther("/trunking/acl/")


note = get_or_post(open_note, save_note)
