"""`/porting/<pid>/`: one port, and what a member says of it."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.accounts.signing_in.sessions import signed_in_at
from apps.changes import machine
from apps.copies import tasks as copies
from apps.copies.selectors import age_of
from apps.porting import tasks
from apps.porting.forms.correct import CorrectForm
from apps.porting.models import PORTS, Group, Port
from apps.porting.rules.reasons import find_reason
from apps.porting.selectors import port as of_port
from apps.porting.services import noting
from apps.porting.views.gates import may_change, of_account
from apps.ui.http import get_or_post, status_of
from apps.ui.render import SeeOther, render_page


@require_safe
@role_required(Right.VIEW)
@of_account
def detail(request: PortalRequest, port: Port) -> HttpResponse:
    tasks.ask_for_one(request.account, port)
    age = age_of(request.account, PORTS)
    copies.ask_if_wanted(request.account, age)
    context = of_port.page(request.account, port)
    context |= {"age": age, "may_change": may_change(request)}
    return render_page(request, "porting/port.html", context)


@require_POST
@role_required(Right.MANAGE)
@of_account
def uploaded(request: PortalRequest, port: Port) -> HttpResponse:
    """A member says that the letter and the bill are uploaded."""
    noting.say_uploaded(request.account, port, request.user)
    return SeeOther(f"/porting/{port.pid}/")


@require_safe
@role_required(Right.MANAGE)
@of_account
def show_correct(request: PortalRequest, port: Port) -> HttpResponse:
    return correct_page(request, port)


def correct_page(
    request: PortalRequest, port: Port, form: CorrectForm | None = None
) -> HttpResponse:
    context = of_port.page(request.account, port)
    if not context["correct"]:
        return SeeOther(f"/porting/{port.pid}/")
    context["form"] = form or CorrectForm(port, context["reason"])
    return render_page(request, "porting/correct.html", context, status_of(context["form"]))


@role_required(Right.MANAGE)
@of_account
def send_correction(request: PortalRequest, port: Port) -> HttpResponse:
    """POST writes the correction into the port's ticket, once."""
    form = CorrectForm(port, find_reason(port.message or port.status), request.POST)
    if not form.is_valid():
        form.renew()
        return correct_page(request, port, form)
    if of_port.ticket_of(port) is None:
        raise Http404
    machine.wait(
        machine.submit(
            form.change(), by=request.user, token=form.token, fresh_at=signed_in_at(request)
        )
    )
    return SeeOther(f"/porting/{port.pid}/")


correct = get_or_post(show_correct, send_correction)


@require_safe
@role_required(Right.VIEW)
def order(request: PortalRequest, pk: int) -> HttpResponse:
    """Where an order leads: to its port, or to the draft that it is in."""
    mine = Port.objects.of(request.account).filter(entry__thing="port_order", entry__subject=pk)
    if port := mine.order_by("pk").first():
        return SeeOther(f"/porting/{port.pid}/")
    group = Group.objects.of(request.account).filter(pk=pk).first() if pk < 2**63 else None
    if group is None:
        raise Http404
    return SeeOther(f"/porting/new/{group.draft_id}/confirm/")


@require_safe
@role_required(Right.VIEW)
def by_row(request: PortalRequest, pk: int) -> HttpResponse:
    """A port by our own key, as notices and emails name it: VoiceTel's id stays out of them."""
    found = Port.objects.of(request.account).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return SeeOther(f"/porting/{found.pid}/")
