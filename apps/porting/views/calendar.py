"""`/porting/calendar/`: a link for a person's own calendar program, and the file behind it."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.porting.models import CalendarLink
from apps.porting.selectors import ics
from apps.porting.services import calendars
from apps.ui.http import get_or_post
from apps.ui.render import SeeOther, render_page

PAGE = "porting/calendar.html"


@require_safe
@role_required(Right.VIEW)
def show(request: PortalRequest) -> HttpResponse:
    return _page(request)


@role_required(Right.VIEW)
def make(request: PortalRequest) -> HttpResponse:
    """POST makes a link, which this answer alone shows."""
    return _page(request, calendars.make(request.account, request.user))


page = get_or_post(show, make)


def _page(request: PortalRequest, secret: str = "") -> HttpResponse:
    mine = CalendarLink.objects.of(request.account).filter(user=request.user, ended_at=None)
    link = f"{settings.PORTAL_URL}/porting/calendar/{secret}.ics" if secret else ""
    return render_page(request, PAGE, {"link": link, "links": mine.order_by("-pk")})


@require_POST
@role_required(Right.VIEW)
def end(request: PortalRequest, pk: int) -> HttpResponse:
    if not calendars.end(request.account, request.user, pk):
        raise Http404
    return SeeOther("/porting/calendar/")


@login_not_required
@require_safe
def read(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar, to whoever has the link: calendar programs can't sign in."""
    try:
        link = calendars.open_link(secret)
    except calendars.TooOften:
        return HttpResponse("Read too often. Try again in an hour.", status=429)
    if link is None:
        raise Http404
    response = HttpResponse(ics.file_of(link.account), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="ports.ics"'
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
