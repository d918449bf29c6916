"""`/login/code/`: the second step of a sign-in; and those who must set one up are led
there first.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStageController
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.models import User
from apps.accounts.signing_in import forms, passkeys, second, throttle
from apps.accounts.signing_in.people import first_account
from apps.accounts.signing_in.views import WRONG_CODE, held_words
from apps.audit.services import record
from apps.ui.http import get_or_post, posted, status_of
from apps.ui.render import SeeOther, render_page, wants_part

SET_UP = "team:security_factor"
# What someone without the second factor that they need may still open. Not all that asks for no
# sign-in: the pages of those who arrive do things for who is signed in.
OPEN = {
    SET_UP,
    "team:security_passkey_add",
    "accounts:switch",  # another account may not ask for it
    "team:leave",
    "account_login",
    "account_passkey",
    "account_code",
    "account_code_passkey",
    "account_logout",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_from_key",
    "running:healthz",
    "running:readyz",
    "running:metrics",
    "ui:display",
    "ui:components",
    "mail:index",
    "mail:letter",
}


@login_not_required
@sensitive_post_parameters("code")
@get_or_post
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """After the right password: the code.

    A quarter of an hour later, or with a password changed meanwhile, all begins anew.
    """
    if request.user.is_authenticated:
        return HttpResponseRedirect(reverse("home:home"))
    stage = pending(request)
    if stage is None:
        clear_login(request)
        return SeeOther(reverse("account_login"))
    user = stage.login.user
    form = forms.CodeForm(posted(request))
    if form.is_valid():
        with throttle.throttled(form, held_words):
            if second.check(request, user, form.cleaned_data["code"]):
                return go_on(request, stage)
            form.add_error("code", WRONG_CODE)
    return code_page(request, user, form, status=status_of(form))


def pending(request: HttpRequest) -> second.CodeStage | None:
    """The sign-in of this browser that waits for its second step, while its password holds."""
    stage: second.CodeStage | None = LoginStageController.enter(request, second.CodeStage.key)
    return stage if stage and stage.stands() else None


def go_on(request: HttpRequest, stage: second.CodeStage) -> HttpResponse:
    """The second step was shown: signed in."""
    user, response = stage.login.user, stage.exit()
    throttle.remember(request, response, user)
    record(user, first_account(user), "signed_in", second=True)
    return cast(HttpResponse, response)


def code_page(
    request: HttpRequest,
    user: User,
    form: forms.CodeForm | None = None,
    *,
    passkey_said: str = "",
    status: int,
) -> HttpResponse:
    kinds = {each.type for each in second.list_factors(user)}
    form = form or forms.CodeForm()
    if second.APP not in kinds:
        form.for_recovery()
    panel = {
        "form": form,
        "app": second.APP in kinds,
        "passkey": second.PASSKEY in kinds,
        **passkeys.panel(request, passkey_said),
    }
    return render_page(request, "accounts/code.html", panel, status=status)


class FactorFirst:
    """Who needs a second factor and has none is led to set it up, before any other page. No query:
    the person and the accounts were loaded for the request anyway."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        return to_set_up(request)


def to_set_up(request: Any) -> HttpResponse | None:
    """The way to the page that sets a second factor up, for who needs one first; else None."""
    user = request.user
    if not user.is_authenticated or user.factor_at:
        return None
    if not second.required_by(user, request.account):
        return None
    if request.resolver_match.view_name in OPEN:
        return None
    if wants_part(request):
        answer = HttpResponse(status=HTTPStatus.NO_CONTENT)
        answer.headers["HX-Redirect"] = reverse(SET_UP)
        return answer
    return HttpResponseRedirect(reverse(SET_UP))
