"""`/switch/`: from one of a person's accounts to another."""

from django.http import Http404, HttpResponseBase
from django.urls import reverse

from apps.accounts.gates import PortalRequest
from apps.accounts.middleware import CHOSEN
from apps.accounts.proving import press
from apps.accounts.proving.gate import carry_on
from apps.accounts.signing_in.forms import SwitchForm
from apps.audit.services import record
from apps.ui.errors import render_sentence
from apps.ui.http import get_or_post
from apps.ui.render import SeeOther, render_page, wants_part


@get_or_post
def switch(request: PortalRequest) -> HttpResponseBase:
    """GET lists the person's accounts; POST goes to another of them, by its number.

    Someone else's account doesn't exist. A form that was sent from a page of the account, and kept,
    is carried on (press). A page that still shows it stays as it is.
    """
    if request.method != "POST":
        return render_page(request, "accounts/switch.html", {})
    form = SwitchForm(request.POST)
    number = form.cleaned_data["account"] if form.is_valid() else ""
    membership = next((m for m in request.memberships if m.account.number == number), None)
    if membership is None:
        raise Http404("not among the person's accounts")
    request.session[CHOSEN] = membership.account_id
    request.membership, request.account = membership, membership.account
    record(request.user, membership.account, "account_switched")
    if wants_part(request):
        return render_page(request, "accounts/_back.html", {})
    if name := request.POST.get("press"):
        try:
            return carry_on(request, press.take(request, name))
        except press.Gone as why:
            return render_sentence(request, str(why), status=409, title="Your change wasn't made")
    return SeeOther(reverse("home:home"))
