"""`/messaging/brands/` and `/messaging/campaigns/`: 10DLC, as far as VoiceTel's network goes."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.accounts.signing_in.sessions import signed_in_at
from apps.changes import machine
from apps.changes.kit.forms import ChangeForm
from apps.copies import tasks as copies
from apps.copies.selectors import age_of
from apps.copies.views import age_part, refresh_part
from apps.messaging.forms.campaigns import (
    AddForm,
    Asking,
    AssignForm,
    BrandForm,
    CampaignForm,
    CampaignNameForm,
    UnassignForm,
)
from apps.messaging.models import CAMPAIGNS
from apps.messaging.selectors import campaigns as selected
from apps.messaging.services import campaigns
from apps.messaging.views.numbers import may_change
from apps.ui.http import get_or_post
from apps.ui.render import SeeOther, render_page, wants_part

BRANDS, LIST, NEW, ONE = (
    "messaging/brands.html",
    "messaging/campaigns.html",
    "messaging/campaign_new.html",
    "messaging/campaign.html",
)


@require_safe
@role_required(Right.VIEW)
def show_brands(request: PortalRequest) -> HttpResponse:
    return _brands(request, BrandForm(request.account) if may_change(request) else None)


@require_POST
@role_required(Right.MANAGE)
def register_brand(request: PortalRequest) -> HttpResponse:
    form = BrandForm(request.account, request.POST)
    if not form.is_valid():
        form.renew()
        return _brands(request, form)
    return _submit(request, form, "/messaging/brands/")


brands = get_or_post(show_brands, register_brand)


def _brands(request: PortalRequest, form: BrandForm | None) -> HttpResponse:
    context = {"brands": selected.list_brands(request.account), "form": form}
    status = 422 if form and form.is_bound else 200
    return render_page(request, BRANDS, context, status=status)


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest) -> HttpResponse:
    return _list(request, AddForm() if may_change(request) else None)


def _list(request: PortalRequest, form: AddForm | None) -> HttpResponse:
    age = age_of(request.account, CAMPAIGNS)
    copies.ask_if_wanted(request.account, age)
    context = {
        "campaigns": selected.list_campaigns(request.account),
        "form": form,
        "age": age,
        "may_change": may_change(request),
    }
    return render_page(request, LIST, context, status=422 if form and form.is_bound else 200)


@require_POST
@role_required(Right.MANAGE)
def add(request: PortalRequest) -> HttpResponse:
    """Remember a campaign that is on the network already."""
    form = AddForm(request.POST)
    if not form.is_valid():
        return _list(request, form)
    campaign = form.cleaned_data["campaign"]
    campaigns.add(request.account, campaign, by=request.user)
    copies.ask(request.account, CAMPAIGNS)
    return SeeOther(f"/messaging/campaigns/{campaign}/")


@require_safe
@role_required(Right.VIEW)
def age(request: PortalRequest) -> HttpResponseBase:
    if not wants_part(request):
        return index(request)
    return age_part(request, CAMPAIGNS, may_change=may_change(request))


@require_POST
@role_required(Right.MANAGE)
def refresh(request: PortalRequest) -> HttpResponse:
    """Ask VoiceTel about every campaign now."""
    campaigns.forget_age(request.account)
    return refresh_part(request, CAMPAIGNS)


@role_required(Right.MANAGE)
def _new(request: PortalRequest) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = CampaignForm(request.account, posted)
    if posted is None or not form.is_valid():
        form.renew()
        context = {"form": form, "brands": selected.list_brands(request.account)}
        return render_page(request, NEW, context, status=200 if posted is None else 422)
    return _submit(request, form, f"/messaging/campaigns/{form.cleaned_data['campaign']}/")


new = get_or_post(_new, _new)


@require_safe
@role_required(Right.VIEW)
def show(request: PortalRequest, campaign: str) -> HttpResponse:
    return _page(request, selected.get_campaign(request.account, campaign))


@require_POST
@role_required(Right.MANAGE)
def name(request: PortalRequest, campaign: str) -> HttpResponse:
    shown = selected.get_campaign(request.account, campaign)
    form = CampaignNameForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, naming=form)
    campaigns.give_name(shown.row, form.cleaned_data["name"], by=request.user)
    return SeeOther(shown.href)


@require_POST
@role_required(Right.MANAGE)
def assign(request: PortalRequest, campaign: str) -> HttpResponse:
    """Bind one number."""
    shown = selected.get_campaign(request.account, campaign)
    free = selected.free_for(request.account, campaign)
    form = AssignForm(shown.row, free, request.POST)
    if not form.is_valid():
        form.again()
        return _page(request, shown, assigning=form)
    return _submit(request, form, shown.href)


@require_POST
@role_required(Right.MANAGE)
def unassign(request: PortalRequest, campaign: str) -> HttpResponse:
    """Take the ticked numbers off: one, or several by one call."""
    shown = selected.get_campaign(request.account, campaign)
    bound = selected.bound_to(request.account, campaign)
    form = UnassignForm(shown, bound, request.POST)
    if not form.is_valid():
        form.again()
        return _page(request, shown, unassigning=form)
    return _submit(request, form, shown.href)


def _submit(request: PortalRequest, form: ChangeForm, back: str) -> HttpResponse:
    """Send the valid form's change; then the page of what became of it, where that is not done."""
    change = form.change()  # type: ignore[attr-defined]  # every form of these has one
    entry = machine.wait(
        machine.submit(change, by=request.user, token=form.token, fresh_at=signed_in_at(request))
    )
    return SeeOther(back if entry.state == "done" else f"/changes/{entry.pk}/")


def _page(
    request: PortalRequest,
    shown: selected.Shown,
    *,
    assigning: AssignForm | None = None,
    unassigning: UnassignForm | None = None,
    naming: CampaignNameForm | None = None,
) -> HttpResponse:
    may, campaign = may_change(request), shown.row.campaign
    bound = selected.bound_to(request.account, campaign)
    free = selected.free_for(request.account, campaign) if may else []
    wrong = next((form for form in (assigning, unassigning, naming) if form), None)
    turn, lead = selected.lead(shown)
    context: dict[str, Any] = {
        "shown": shown,
        "turn": turn,
        "lead": lead,
        "bound": bound,
        "events": selected.events_of(shown.row),
        "assigning": assigning or (AssignForm(shown.row, free) if free else None),
        "unassigning": unassigning,
        "ticked": unassigning.numbers if isinstance(unassigning, Asking) else [],
        "naming": naming or CampaignNameForm(initial={"name": shown.row.name}),
        "token": ChangeForm(auto_id="id_token_%s"),
        "may_change": may,
    }
    return render_page(request, ONE, context, status=422 if wrong else 200)
