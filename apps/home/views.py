"""The first page, and the last resort when something went wrong. Health and metrics: health.py."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.gates import PortalRequest
from apps.home import selectors
from apps.ui.render import render_page, render_sentence


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """What needs this person, in order; then what was done last."""
    return render_page(request, "home/home.html", selectors.home_page(request.account, request.membership))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render_sentence(request, "This request could not be read. Nothing was changed. Go back and try once more.", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    said = str(exception) or "Your role on this account does not allow this. Nothing was changed."
    return render_sentence(request, said, status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render_sentence(request, "This form is too old, or you signed in anew meanwhile. Nothing was changed. Open the page again.", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render_sentence(request, "There is nothing at this address, or it is not on this account.", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Renders without database, session or context processors: any of them may be what broke."""
    return render_sentence(request, "Something broke on our side. It has been noted. What you changed before this is in the journal.", status=500)
