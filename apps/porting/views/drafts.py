"""`/porting/new/`: preparing an order, step by step, and sending it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.accounts.signing_in.sessions import signed_in_at
from apps.changes import machine
from apps.porting import pace, sending, tasks
from apps.porting.bill import BillForm
from apps.porting.forms.numbers import ConfirmForm, NumbersForm, StartForm
from apps.porting.models import Draft, Group
from apps.porting.preflight import today_of
from apps.porting.rules.carriers import find_help
from apps.porting.selectors import draft as of_draft
from apps.porting.selectors import orders
from apps.porting.services import checks, drafts, placing
from apps.porting.views.gates import of_account
from apps.ui.http import get_or_post, posted, status_of, status_of_part
from apps.ui.render import SeeOther, render_page, render_part

STEPS = (("", "Numbers"), ("bills/", "Bills"), ("confirm/", "Confirm"))


def page(
    request: PortalRequest, draft: Draft, step: int, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """One of the steps, with the row of all of them."""
    steps = [
        (name, f"/porting/new/{draft.pk}/{path}", "now" if each == step else "")
        for each, (path, name) in enumerate(STEPS)
    ]
    template = ("numbers", "bills", "confirm")[step]
    found = context | {"draft": draft, "steps": steps}
    return render_page(request, f"porting/new_{template}.html", found, status)


@get_or_post
@role_required(Right.MANAGE)
def start(request: PortalRequest) -> HttpResponse:
    """GET shows an empty order; POST makes a draft of what was pasted."""
    form = StartForm(posted(request))
    if form.is_valid():
        draft = drafts.start(request.account, request.user, form.cleaned_data["title"], form.found)
        tasks.nudge_checks(request.account, len(form.found.numbers))
        say_left_out(request, form.found)
        return SeeOther(f"/porting/new/{draft.pk}/")
    return render_page(request, "porting/new.html", {"form": form}, status_of(form))


def say_left_out(request: PortalRequest, found: drafts.Added) -> None:
    """What of a paste was left out, on the next page."""
    for typed, why in found.left_out[:20]:
        messages.warning(request, f"{typed} was left out. {why}")
    if len(found.left_out) > 20:
        messages.warning(request, f"{len(found.left_out) - 20:,} more were left out.")


@require_safe
@role_required(Right.MANAGE)
@of_account
def show_numbers(request: PortalRequest, draft: Draft) -> HttpResponse:
    renew(request, draft)
    found = of_draft.numbers_page(request.account, draft)
    if request.htmx.target == "porting-numbers":
        status = status_of_part(request, "porting-numbers", found["every"])
        return render_part(
            request,
            "porting/_numbers.html",
            found | {"draft": draft},
            page="porting/new_numbers.html",
            status=status,
        )
    return page(request, draft, 0, found | {"form": NumbersForm()})


@role_required(Right.MANAGE)
@of_account
def add_numbers(request: PortalRequest, draft: Draft) -> HttpResponse:
    """POST adds numbers to the draft."""
    form = NumbersForm(request.POST)
    if not form.is_valid():
        found = of_draft.numbers_page(request.account, draft)
        return page(request, draft, 0, found | {"form": form}, status_of(form))
    drafts.add(request.account, draft, request.user, form.found)
    tasks.nudge_checks(request.account, len(form.found.numbers))
    say_left_out(request, form.found)
    return SeeOther(f"/porting/new/{draft.pk}/")


numbers = get_or_post(show_numbers, add_numbers)


def renew(request: PortalRequest, draft: Draft) -> None:
    """Have checks renewed that grow old while somebody looks."""
    if old := of_draft.to_renew(request.account, draft):
        checks.want(request.account, old, older=pace.RENEW)
        tasks.nudge_checks(request.account, len(old))


@require_POST
@role_required(Right.MANAGE)
@of_account
def change_numbers(request: PortalRequest, draft: Draft) -> HttpResponse:
    """POST takes a number off, moves ticked ones to another bill, or checks one again."""
    chosen = request.POST.getlist("number")[:1000]
    if again := request.POST.get("again"):
        checks.ask_again(request.account, again)
        tasks.nudge_checks(request.account, 1)
    elif gone := request.POST.get("remove"):
        drafts.remove(request.account, draft, request.user, [gone])
    elif said := placing.move(
        request.account, draft, request.user, chosen, request.POST.get("to", "")
    ):
        messages.warning(request, said)
    return SeeOther(f"/porting/new/{draft.pk}/")


@require_safe
@role_required(Right.MANAGE)
@of_account
def bills(request: PortalRequest, draft: Draft) -> HttpResponse:
    """The first bill that is not ready is open."""
    renew(request, draft)
    found = of_draft.bills(request.account, draft)
    open_one = next((each for each in found if not each.held and not each.ready), None)
    if open_one:
        return bill_page(request, draft, open_one.group, found=found)
    return page(request, draft, 1, bills_context(request, draft, found))


def bills_context(request: PortalRequest, draft: Draft, found: list[Any]) -> dict[str, Any]:
    return {"bills": found, "sum": of_draft.sum_of(request.account, found)}


def bill_page(
    request: PortalRequest,
    draft: Draft,
    group: Group,
    form: BillForm | None = None,
    found: list[of_draft.Bill] | None = None,
) -> HttpResponse:
    found = of_draft.bills(request.account, draft) if found is None else found
    form = form or BillForm(group, today=today_of(request.account))
    context = bills_context(request, draft, found) | {
        "open": group,
        "form": form,
        "help": find_help(group.carrier),
        "pin_at": group.pin_at,
    }
    return page(request, draft, 1, context, status_of(form))


@require_safe
@role_required(Right.MANAGE)
@of_account
def show_bill(request: PortalRequest, draft: Draft, group: Group) -> HttpResponse:
    return bill_page(request, draft, group)


@role_required(Right.MANAGE)
@of_account
def save_bill(request: PortalRequest, draft: Draft, group: Group) -> HttpResponse:
    """POST keeps what was typed, right or wrong; what is wrong is said beside its field."""
    form = BillForm(group, request.POST, today=today_of(request.account))
    form.is_valid()
    version = request.POST.get("version", "")
    pin: str | None = form.cleaned_data.get("pin") or None
    if request.POST.get("forget_pin"):
        pin = ""
    try:
        clash = drafts.save_bill(
            request.account,
            group,
            request.user,
            form.typed(),
            pin,
            int(version) if version.isascii() and version.isdigit() else 0,
        )
    except drafts.Moved as moved:
        messages.warning(request, str(moved))
        return SeeOther(f"/porting/new/{draft.pk}/confirm/")
    for name, value in clash.items():
        form.add_error(
            name,
            f"{group.changed_by} changed this to “{value}” meanwhile. Save again to keep yours.",
        )
    if form.errors and not (request.POST.get("later") and not clash):
        return bill_page(request, draft, group, form)
    if request.POST.get("later"):
        messages.success(request, "Saved. Your team can go on with it from Porting.")
        return SeeOther("/porting/")
    return SeeOther(f"/porting/new/{draft.pk}/bills/")


bill = get_or_post(show_bill, save_bill)


@require_safe
@role_required(Right.MANAGE)
@of_account
def show_confirm(request: PortalRequest, draft: Draft) -> HttpResponse:
    renew(request, draft)
    found = of_draft.confirm_page(request.account, draft)
    return page(request, draft, 2, found | {"form": confirm_form(found)})


def confirm_form(found: dict[str, Any], data: Any = None) -> ConfirmForm:
    groups = [each.group.pk for each in found["fresh"]]
    asks = any(each.checked.asks for each in found["fresh"])
    return ConfirmForm(groups, asks=asks, data=data)


@role_required(Right.MANAGE)
@of_account
def send(request: PortalRequest, draft: Draft) -> HttpResponse:
    """POST orders every group that the page showed, each once."""
    found = of_draft.confirm_page(request.account, draft)
    form = confirm_form(found, request.POST)
    if not form.is_valid():
        return page(request, draft, 2, found | {"form": form}, 422)
    try:
        entries = sending.send(
            request.account,
            draft,
            request.user,
            form.cleaned_data["groups"],
            signed_in_at(request),
        )
    except sending.Stopped:
        tasks.nudge_checks(request.account, len(found["fresh"]))
        context = of_draft.confirm_page(request.account, draft) | {"form": form, "stopped": True}
        return page(request, draft, 2, context, 422)
    done = [machine.wait(entry) for entry in entries[:1]] + entries[1:]
    if len(done) == 1 and orders.is_done(done[0]):
        return SeeOther(f"/porting/orders/{done[0].subject}/")
    return SeeOther(f"/porting/new/{draft.pk}/confirm/")


confirm = get_or_post(show_confirm, send)


@require_POST
@role_required(Right.MANAGE)
@of_account
def discard(request: PortalRequest, draft: Draft) -> HttpResponseBase:
    try:
        drafts.discard(request.account, draft, request.user)
    except drafts.Moved as moved:
        messages.warning(request, str(moved))
        return SeeOther(f"/porting/new/{draft.pk}/confirm/")
    messages.success(request, "Draft discarded.")
    return redirect("porting:list")
