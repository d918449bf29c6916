"""`/settings/`: one's own profile, and how the account is connected."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts import reconnect
from apps.accounts.gates import PortalRequest, refusal, role_required
from apps.accounts.models import Account, KeyExchange
from apps.accounts.proving.gate import must_be_fresh
from apps.accounts.roles import Role
from apps.accounts.signing_in import throttle
from apps.audit.services import record
from apps.team import selectors
from apps.team.forms import ProfileForm, ReconnectForm
from apps.ui import format  # noqa: A004  the module, by the name it has everywhere
from apps.ui.render import SeeOther, render_page, render_part

MINUTE = timedelta(minutes=1)  # moments are shown to the minute
STOP = 286  # htmx: this was the last look

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
def profile(request: PortalRequest) -> HttpResponse:
    """The person's own page: also for staff, who have no account."""
    user = request.user
    form = ProfileForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST":
        if not form.is_valid():
            return render_page(request, "team/profile.html", {"form": form}, status=422)
        if form.cleaned_data["name"] != user.name:
            user.name = form.cleaned_data["name"]
            user.save(update_fields=["name"])
            record(user, request.account, "profile_changed", name=user.name)
        messages.success(request, "Your name is saved.")
        return SeeOther(reverse("team:profile"))
    return render_page(request, "team/profile.html", {"form": form})


@sensitive_post_parameters("secret")
@get_or_post
@role_required(Role.VIEWER)
def keys_page(request: PortalRequest) -> HttpResponseBase:
    """The state of the account's key for everybody; an owner reconnects it, after proving again who
    they are.
    """
    if request.method == "POST":
        return refusal(request, Role.OWNER) or _reconnect(request)
    panel = selectors.keys_panel(request.account, request.membership.role)
    looked_again = request.htmx.target == "team-keys"
    status = STOP if looked_again and not panel["waiting"] else 200
    context = {**panel, "form": ReconnectForm(), "again": looked_again}
    return render_part(request, "team/_keys.html", context, page="team/keys.html", status=status)


def _reconnect(request: PortalRequest) -> HttpResponse:
    must_be_fresh(request, then=reverse("team:keys"))
    account, status = request.account, 422
    form = ReconnectForm(request.POST)
    if form.is_valid():
        kind = form.cleaned_data["kind"]
        try:
            reconnect.ask(account, request.user, kind, form.cleaned_data["secret"])
        except throttle.Throttled:
            status = 429
            form.add_error(None, _held(account, kind))
        else:
            return SeeOther(reverse("team:keys"))
    panel = selectors.keys_panel(account, request.membership.role)
    return render_page(request, "team/keys.html", {**panel, "form": form}, status=status)


def _held(account: Account, kind: str) -> str:
    again = format.clock(reconnect.free_at(account, kind) + MINUTE, account.zone)
    apart = " An API key is counted apart." if kind == KeyExchange.Kind.PASSWORD else ""
    tried = f"{reconnect.TRIES.most} {reconnect.WORDS[kind]}s were tried within a day"
    return f"{tried}, and each costs a call that all customers share. Try again at {again}.{apart}"


@require_POST
@role_required(Role.OWNER)
def cancel_key(request: PortalRequest) -> HttpResponse:
    """Withdraw the wish that waits; what was typed is erased."""
    if reconnect.cancel(request.account, request.user):
        messages.info(request, "Withdrawn. What you typed is erased, and nothing was sent.")
    return SeeOther(reverse("team:keys"))
