"""`/connect/`: from an e-mail address to an account in the portal.

Nothing here calls the provider.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from apps.accounts.arriving import connect
from apps.accounts.arriving.forms import AddressForm, ArriveForm, ConnectForm
from apps.accounts.gates import PortalRequest
from apps.accounts.models import Connection, ConnectLink, JoinRequest, User
from apps.accounts.signing_in import throttle
from apps.accounts.signing_in.views import private
from apps.audit.services import record
from apps.proxies import client_address
from apps.ui.http import LATER, SOON, STOP, get_or_post, posted, status_of
from apps.ui.render import SeeOther, render_page, render_part

HELD_OFF = {
    "connect_links": "Too many links were requested from your network. Try again in an hour.",
    "connect_address": (
        "You've tried this twice today, which is the limit. Try again tomorrow{or_key}."
    ),
    "connect_name": (
        "There were too many attempts for this account number today. Try again tomorrow{or_key}."
    ),
    "connect_network": (
        "There were too many attempts from your network today. Try again tomorrow{or_key}."
    ),
}
OR_KEY = ", or paste an API key instead, which is counted separately"


@login_not_required
@sensitive_post_parameters("secret")
@get_or_post
def start(request: PortalRequest) -> HttpResponse:
    """Nobody: the first step.

    A person: where their wish stands, and the second step for another account.
    """
    return mine(request) if request.user.is_authenticated else _address(request)


def _address(request: HttpRequest) -> HttpResponse:
    """One answer for known and unknown addresses: same words, status and work."""
    form = AddressForm(posted(request))
    if form.is_valid():
        with throttle.throttled(form, lambda held: HELD_OFF[held.limit.name]):
            connect.ask_link(request, form.cleaned_data["email"])
            return SeeOther(f"{reverse('accounts:connect')}?asked=1")
    asked = not form.is_bound and request.GET.get("asked") == "1"
    context = {"form": form, "asked": asked}
    return render_page(request, "accounts/connect.html", context, status=status_of(form))


def mine(request: PortalRequest) -> HttpResponse:
    """How a person's own connection stands, and the form for an account. It's Home until they have
    one.
    """
    form = ConnectForm(posted(request), initial={"number": _kept_number(request.user)})
    if form.is_valid():
        with throttle.throttled(form, _held_words(form)):
            _refuse_own(request, form)
            if form.is_valid():
                connect.ask(request.user, form.typed(), client_address(request))
                return SeeOther(reverse("accounts:connect"))
    panel, status = connect_panel(request), status_of(form)
    looked_again = request.htmx.target == "accounts-connect"
    if looked_again and not panel["waiting"] and status == 200:
        status = STOP
    return render_part(
        request,
        "accounts/_connect.html",
        {**panel, "form": form},
        page="accounts/connect_mine.html",
        status=status,
    )


def connect_panel(request: PortalRequest) -> dict[str, Any]:
    """Context of accounts/_connect.html: the person's own wish, its place in line, and how a
    request to join stands.
    """
    row = connect.last_of(request.user)
    waiting = row is not None and row.state == Connection.State.WAITING
    place = connect.place_of(row) if row is not None and waiting else None
    asked = None
    if row is not None and row.state == Connection.State.ASKED:
        asked = (
            JoinRequest.objects.across_accounts()
            .filter(user=request.user, account__number=row.number)
            .order_by("-pk")
            .first()
        )
    return {
        "wish": row,
        "waiting": waiting,
        "place": place,
        "kept": row is not None and connect.keeps_place(row),
        "asked": asked,
        "every": SOON if place and place.about_at is None else LATER,
        "member": next(
            (m for m in request.memberships if row and m.account.number == row.number), None
        ),
    }


def _kept_number(user: User) -> str:
    """Who is asked back types the secret alone."""
    row = connect.last_of(user)
    return (
        row.number
        if row and row.state in {Connection.State.EXPIRED, Connection.State.REFUSED}
        else ""
    )


def _refuse_own(request: PortalRequest, form: ConnectForm) -> None:
    """What is theirs already needs no call."""
    if any(each.account.number == form.cleaned_data["number"] for each in request.memberships):
        form.add_error(
            "number",
            "You already have access to this account. An owner can reconnect it under Settings,"
            " Connection.",
        )


@login_not_required
@sensitive_post_parameters("secret", "password")
@get_or_post
def token(request: PortalRequest, token: str) -> HttpResponse:
    """The link from the mail: the second step for someone new; a person who is known signs in and
    goes on.
    """
    link = connect.find_link(token)
    if link is None:
        return private(render_page(request, "accounts/connect_over.html", {}, status=404))
    if User.objects.filter(email=link.email).exists():
        return private(_known(request, link))
    form = ArriveForm(posted(request), email=link.email)
    if form.is_valid():
        password, where = form.cleaned_data["password"], client_address(request)
        with throttle.throttled(form, _held_words(form)):
            user = connect.arrive(link, form.typed(), password, where)
            there = reverse("accounts:connect")
            return private(enter(request, user, there) if user else _known(request, link))
    context = {"form": form, "email": link.email}
    return private(
        render_page(request, "accounts/connect_token.html", context, status=status_of(form))
    )


def _known(request: PortalRequest, link: ConnectLink) -> HttpResponse:
    if request.user.is_authenticated and request.user.email == link.email:
        return SeeOther(reverse("accounts:connect"))
    return render_page(request, "accounts/connect_known.html", {"email": link.email})


@require_POST
def cancel(request: PortalRequest) -> HttpResponse:
    """Withdraw the wish that the page shows; what was typed is erased."""
    if connect.cancel(request.user, request.POST.get("number", "")):
        messages.info(
            request, "Your request is canceled. We deleted what you typed, and nothing was sent."
        )
    return SeeOther(reverse("accounts:connect"))


def enter(request: HttpRequest, user: User, to: str) -> HttpResponse:
    """Sign in someone whose address a link has just confirmed and who set a password; stages of a
    sign-in apply.
    """
    login = Login(user=user, email=user.email, redirect_url=to)
    response: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    throttle.remember(request, response, user)
    record(user, None, "signed_in")
    return response


def _held_words(form: ConnectForm) -> Callable[[throttle.Throttled], str]:
    password = form.cleaned_data.get("kind") == Connection.Kind.PASSWORD
    return lambda held: HELD_OFF[held.limit.name].format(or_key=OR_KEY if password else "")
