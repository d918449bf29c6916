"""The first page."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts import profiles
from apps.accounts.gates import PortalRequest
from apps.home import selectors
from apps.ui.render import render_page


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """What needs this person, in order; then what was done last.

    Whoever looks has the balance read sooner.
    """
    if request.account:
        profiles.want(request.account)
    return render_page(
        request, "home/home.html", selectors.home_page(request.account, request.membership)
    )
