"""`/e911/addresses/`: the account's address book."""

from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.e911 import checking, guides, lines
from apps.e911.forms import LabelForm, NewAddressForm, wanted_pk
from apps.e911.models import Address
from apps.e911.selectors import book, one
from apps.e911.services import reviews
from apps.e911.views.listing import may_change
from apps.ui.http import get_or_post
from apps.ui.lists.export import FileOf
from apps.ui.render import SeeOther, render_page, render_part

PAGE = "e911/addresses.html"


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest) -> HttpResponse:
    return _page(request)


@require_safe
@role_required(Right.VIEW)
def index_file(request: PortalRequest, made: FileOf) -> HttpResponseBase:
    """All addresses that the list shows for the same query, as a file."""
    rows = book.all_rows(request, request.account)
    return made("911-addresses", book.SPEC, rows, request.account.zone)


@require_POST
@role_required(Right.MANAGE)
def add(request: PortalRequest) -> HttpResponse:
    """Take an address in use into the book: VoiceTel is asked for its id, and nothing changes
    there. `number`: one that has it.
    """
    record = one.get_record(request.account, str(wanted_pk(request.POST.get("number"))))
    if not record.address1:
        raise Http404
    place = lines.of_row(record)
    place.pop("caller_name")
    try:
        checking.check(request.account, place)
    except checking.NotChecked as wrong:
        return _page(request, wrong, status=422)
    return SeeOther("/e911/addresses/")


@require_safe
@role_required(Right.MANAGE)
def show_new(request: PortalRequest) -> HttpResponse:
    """The form of an address for the book. `job`: a selection that it's wanted for."""
    return _new(request, NewAddressForm(), request.GET)


@role_required(Right.MANAGE)
def check_new(request: PortalRequest) -> HttpResponse:
    """Ask VoiceTel about it; nothing changes there."""
    form = NewAddressForm(request.POST)
    if not form.is_valid():
        form.renew()
        return _new(request, form, request.POST, status=422)
    try:
        address = checking.check(request.account, form.lines)
    except checking.NotChecked as wrong:
        return _new(request, form, request.POST, wrong, status=422)
    if job := wanted_pk(request.POST.get("job")):
        return SeeOther(f"/e911/bulk/{job}/?address={address.pk}")
    return SeeOther("/e911/addresses/")


new = get_or_post(show_new, check_new)


def _new(
    request: PortalRequest,
    form: NewAddressForm,
    given: QueryDict,
    wrong: checking.NotChecked | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "wrong": wrong, "guides": guides, "job": wanted_pk(given.get("job"))}
    return render_page(request, "e911/address_new.html", context, status)


@require_safe
@role_required(Right.MANAGE)
def show_label(request: PortalRequest, pk: int) -> HttpResponse:
    address = _address(request, pk)
    return _label(request, address, LabelForm(initial={"label": address.label}))


@role_required(Right.MANAGE)
def save_label(request: PortalRequest, pk: int) -> HttpResponse:
    address = _address(request, pk)
    form = LabelForm(request.POST)
    if not form.is_valid():
        return _label(request, address, form, status=422)
    reviews.name_address(address, form.cleaned_data["label"], by=request.user)
    return SeeOther("/e911/addresses/")


label = get_or_post(show_label, save_label)


def _address(request: PortalRequest, pk: int) -> Address:
    address = one.find_address(request.account, pk)
    if address is None:
        raise Http404
    return address


def _label(
    request: PortalRequest, address: Address, form: LabelForm, status: int = 200
) -> HttpResponse:
    context = {"form": form, "shown": lines.on_one_line(lines.of_row(address)), "pk": address.pk}
    return render_page(request, "e911/label.html", context, status)


def _page(
    request: PortalRequest, wrong: checking.NotChecked | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "listing": book.page(request, request.account),
        "part": book.PART,
        "may_change": may_change(request),
        "wrong": wrong,
    }
    if request.htmx.target == book.PART:
        return render_part(request, "e911/_addresses.html", context, page=PAGE)
    context["others"] = book.list_others(request.account)
    return render_page(request, PAGE, context, status)
