"""`/admin/`: the portal's own people look at everybody; what administrators do is recorded
(services.py).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.accounts.gates import StaffRequest, staff_required
from apps.accounts.models import User
from apps.accounts.proving.gate import must_be_fresh
from apps.accounts.roles import Role
from apps.staff import services
from apps.staff.forms import DecideForm, SignOutForm
from apps.staff.selectors import account as account_selectors
from apps.staff.selectors import accounts as accounts_selectors
from apps.staff.selectors import budget as budget_selectors
from apps.staff.selectors import overview, people
from apps.ui.http import get_or_post, posted, status_of
from apps.ui.lists.export import FileOf
from apps.ui.render import SeeOther, render_page, render_part

P = ParamSpec("P")
StaffView = Callable[Concatenate[StaffRequest, P], HttpResponse]
ZONE = "UTC"  # staff look at many accounts, each with a zone of its own
BEFORE = "Someone decided this request before you. You changed nothing."


def administrators_change(view: StaffView[P]) -> StaffView[P]:
    """Support may look at the view; what is sent to it comes from an administrator who proved a
    moment ago who they are.
    """

    @wraps(view)
    def guarded_view(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST":
            services.must_administer(request.user, request.path)
            must_be_fresh(request, "You're acting on a customer's people.", then=request.path)
        return view(request, *args, **kwargs)

    return guarded_view


@require_safe
@staff_required
def index(request: StaffRequest) -> HttpResponse:
    """Where staff begin: what waits for them, and what is left of the API allowance."""
    return render_page(request, "staff/overview.html", {**overview.overview(), "zone": ZONE})


@require_safe
@staff_required
def accounts(request: StaffRequest) -> HttpResponse:
    """Every account: how it is connected, who works on it, how old our copies of it are."""
    context = {"listing": accounts_selectors.list_accounts(request), "zone": ZONE}
    return render_part(request, "staff/_accounts.html", context, page="staff/accounts.html")


@require_safe
@staff_required
def accounts_file(request: StaffRequest, made: FileOf) -> HttpResponseBase:
    """All accounts that the list shows for the same query, as a file."""
    return made("accounts", accounts_selectors.SPEC, accounts_selectors.list_all(request), ZONE)


@require_safe
@staff_required
def account(request: StaffRequest, number: str) -> HttpResponse:
    """One account: its connection, its people, who asks to join them, what happened."""
    page = account_selectors.account_page(account_selectors.get_account(number))
    return render_page(request, "staff/account.html", {**page, "zone": ZONE})


@get_or_post
@staff_required
@administrators_change
def join_request(request: StaffRequest, number: str, pk: int) -> HttpResponse:
    """A request to join. POST decides it in a ticket, where no owner answers."""
    asked = account_selectors.get_request(number, pk)
    panel = account_selectors.request_page(asked)
    form = DecideForm(
        posted(request),
        account=number,
        initial={"role": Role.VIEWER if panel["owners"].able else Role.OWNER},
    )
    status = None
    if form.is_valid():
        ticket = form.cleaned_data["ticket"]
        try:
            decided = services.decide(asked, request.user, form.decision, ticket=ticket)
        except services.NotYet as why:
            status = 409
            form.add_error(None, f"{why} Nothing was changed.")
        else:
            _say(request, asked.user, form.decision, decided=decided)
            return SeeOther(reverse("staff:account", args=[number]))
    context = {**panel, "form": form, "zone": ZONE, **_power(request)}
    return render_page(request, "staff/request.html", context, status=status or status_of(form))


@require_safe
@staff_required
def staff(request: StaffRequest) -> HttpResponse:
    """The portal's own people, so that one whose laptop is gone is found and signed out."""
    return render_page(
        request, "staff/staff.html", {"colleagues": people.list_staff(), "zone": ZONE}
    )


@get_or_post
@staff_required
@administrators_change
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """One person. POST ends every browser in which they are signed in."""
    found = people.get_person(pk)
    if request.method == "POST" and found == request.user:
        return SeeOther(reverse("team:security"))  # one's own are ended there
    form = SignOutForm(posted(request))
    if form.is_valid():
        services.sign_out(found, request.user, reason=form.cleaned_data["reason"])
        messages.success(request, f"{found} is signed out everywhere. We emailed them.")
        return SeeOther(request.path)
    context = {**people.person_page(request, found), "form": form, "zone": ZONE, **_power(request)}
    return render_page(request, "staff/person.html", context, status=status_of(form))


@require_safe
@staff_required
def budget(request: StaffRequest) -> HttpResponse:
    """The hour that all customers share: who got its calls, what is left of it, who waits."""
    return render_page(
        request, "staff/budget.html", {"budget": budget_selectors.read(), "zone": ZONE}
    )


def _power(request: StaffRequest) -> dict[str, Any]:
    """What the page offers this member of staff: only administrators act."""
    return {"administers": request.user.staff == User.Staff.ADMIN}


def _say(request: StaffRequest, who: User, role: str | None, *, decided: bool) -> None:
    if not decided:
        messages.info(request, BEFORE)
    elif role is None:
        messages.success(request, f"{who.email} is declined. They and the owners are told.")
    else:
        messages.success(
            request,
            f"{who.email} now has access to the account as {Role(role).label.lower()}. They and the"
            " owners are told.",
        )
