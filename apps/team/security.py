"""`/settings/security/`: password, second factor and signed-in browsers of the person; what the
account asks of its members.
"""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.proving.gate import must_be_fresh
from apps.accounts.roles import Right
from apps.accounts.signing_in import browsers, second, services
from apps.audit.services import record
from apps.team.forms import PasswordForm, SetUpForm
from apps.team.selectors import (
    last_factor_panel,
    list_shown_codes,
    required_of,
    security_panel,
    set_up_panel,
)
from apps.ui.http import get_or_post, posted, status_of
from apps.ui.render import SeeOther, render_page

WRONG_CODE = (
    "That is not the present code of this secret. Wait for the next one; check that your phone's"
    " clock is right."
)


@require_safe
def security(request: PortalRequest) -> HttpResponse:
    return render_page(request, "team/security.html", security_panel(request))


@sensitive_post_parameters("current", "password")
@get_or_post
def password(request: PortalRequest) -> HttpResponse:
    """A new portal password.

    The present one is the proof; who has a second factor shows that lately too.
    """
    user = request.user
    if user.factor_at:
        must_be_fresh(request, "You're changing your password.", then=request.path)
    form = PasswordForm(posted(request), user=user)
    if form.is_valid():
        current, new = form.cleaned_data["current"], form.cleaned_data["password"]
        if services.change_password(request, user, current, new):
            messages.success(
                request, "Your new password is set. Your other browsers are signed out."
            )
            return SeeOther(reverse("team:security"))
        form.add_error("current", "That is not your portal password.")
    context = {"form": form}
    return render_page(request, "team/security_password.html", context, status=status_of(form))


@sensitive_post_parameters("code")
@get_or_post
def factor(request: PortalRequest) -> HttpResponse:
    """Set the second factor up, or set up a new one in its place: show the secret, ask for a code
    of it, show the recovery codes.
    """
    user = request.user
    must_be_fresh(request, "You're changing how you sign in.", then=request.path)
    form = SetUpForm(posted(request))
    if form.is_valid():
        shown = second.confirm_set_up(request, user, form.cleaned_data["code"])
        if shown is not None:
            return set_up(
                request,
                shown,
                "Your authenticator app is set up. Your other browsers are signed out.",
            )
        form.add_error("code", WRONG_CODE)
    context = {**set_up_panel(request), "form": form}
    return render_page(request, "team/security_factor.html", context, status=status_of(form))


@get_or_post
def factor_off(request: PortalRequest) -> HttpResponse:
    """Take the authenticator app off. GET says what it means, POST does it."""
    app = next(iter(second.list_factors(request.user, second.APP)), None)
    if app is None:
        return SeeOther(reverse("team:security"))
    must_be_fresh(request, "You're changing how you sign in.", then=request.path)
    return take_off(request, app, "team/security_off.html", "The authenticator app is off.")


def take_off(request: PortalRequest, factor: Authenticator, page: str, said: str) -> HttpResponse:
    """The page that says what it means to be without that factor, and its POST. `said`: what is so
    afterwards.
    """
    panel = last_factor_panel(request, factor)
    if request.method != "POST":
        return render_page(request, page, panel)
    if not second.remove(request, request.user, factor, needed=bool(required_of(request))):
        return render_page(request, page, last_factor_panel(request, factor), status=422)
    off = " You sign in with your password alone now." if request.user.factor_at is None else ""
    messages.success(request, f"{said}{off} Your other browsers are signed out.")
    return SeeOther(reverse("team:security"))


def set_up(request: PortalRequest, shown: list[str], said: str) -> HttpResponse:
    """After a factor was set up: its recovery codes, where new ones came with it."""
    if shown:
        return _show_codes(request, shown, new=True)
    messages.success(request, said)
    return SeeOther(reverse("team:security"))


@require_POST
def codes(request: PortalRequest) -> HttpResponse:
    """Ten new recovery codes in place of the old ones."""
    if not request.user.factor_at:
        return SeeOther(reverse("team:security"))
    must_be_fresh(request, "You're making new recovery codes.", then=reverse("team:security"))
    return _show_codes(request, second.renew_codes(request, request.user), new=False)


def _show_codes(request: PortalRequest, shown: list[str], *, new: bool) -> HttpResponse:
    """The answer to the POST itself, as nothing keeps them readable: a reload cannot show them
    again.
    """
    return render_page(
        request, "team/security_codes.html", {**list_shown_codes(request.user, shown), "new": new}
    )


@require_POST
def end_session(request: PortalRequest) -> HttpResponse:
    """Sign one of one's own browsers out."""
    ended = browsers.end(request.user, request.POST.get("browser", ""))
    if ended:
        record(request.user, request.account, "session_ended", ended.device)
    messages.info(
        request,
        f"{ended.device} is signed out." if ended else "That browser was signed out already.",
    )
    return SeeOther(reverse("team:security"))


@require_POST
def end_all_sessions(request: PortalRequest) -> HttpResponse:
    """Sign out everywhere, here too."""
    record(request.user, request.account, "sessions_ended", count=browsers.end_all(request.user))
    logout(request)
    messages.info(request, "You are signed out everywhere.")
    return SeeOther(reverse("account_login"))


@require_POST
@role_required(Right.OWN)
def required(request: PortalRequest) -> HttpResponseBase:
    """An owner asks a second factor of every member, or no longer. Owners give the example."""
    must_be_fresh(
        request,
        "You're deciding whether members need two-step verification.",
        then=reverse("team:security"),
    )
    needed = request.POST.get("required") == "1"
    if needed and not request.user.factor_at:
        messages.error(request, "Set up your own two-step verification first. Nothing was changed.")
    elif needed != request.account.requires_factor:
        second.require(request.account, request.user, needed)
        said = (
            "Members without two-step verification set it up before anything else."
            if needed
            else "Two-step verification is each member's choice."
        )
        messages.success(request, said)
    return SeeOther(reverse("team:security"))
