"""`/settings/security/passkeys/`: add a passkey, rename it, remove it."""

from allauth.mfa.models import Authenticator
from django.http import Http404, HttpResponse
from django.urls import reverse

from apps.accounts.gates import PortalRequest
from apps.accounts.proving.gate import must_be_fresh
from apps.accounts.signing_in import browsers, passkeys, second
from apps.accounts.signing_in.passkey_views import question, sentence
from apps.team.forms import PasskeyForm
from apps.team.security import set_up, take_off
from apps.team.selectors import required_of
from apps.ui.http import get_or_post, posted, status_of
from apps.ui.render import SeeOther, render_page

REFUSED = "That passkey was not accepted, and nothing was added. Try again."
FULL = f"You have {passkeys.MOST} passkeys. Remove one that you no longer use first."


@get_or_post
def add(request: PortalRequest) -> HttpResponse:
    """Posted without an answer, it says what the device is to make (JSON); with it, the passkey is
    kept.
    """
    must_be_fresh(request, then=request.path, carry=False)  # a device's answer is to one question
    form = PasskeyForm(posted(request), initial={"name": browsers.device(request)})
    answer, said, status = request.POST.get("answer", ""), "", 200
    if request.method == "POST":
        status = 422
        if not answer:
            return _ask(request, form)
        if form.is_valid():
            name = form.cleaned_data["name"]
            try:
                shown = passkeys.add(request, request.user, name, answer)
            except passkeys.Refused:
                said = REFUSED
            else:
                return set_up(
                    request,
                    shown,
                    f"The passkey {name} is added. Your other browsers are signed out.",
                )
    panel = {"form": form, "why": required_of(request), **passkeys.panel(request, said)}
    return render_page(request, "team/security_passkey_add.html", panel, status=status)


def _ask(request: PortalRequest, form: PasskeyForm) -> HttpResponse:
    """Not before everything else of the form is right: what the device made would be lost."""
    if not form.is_valid():
        return sentence(" ".join(map(str, form.errors["name"])), 422)
    if len(second.list_factors(request.user, second.PASSKEY)) >= passkeys.MOST:
        return sentence(FULL, 422)
    return question(passkeys.ask_new(request, request.user))


@get_or_post
def rename(request: PortalRequest, pk: int) -> HttpResponse:
    passkey = _own(request, pk)
    form = PasskeyForm(posted(request), initial={"name": passkey.data["name"]})
    if form.is_valid():
        if not passkeys.rename(request.user, passkey, form.cleaned_data["name"]):
            raise Http404("removed in another tab")
        return SeeOther(reverse("team:security"))
    context = {"form": form, "passkey": passkey}
    return render_page(request, "team/security_passkey.html", context, status=status_of(form))


@get_or_post
def remove(request: PortalRequest, pk: int) -> HttpResponse:
    passkey = _own(request, pk)
    must_be_fresh(request, "You're removing a passkey.", then=request.path)
    said = f"The passkey {passkey.data['name']} is removed."
    return take_off(request, passkey, "team/security_passkey_remove.html", said)


def _own(request: PortalRequest, pk: int) -> Authenticator:
    """Someone else's does not exist."""
    found = next(
        (each for each in second.list_factors(request.user, second.PASSKEY) if each.pk == pk), None
    )
    if found is None:
        raise Http404("not among the person's passkeys")
    return found
