"""`/trunking/`: what is in force, who is registered, and where numbers ring."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.copies import tasks as copies
from apps.copies.selectors import age_of
from apps.copies.views import age_part, refresh_part
from apps.trunking import guides, selectors, tasks
from apps.trunking.guard import rings
from apps.trunking.models import AUTHENTICATION, Trunk
from apps.trunking.views.frame import frame, may_change, strips
from apps.ui.http import STOP
from apps.ui.lists.state import digits
from apps.ui.render import answer_part, render_page, render_part, wants_part

PART, PAGE = "trunking/_registration.html", "trunking/overview.html"


def page_of(request: PortalRequest) -> dict[str, Any]:
    """Context of trunking/overview.html."""
    standing = selectors.find_standing(request.account)
    setup = selectors.setup_of(standing)
    said = selectors.judge(standing)
    profile = getattr(request.account, "profile", None)
    return (
        frame(request, "overview", standing)
        | {
            "said": said,
            "headline": selectors.headline(said),
            "routes": [(each, rings(each, setup)) for each in setup.routes],
            "ccs": profile.ccs if profile else None,
            "hosts": guides.hosts(),
            "age": age_of(request.account, AUTHENTICATION),
            "strips": strips(request, "access", "authentication", "password", "list"),
        }
        | registration_of(request, standing.trunk)
    )


def registration_of(
    request: PortalRequest, trunk: Trunk | None, *, asked: bool = False
) -> dict[str, Any]:
    """Context of trunking/_registration.html. asked: a worker is asking now."""
    tries = digits(request.GET.get("tries"))
    shown = request.GET.get("shown", "")
    mark = f"{trunk.registration_at:%s}" if trunk and trunk.registration_at else "0"
    poll = asked or (bool(shown) and shown == mark and tries < selectors.POLLS)
    return {"trunk": trunk, "mark": mark, "poll": poll, "tries": tries + 1}


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest) -> HttpResponse:
    """The registration is asked for only here, once a day at most: it may cost a call of the
    hour.
    """
    context = page_of(request)
    copies.ask_if_wanted(request.account, context["age"])
    if selectors.registration_is_old(context["trunk"]) and tasks.ask_registration(request.account):
        context["poll"] = True
    return render_page(request, PAGE, context)


@require_safe
@role_required(Right.VIEW)
def age(request: PortalRequest) -> HttpResponseBase:
    """The age line again, for a page that waits for a newer copy; the page, to a plain browser."""
    if not wants_part(request):
        return index(request)
    return age_part(request, AUTHENTICATION, may_change=may_change(request))


@require_POST
@role_required(Right.MANAGE)
def refresh(request: PortalRequest) -> HttpResponse:
    """Look at VoiceTel's setting now."""
    return refresh_part(request, AUTHENTICATION)


@require_safe
@role_required(Right.VIEW)
def registration(request: PortalRequest) -> HttpResponse:
    """The registered device again, for a page that waits for an answer."""
    trunk = Trunk.objects.of(request.account).first()
    context = registration_of(request, trunk) | {"may_send": may_change(request)}
    if not wants_part(request):
        return render_page(request, PAGE, page_of(request))
    return render_part(request, PART, context, page=PAGE, status=200 if context["poll"] else STOP)


@require_POST
@role_required(Right.MANAGE)
def check(request: PortalRequest) -> HttpResponse:
    """Ask who is registered, because someone pressed: by a worker, or here where there is none."""
    asked = tasks.ask_registration(request.account, here=True)
    trunk = Trunk.objects.of(request.account).first()
    context = registration_of(request, trunk, asked=asked) | {"may_send": True}
    return answer_part(request, PART, context, back="/trunking/")
