"""Home."""

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.accounts import profiles
from apps.accounts.arriving.connect_views import mine
from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.home import search as searching
from apps.home import selectors
from apps.ui.format import count
from apps.ui.http import status_of_part
from apps.ui.lists.state import searched
from apps.ui.render import SeeOther, guarded, render_page, render_part, wants_part


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """Figures, what needs this person, and what was done last. A visit has the balance read sooner;
    the activity that asks again while a change moves wants nothing.

    A person without an account sees how their connection stands; the portal's own people, the
    staff's page.
    """
    if not request.account:
        return SeeOther(reverse("staff:index")) if request.user.is_staff else mine(request)
    page = selectors.home_page(request.account, request.membership)
    if request.htmx.target == "home-activity":
        status = status_of_part(request, "home-activity", page.get("every", 0))
        return render_page(request, "home/_activity.html", page, status)
    profiles.want(request.account)
    return render_page(request, "home/home.html", page)


@require_safe
@role_required(Right.VIEW)
def search(request: PortalRequest) -> HttpResponseBase:
    """Numbers, changes and pages that match what was typed; a whole number is opened at once."""
    q = searched(request.GET.get("q"))
    hits = searching.find(request.account, request.membership, q)
    number = searching.only_number(hits, q)
    if number and not wants_part(request):
        return guarded(SeeOther(number.href))
    context = {"q": q, "hits": hits, "said": count(len(hits), "result")}
    return render_part(request, "home/_jump.html", context, page="home/search.html")
