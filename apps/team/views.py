"""`/settings/`: one's own profile, and how the account is connected."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from apps.accounts import reconnect
from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.models import Account, KeyExchange
from apps.accounts.proving.gate import must_be_fresh
from apps.accounts.roles import Right
from apps.accounts.signing_in import throttle
from apps.team import selectors, services
from apps.team.forms import ProfileForm, ReconnectForm
from apps.ui import format  # noqa: A004  the module, by the name it has everywhere
from apps.ui.http import STOP, get_or_post, posted, status_of
from apps.ui.render import SeeOther, render_page, render_part

TOO_OFTEN = "You've changed your name many times today. Try again tomorrow."
MINUTE = timedelta(minutes=1)  # moments are shown to the minute


@get_or_post
def profile(request: PortalRequest) -> HttpResponse:
    """The person's own page: also for staff, who have no account."""
    user = request.user
    form = ProfileForm(posted(request), initial={"name": user.name})
    if form.is_valid():
        with throttle.throttled(form, lambda held: TOO_OFTEN):
            services.rename(user, form.cleaned_data["name"])
            messages.success(request, "Your name is saved.")
            return SeeOther(reverse("team:profile"))
    return render_page(request, "team/profile.html", {"form": form}, status=status_of(form))


@role_required(Right.VIEW)
def keys(request: PortalRequest) -> HttpResponseBase:
    """The state of the account's key, for everybody."""
    panel = selectors.keys_panel(request.account, request.membership.role)
    looked_again = request.htmx.target == "team-keys"
    status = STOP if looked_again and not panel["waiting"] else 200
    context = {**panel, "form": ReconnectForm(), "again": looked_again}
    return render_part(request, "team/_keys.html", context, page="team/keys.html", status=status)


@role_required(Right.OWN)
def reconnect_key(request: PortalRequest) -> HttpResponseBase:
    """An owner reconnects the account, after proving again who they are."""
    must_be_fresh(request, "You're reconnecting the VoiceTel account.", then=reverse("team:keys"))
    account, form = request.account, ReconnectForm(request.POST)
    if form.is_valid():
        kind = form.cleaned_data["kind"]
        with throttle.throttled(form, lambda held: _held(account, kind)):
            reconnect.ask(account, request.user, kind, form.cleaned_data["secret"])
            return SeeOther(reverse("team:keys"))
    context = {**selectors.keys_panel(account, request.membership.role), "form": form}
    return render_page(request, "team/keys.html", context, status=status_of(form))


keys_page = sensitive_post_parameters("secret")(get_or_post(keys, reconnect_key))


def _held(account: Account, kind: str) -> str:
    again = format.clock(reconnect.free_at(account, kind) + MINUTE, account.zone)
    apart = " An API key is counted apart." if kind == KeyExchange.Kind.PASSWORD else ""
    tried = f"{reconnect.TRIES.most} {reconnect.WORDS[kind]}s were tried within a day"
    return f"{tried}, and each costs a call that all customers share. Try again at {again}.{apart}"


@require_POST
@role_required(Right.OWN)
def cancel_key(request: PortalRequest) -> HttpResponse:
    """Withdraw the wish that waits; what was typed is erased."""
    if reconnect.cancel(request.account, request.user):
        messages.info(request, "Withdrawn. What you typed is erased, and nothing was sent.")
    return SeeOther(reverse("team:keys"))
