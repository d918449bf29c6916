"""`/reauthenticate/`: a signed-in person proves themselves again, by password and code or by a
passkey.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.gates import PortalRequest
from apps.accounts.proving import press
from apps.accounts.proving.gate import carry_on
from apps.accounts.signing_in import forms, passkeys, second, services
from apps.accounts.signing_in.passkey_views import REFUSED, question
from apps.accounts.signing_in.passkeys import Purpose
from apps.accounts.signing_in.views import WRONG_CODE, next_path
from apps.audit.services import record
from apps.ui.errors import render_sentence
from apps.ui.http import get_or_post, posted, status_of
from apps.ui.render import SeeOther, render_page

NOT_IT = "That is not your portal password."
NOTHING = "Your change wasn't made"


@sensitive_post_parameters("password")
@get_or_post
def reauthenticate(request: PortalRequest) -> HttpResponseBase:
    """Ask a signed-in person for their password again, and their second factor where one is set,
    then carry on the press that waits, or go on to `next`.
    """
    form = (forms.ConfirmBothForm if request.user.factor_at else forms.ConfirmForm)(posted(request))
    if form.is_valid():
        password, code = form.cleaned_data["password"], form.cleaned_data.get("code", "")
        wrong = services.confirm(request, request.user, password, code)
        if not wrong:
            return proved(request)
        form.add_error(wrong, WRONG_CODE if wrong == "code" else NOT_IT)
    return confirm_page(request, form, status=status_of(form))


def confirm_page(
    request: PortalRequest,
    form: forms.ConfirmForm | None = None,
    *,
    passkey_said: str = "",
    status: int,
) -> HttpResponse:
    user, kept = request.user, press.look(request, press_name(request))
    form = form or (forms.ConfirmBothForm if user.factor_at else forms.ConfirmForm)()
    kinds = {each.type for each in second.list_factors(user)} if user.factor_at else set()
    if isinstance(form, forms.ConfirmBothForm) and second.APP not in kinds:
        form.for_recovery()
    panel = {
        "form": form,
        "next": next_path(request),
        "press": press_name(request),
        "because": kept.because if kept else "",
        "app": second.APP in kinds,
        "passkey": second.PASSKEY in kinds,
    }
    return render_page(
        request,
        "accounts/reauthenticate.html",
        {**panel, **passkeys.panel(request, passkey_said)},
        status=status,
    )


@get_or_post
def by_passkey(request: PortalRequest) -> HttpResponseBase:
    """A signed-in person proves themselves again by a passkey alone."""
    user, answer = request.user, request.POST.get("answer", "")
    if request.method != "POST" or not second.list_factors(user, second.PASSKEY):
        return SeeOther(reverse("account_reauthenticate"))
    if not answer:
        return question(passkeys.ask(request, Purpose.CONFIRM, user))
    if not passkeys.check(request, Purpose.CONFIRM, answer, user):
        return confirm_page(request, passkey_said=REFUSED, status=422)
    request.session.cycle_key()
    record(user, None, "confirmed", passkey=True)
    return proved(request)


def proved(request: PortalRequest) -> HttpResponseBase:
    """The answer to a person who has just proved who they are: that of the press that they made
    before, if the form names one; else the way to `next`.
    """
    back, name = next_path(request) or reverse("home:home"), press_name(request)
    if not name:
        return SeeOther(back)
    try:
        return carry_on(request, press.take(request, name))
    except press.Gone as why:
        return render_sentence(request, str(why), status=409, title=NOTHING, back=back)


def press_name(request: HttpRequest) -> str:
    return request.POST.get("press") or request.GET.get("press", "")
