"""A number leaves the account: removed, released, or moved to another one."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.accounts.signing_in.sessions import signed_in_at
from apps.changes import machine
from apps.numbers.forms.leaving import WAYS, LeaveForm
from apps.numbers.models import Number
from apps.numbers.selectors import one
from apps.numbers.views.one import of_number
from apps.ui.render import SeeOther, render_page


@require_safe
@role_required(Right.MANAGE)
@of_number
def choose(request: PortalRequest, row: Number) -> HttpResponse:
    """The three ways side by side, each with its form."""
    return _page(request, row)


@require_POST
@role_required(Right.MANAGE)
@of_number
def leave(request: PortalRequest, row: Number, way: str) -> HttpResponse:
    """One press, one change; then its page, as the number's own is gone."""
    form = WAYS[way](row, request.user, request.POST)
    if not form.is_valid():
        form.renew()
        return _page(request, row, way, form)
    entry = machine.submit(
        form.change(), by=request.user, token=form.token, fresh_at=signed_in_at(request)
    )
    return SeeOther(f"/changes/{machine.wait(entry).pk}/")


def _page(
    request: PortalRequest, row: Number, way: str = "", form: LeaveForm | None = None
) -> HttpResponse:
    forms = {name: kind(row, request.user) for name, kind in WAYS.items()}
    if form:
        forms[way] = form
    context = {"row": row, "shown": one.shown(row), "forms": forms}
    return render_page(request, "numbers/leave.html", context, status=422 if form else 200)
