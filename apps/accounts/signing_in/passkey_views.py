"""Passkeys at the sign-in, at its second step, and where a signed-in person proves themselves
again.

A form posted without an answer is told what to ask the device, as JSON for static/js/passkey.js;
posted with it, it goes on, or back to its page with a sentence.
"""

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from apps.accounts.signing_in import passkeys, second, second_views, throttle, views
from apps.accounts.signing_in.passkeys import Purpose
from apps.accounts.signing_in.people import first_account
from apps.audit.services import record
from apps.ui.http import get_or_post
from apps.ui.render import SeeOther

REFUSED = "That passkey was not accepted. Try again, or go another way."
HELD_OFF = {
    "question": (
        "Too many sign-ins with a passkey were begun here. Wait a quarter of an hour, or use your"
        " password."
    ),
    "passkey": (
        "Too many passkeys were refused here. Wait a quarter of an hour, or use your password."
    ),
    "code": views.HELD_OFF["code"],
    "code_browser": views.HELD_OFF["code_browser"],
}


def question(options: dict[str, Any]) -> HttpResponse:
    """What the page's script is to ask the device."""
    return JsonResponse(options)


def sentence(said: str, status: int) -> HttpResponse:
    """What the page's script is to say beside the button."""
    return JsonResponse({"said": said}, status=status)


@login_not_required
@get_or_post
def sign_in(request: HttpRequest) -> HttpResponse:
    """With a passkey alone: it is both factors.

    One answer for known and unknown, as nobody is named before it is checked.
    """
    then = views.next_path(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(then or reverse("home:home"))
    if request.method != "POST":
        return SeeOther(reverse("account_login"))
    answer = request.POST.get("answer", "")
    try:
        if not answer:
            return question(passkeys.ask(request, Purpose.SIGN_IN))
        user = passkeys.check(request, Purpose.SIGN_IN, answer)
    except throttle.Throttled as held:
        said = HELD_OFF[held.limit.name]
        return (
            views.login_page(request, passkey_said=said, status=429)
            if answer
            else sentence(said, 429)
        )
    if user is None:
        return views.login_page(request, passkey_said=REFUSED, status=422)
    login = Login(
        user=user, email=user.email, redirect_url=then or None, state={second.SHOWN: True}
    )
    response: HttpResponse = perform_login(request, login)
    throttle.remember(request, response, user)
    record(user, first_account(user), "signed_in", passkey=True)
    return response


@login_not_required
@get_or_post
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step by a passkey, after the right password."""
    stage = second_views.pending(request)
    if request.method != "POST" or stage is None:
        return SeeOther(reverse("account_code"))  # which leads on, wherever this browser stands
    user, answer = stage.login.user, request.POST.get("answer", "")
    try:
        if not answer:
            return question(passkeys.ask(request, Purpose.CODE, user))
        right = passkeys.check(request, Purpose.CODE, answer, user)
    except throttle.Throttled as held:
        return second_views.code_page(
            request, user, passkey_said=HELD_OFF[held.limit.name], status=429
        )
    return (
        second_views.go_on(request, stage)
        if right
        else second_views.code_page(request, user, passkey_said=REFUSED, status=422)
    )
