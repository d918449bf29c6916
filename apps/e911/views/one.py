"""`/e911/<number>/`: one number's address, and the ways to change it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.accounts.signing_in.sessions import signed_in_at
from apps.changes import machine
from apps.changes.change import Change
from apps.changes.selectors import entry_panel
from apps.e911 import checking, guides, lines, tasks
from apps.e911.forms import AddressForm, ProtectForm, RemoveForm, wanted_pk
from apps.e911.models import Address, Record
from apps.e911.selectors import book, one
from apps.e911.services import reviews
from apps.e911.views.listing import may_change
from apps.numbers.models import Number
from apps.numbers.selectors.one import ten_digits
from apps.numbers.views.one import of_number
from apps.ui.http import STOP, get_or_post
from apps.ui.lists.state import digits
from apps.ui.render import SeeOther, render_page, render_part

PAGE, STATE = "e911/detail.html", "e911/_state.html"
POLLS = 15  # a page looks so often whether the record was read back, two seconds apart


def state_of(request: PortalRequest, row: Number, *, tries: int = 0) -> dict[str, Any]:
    """Context of e911/_state.html: what is true of the number, in the largest words."""
    record = one.get_record(request.account, row.number)
    return {
        "row": row,
        "record": record,
        "headline": one.headline(record, request.account.zone),
        "address": lines.of_row(record) if record.address1 else None,
        "town": lines.town(lines.of_row(record)),
        "wished": record.wished if record.standing == Record.Standing.PROTECTED else {},
        "poll": one.waits(record) and tries < POLLS,
        "tries": tries + 1,
    }


def number_page(
    request: PortalRequest,
    row: Number,
    *,
    form: AddressForm | None = None,
    protect: ProtectForm | None = None,
    wrong: checking.NotChecked | None = None,
    typed: lines.Lines | None = None,
    opened: bool = False,
) -> dict[str, Any]:
    """Context of e911/detail.html. opened: the form is shown though the number has an address."""
    context = state_of(request, row)
    record = context["record"]
    strip = one.find_strip(request.account, row.number, digits(request.GET.get("entry")))
    may = may_change(request) and request.account.connected
    like = one.get_record(request.account, ten_digits(request.GET.get("like", "")))
    if form is None and may:
        form = AddressForm(initial=_initial(request, record, like))
    address = protect.address if protect else None
    pairs = one.compared(typed or address.typed, lines.of_row(address)) if address else []
    return context | {
        "may_change": may,
        "strip": entry_panel(strip, request.membership) if strip else None,
        "form": form,
        "protect": protect,
        "theirs": one.marked(pairs, 0, "mark"),
        "ours": one.marked(pairs, 1, "del"),
        "corrected": one.corrections(pairs),
        "wrong": wrong,
        "book": one.list_book(request.account) if may else [],
        "others": book.list_others(request.account)[: one.BOOK] if may else [],
        "opened": opened or wrong or like.address1 or not record.address1,
        "service_off": one.is_service_off(request.account),
        "neighbors": reviews.same_place(record).count() if record.address1 else 0,
        "is_default": row.number == one.default_caller_id(request.account),
        "guides": guides,
    }


def _initial(request: PortalRequest, record: Record, like: Record) -> dict[str, str]:
    """The lines of the number like which it shall be, else its own, and a caller name."""
    shown = next((each for each in (like, record) if each.address1), None)
    name = record.caller_name or like.caller_name or one.default_name(request.account, record)
    return (lines.of_row(shown) if shown else {}) | {"caller_name": name}


@require_safe
@role_required(Right.VIEW)
@of_number
def show(request: PortalRequest, row: Number) -> HttpResponse:
    """`address`: of the book, to be used for this number; `change`: the form is open; `entry`: the
    change whose strip is shown.
    """
    record = one.get_record(request.account, row.number)
    if one.waits(record):
        tasks.nudge(request.account.pk, row.number)
    protect = None
    if may_change(request) and (pk := wanted_pk(request.GET.get("address"))):
        address = _of_book(request, pk)
        name = one.default_name(request.account, record)
        protect = ProtectForm(address, caller_name=name)
    context = number_page(request, row, protect=protect, opened="change" in request.GET)
    return render_page(request, PAGE, context)


@require_safe
@role_required(Right.VIEW)
@of_number
def state(request: PortalRequest, row: Number) -> HttpResponse:
    """What is true now, for a page that waits for the record to be read back."""
    context = state_of(request, row, tries=digits(request.GET.get("tries")))
    status = 200 if context["poll"] or not request.htmx else STOP
    full = context if request.htmx else number_page(request, row)
    return render_part(request, STATE, full, page=PAGE, status=status)


@require_POST
@role_required(Right.MANAGE)
@of_number
def check(request: PortalRequest, row: Number) -> HttpResponse:
    """Ask VoiceTel about the address; nothing changes there. What was typed stays."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        form.renew()
        return _page(request, row, 422, form=form, opened=True)
    try:
        address = checking.check(request.account, form.lines)
    except checking.NotChecked as wrong:
        return _page(request, row, 422, form=form, wrong=wrong)
    protect = ProtectForm(address, caller_name=form.cleaned_data["caller_name"])
    return _page(request, row, 200, form=form, protect=protect, typed=form.lines)


@require_POST
@role_required(Right.MANAGE)
@of_number
def protect(request: PortalRequest, row: Number) -> HttpResponse:
    """Use an address of the book, which VoiceTel checked."""
    form = ProtectForm(_of_book(request, wanted_pk(request.POST.get("address"))), request.POST)
    if not form.is_valid():
        form.renew()
        return _page(request, row, 422, protect=form)
    return _press(request, row, form.change(request.account, row.number), form.token)


@require_POST
@role_required(Right.MANAGE)
@of_number
def create(request: PortalRequest, row: Number) -> HttpResponse:
    """Check and protect in one step."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        form.renew()
        return _page(request, row, 422, form=form, opened=True)
    return _press(request, row, form.change(request.account, row.number), form.token)


@require_POST
@role_required(Right.MANAGE)
@of_number
def review(request: PortalRequest, row: Number) -> HttpResponse:
    """The address is right still; `all`: for every number at it."""
    record = one.get_record(request.account, row.number)
    if record.address1:
        reviews.review(record, by=request.user, whole="all" in request.POST)
    return SeeOther(f"/e911/{row.number}/")


@require_safe
@role_required(Right.MANAGE)
@of_number
def ask_remove(request: PortalRequest, row: Number) -> HttpResponse:
    """What a removal does, with the number to be typed."""
    return _removal(request, row, RemoveForm(row.number))


@require_POST
@role_required(Right.MANAGE)
@of_number
def do_remove(request: PortalRequest, row: Number) -> HttpResponse:
    form = RemoveForm(row.number, request.POST)
    if not form.is_valid():
        form.renew()
        return _removal(request, row, form, status=422)
    return _press(request, row, form.change(request.account, row.number), form.token)


remove = get_or_post(ask_remove, do_remove)


def _removal(
    request: PortalRequest, row: Number, form: RemoveForm, status: int = 200
) -> HttpResponse:
    context = state_of(request, row) | {"form": form}
    return render_page(request, "e911/remove.html", context, status)


def _of_book(request: PortalRequest, pk: int) -> Address:
    address = one.find_address(request.account, pk)
    if address is None:
        raise Http404("no such address in the account's book")
    return address


def _page(request: PortalRequest, row: Number, status: int, **given: Any) -> HttpResponse:
    return render_page(request, PAGE, number_page(request, row, **given), status)


def _press(request: PortalRequest, row: Number, change: Change, token: str) -> HttpResponse:
    entry = machine.submit(change, by=request.user, token=token, fresh_at=signed_in_at(request))
    machine.wait(entry)
    return SeeOther(f"/e911/{row.number}/?entry={entry.pk}")
