"""Add one known number."""

from django.http import HttpResponse

from apps.accounts import profiles
from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.accounts.signing_in.sessions import signed_in_at
from apps.changes import machine
from apps.changes.kit.balance import cost_of, in_header, rate_of
from apps.numbers.ordering.forms import AddForm
from apps.ui.http import get_or_post
from apps.ui.render import SeeOther, guarded, render_page


@role_required(Right.MANAGE)
def show(request: PortalRequest) -> HttpResponse:
    profiles.want(request.account)
    return _page(request, AddForm(request.account, rate_of(request.account, "did")))


@role_required(Right.MANAGE)
def send(request: PortalRequest) -> HttpResponse:
    """One press, one change; then its page, which says what came of it."""
    form = AddForm(request.account, rate_of(request.account, "did"), request.POST)
    if not form.is_valid():
        form.renew()
        return _page(request, form, 422)
    entry = machine.submit(
        form.change(), by=request.user, token=form.token, fresh_at=signed_in_at(request)
    )
    return guarded(SeeOther(f"/changes/{machine.wait(entry).pk}/"))


add = get_or_post(show, send)


def _page(request: PortalRequest, form: AddForm, status: int = 200) -> HttpResponse:
    cost = cost_of(request.account, form.price or 0)
    context = {"form": form, "price": form.price, "cost": cost, **in_header(cost.balance)}
    return render_page(request, "numbers/ordering/add.html", context, status)
