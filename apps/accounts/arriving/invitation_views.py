"""`/invitations/<token>/`: GET shows whose invitation it is, POST accepts it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.arriving import invitations
from apps.accounts.arriving.connect_views import enter
from apps.accounts.arriving.forms import JoinForm
from apps.accounts.gates import PortalRequest
from apps.accounts.middleware import CHOSEN
from apps.accounts.models import Invitation, User
from apps.accounts.roles import Role
from apps.accounts.signing_in.views import private
from apps.ui.http import get_or_post, posted, status_of
from apps.ui.render import SeeOther, render_page


@login_not_required
@sensitive_post_parameters("password")
@get_or_post
def invitation(request: PortalRequest, token: str) -> HttpResponse:
    """The invited person alone: known, they sign in and accept; new, they set a password."""
    found = invitations.find(token)
    if found is None:
        return _over(request)
    known = User.objects.filter(email=found.email).first()
    if known is None:
        return private(_new(request, found))
    mine = request.user.is_authenticated and request.user.pk == known.pk
    if request.method == "POST" and mine:
        if not invitations.accept(found, known):
            return _over(request)
        request.session[CHOSEN] = found.account_id
        return private(SeeOther(reverse("home:home")))
    return private(
        _page(
            request, found, known=True, mine=mine, status=422 if request.method == "POST" else 200
        )
    )


def _new(request: PortalRequest, found: Invitation) -> HttpResponse:
    form = JoinForm(posted(request), email=found.email)
    if form.is_valid():
        user = invitations.arrive(found, form.cleaned_data["name"], form.cleaned_data["password"])
        return enter(request, user, reverse("home:home")) if user else _over(request)
    return _page(request, found, form=form, status=status_of(form))


def _page(
    request: PortalRequest, found: Invitation, *, status: int, **context: object
) -> HttpResponse:
    context = {"invitation": found, "role": Role(found.role).label.lower(), **context}
    return render_page(request, "accounts/invitation.html", context, status=status)


def _over(request: PortalRequest) -> HttpResponse:
    return private(render_page(request, "accounts/invitation_over.html", {}, status=404))
