"""`/signup/`: an address, its link, the account. Nothing here calls VoiceTel."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from apps.accounts.arriving import connect
from apps.accounts.arriving.connect_views import enter
from apps.accounts.arriving.forms import AddressForm
from apps.accounts.gates import PortalRequest
from apps.accounts.models import User
from apps.accounts.signing_in import throttle
from apps.accounts.signing_in.views import private
from apps.proxies import client_address
from apps.team.models import SignUp
from apps.team.signup import services
from apps.team.signup.forms import ArriveForm, CompanyForm
from apps.ui.http import SOON, get_or_post, posted, status_of
from apps.ui.render import SeeOther, render_page

HELD_OFF = {
    "signup_links": "Too many links were requested from your network. Try again in an hour.",
    "signup_address": "You've asked for an account today already. Try again tomorrow.",
    "signup_network": (
        "Two accounts were asked for from your network today. Try again tomorrow, or from another"
        " network."
    ),
}
MOVES = frozenset({SignUp.State.WAITING, SignUp.State.SENDING, SignUp.State.CHECKING})


def held_words(held: throttle.Throttled) -> str:
    return HELD_OFF[held.limit.name]


@login_not_required
@never_cache
@get_or_post
def start(request: PortalRequest) -> HttpResponse:
    """Nobody: the first step. A person: how their own stands."""
    return mine(request) if request.user.is_authenticated else _address(request)


def _address(request: HttpRequest) -> HttpResponse:
    """One answer for known and unknown addresses: same words, status and work."""
    form = AddressForm(posted(request))
    if form.is_valid():
        with throttle.throttled(form, held_words):
            services.ask_link(request, form.cleaned_data["email"])
            return SeeOther(f"{reverse('signup:start')}?asked=1")
    asked = not form.is_bound and request.GET.get("asked") == "1"
    context = {"form": form, "asked": asked}
    return render_page(request, "team/signup.html", context, status=status_of(form))


def mine(request: PortalRequest) -> HttpResponse:
    """How a person's own sign-up stands, with the password for as long as it may be shown; the form
    where none is under way.
    """
    form = CompanyForm(posted(request))
    if form.is_valid():
        with throttle.throttled(form, held_words):
            company, promo = form.cleaned_data["company"], form.cleaned_data["promo"]
            services.ask(request.user, company, promo, client_address(request))
            return SeeOther(reverse("signup:start"))
    row = services.last_of(request.user)
    context = {
        "row": row,
        "password": services.password_of(row) if row else "",
        "every": SOON if row and row.state in MOVES else 0,
        "form": form,
    }
    return render_page(request, "team/signup_mine.html", context, status=status_of(form))


@login_not_required
@sensitive_post_parameters("password")
@get_or_post
def token(request: PortalRequest, token: str) -> HttpResponse:
    """The link from the mail: the second step for someone new; a person who is known signs in."""
    link = connect.find_link(token)
    if link is None:
        return private(render_page(request, "team/signup_over.html", {}, status=404))
    if User.objects.filter(email=link.email).exists():
        return private(_known(request, link.email))
    form = ArriveForm(posted(request), email=link.email)
    if form.is_valid():
        typed = form.cleaned_data
        with throttle.throttled(form, held_words):
            user = services.arrive(
                link, typed["company"], typed["promo"], typed["password"], client_address(request)
            )
            there = reverse("signup:start")
            return private(enter(request, user, there) if user else _known(request, link.email))
    context = {"form": form, "email": link.email}
    return private(render_page(request, "team/signup_token.html", context, status=status_of(form)))


def _known(request: PortalRequest, email: str) -> HttpResponse:
    if request.user.is_authenticated and request.user.email == email:
        return SeeOther(reverse("signup:start"))
    return render_page(request, "accounts/connect_known.html", {"email": email})


@require_POST
def stored(request: PortalRequest) -> HttpResponse:
    """The password is stored where it belongs: we forget it."""
    if services.forget_password(request.user):
        messages.success(request, "We deleted our copy of the password.")
    return SeeOther(reverse("signup:start"))


@require_POST
def check(request: PortalRequest) -> HttpResponse:
    """After a lost answer: find out whether the account was opened."""
    services.check(request.user)
    return SeeOther(reverse("signup:start"))
