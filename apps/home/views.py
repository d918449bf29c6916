"""Home."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts import profiles
from apps.accounts.gates import PortalRequest
from apps.home import selectors
from apps.ui.http import status_of_part
from apps.ui.render import render_page


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """Figures, what needs this person, and what was done last. A visit has the balance read sooner;
    the activity that asks again while a change moves wants nothing.
    """
    page = selectors.home_page(request.account, request.membership)
    if request.htmx.target == "home-activity":
        status = status_of_part(request, "home-activity", page.get("every", 0))
        return render_page(request, "home/_activity.html", page, status)
    if request.account:
        profiles.want(request.account)
    return render_page(request, "home/home.html", page)
