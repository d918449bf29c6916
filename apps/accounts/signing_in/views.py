"""The way in and out. Nothing here calls the provider."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.addresses import own_path
from apps.accounts.gates import PortalRequest
from apps.accounts.models import User
from apps.accounts.signing_in import forms, passkeys, services, throttle
from apps.accounts.signing_in.people import first_account
from apps.audit.services import record
from apps.ui.http import get_or_post, posted, status_of
from apps.ui.render import SeeOther, render_page

WRONG = "That email or password isn't right."
WRONG_CODE = "That code does not work. Each works once; wait for the next one of your app."
MANY = (
    "Too many wrong passwords were tried for this name. Use a browser in which you signed in"
    " before, or have a link mailed to you."
)
HELD_OFF = {
    "code": (
        "Too many wrong codes were tried. Use a browser in which you signed in before, or wait a"
        " day."
    ),
    "code_browser": "Too many wrong codes were typed in this browser. Wait an hour.",
    "network": (
        "Too many wrong passwords came from your network. Wait a quarter of an hour, or have a link"
        " mailed to you."
    ),
    "name": MANY,
    "person": MANY,
    "browser": (
        "Too many wrong passwords were typed in this browser. Wait an hour, or have a link mailed"
        " to you."
    ),
    "recover": "Too many links were asked for from your network. Wait an hour.",
    "voicetel_recover": (
        "Too many of VoiceTel's emails were requested from your network today. Try again tomorrow."
    ),
    "voicetel_address": (
        "VoiceTel's email was requested for this address twice today. Look among your unwanted"
        " mail, or try again tomorrow."
    ),
}


def held_words(held: throttle.Throttled) -> str:
    return HELD_OFF[held.limit.name]


def next_path(request: HttpRequest) -> str:
    return own_path(request.POST.get("next") or request.GET.get("next"))


@login_not_required
@sensitive_post_parameters("password")
@get_or_post
def sign_in(request: HttpRequest) -> HttpResponse:
    """One answer for known and unknown names: same words, status and work."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_path(request) or reverse("home:home"))
    form = forms.SignInForm(posted(request))
    if form.is_valid():
        with throttle.throttled(form, held_words):
            typed, password = form.cleaned_data["login"], form.cleaned_data["password"]
            if user := services.check_sign_in(request, typed, password):
                return _enter(request, user)
            form.add_error(None, WRONG)
    return login_page(request, form, status=status_of(form))


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    """The way on after the right password: signed in, or first to the second step."""
    login = Login(user=user, email=user.email, redirect_url=next_path(request) or None)
    response: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    if request.user.is_authenticated:
        throttle.remember(request, response, user)
        record(user, first_account(user), "signed_in")
    return response


def login_page(
    request: HttpRequest,
    form: forms.SignInForm | None = None,
    *,
    passkey_said: str = "",
    status: int,
) -> HttpResponse:
    panel = {
        "form": form or forms.SignInForm(),
        "next": next_path(request),
        **passkeys.panel(request, passkey_said),
    }
    return render_page(request, "accounts/login.html", panel, status=status)


@login_not_required
@get_or_post
def sign_out(request: PortalRequest) -> HttpResponse:
    """GET asks, POST does. The browser is told to forget what it keeps of us."""
    if request.method == "POST":
        if request.user.is_authenticated:
            record(request.user, request.account, "signed_out")
            logout(request)
            messages.info(request, "You are signed out.")
        response: HttpResponse = SeeOther(reverse("account_login"))
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("account_login"))
    return render_page(request, "accounts/logout.html", {})


@login_not_required
@get_or_post
def recover(request: HttpRequest) -> HttpResponse:
    """Which password is lost?

    The portal's: a link by mail. VoiceTel's: an email of its own (`accountRecovery`). Who is known
    is not said, nor shown by the time it takes.
    """
    data = posted(request)
    voicetel = data is not None and "email" in data
    form = forms.RecoverForm(None if voicetel else data)
    theirs = forms.VoiceTelRecoverForm(data if voicetel else None)
    if form.is_valid():
        with throttle.throttled(form, held_words):
            services.ask_recovery(request, form.cleaned_data["login"])
            return SeeOther(f"{reverse('account_reset_password')}?asked=1")
    if theirs.is_valid():
        with throttle.throttled(theirs, held_words):
            services.ask_voicetel_recovery(request, theirs.cleaned_data["email"])
            return SeeOther(f"{reverse('account_reset_password')}?asked=voicetel")
    typed = theirs if theirs.is_bound else form
    context = {
        "form": form,
        "theirs": theirs,
        "asked": "" if typed.is_bound else request.GET.get("asked", ""),
    }
    return render_page(request, "accounts/recover.html", context, status=status_of(typed))


@login_not_required
@sensitive_post_parameters("password")
@get_or_post
def recover_token(request: HttpRequest, token: str) -> HttpResponse:
    """Set a new portal password with the link from the mail.

    Signing in comes after it, second factor and all.
    """
    user = services.person_of_token(token)
    if user is None:
        return private(render_page(request, "accounts/recover_over.html", {}, status=404))
    form = forms.NewPasswordForm(posted(request), user=user)
    if form.is_valid():
        known = bool(throttle.known_browser(request, user, fully=True))
        services.reset_password(user, form.cleaned_data["password"])
        logout(request)
        messages.info(
            request, "Your new password is set. Sign in with it; other browsers were signed out."
        )
        response = SeeOther(reverse("account_login"))
        # who reads their mail gets in, whatever others guessed
        throttle.remember(request, response, user, fully=known)
        return response
    page = render_page(
        request,
        "accounts/recover_set.html",
        {"form": form, "person": user},
        status=status_of(form),
    )
    return private(page)


def private(response: HttpResponse) -> HttpResponse:
    """The address holds a secret: it goes to nobody as a referrer. With "no-referrer" browsers
    would send the form's Origin as "null", which the check against forged forms refuses."""
    response["Referrer-Policy"] = "strict-origin"
    return response
