"""`/notifications/`: what the person was told; and `/settings/notifications/`: what of it comes by
mail too.
"""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest
from apps.accounts.middleware import CHOSEN
from apps.audit.services import record
from apps.notifications import selectors, services
from apps.notifications.models import Notice
from apps.team.forms import MailsForm
from apps.ui.http import get_or_post, posted, status_of
from apps.ui.lists.state import digits
from apps.ui.render import SeeOther, answer_part, render_page, render_part

PART = "team/_notices.html"


@require_safe
def notices(request: PortalRequest) -> HttpResponse:
    """?show=unread narrows it; ?before= leads to older ones."""
    page = _page(
        request,
        unread_only=request.GET.get("show") == "unread",
        before=digits(request.GET.get("before")),
    )
    return render_part(request, PART, {"page": page}, page="team/notices.html")


@require_POST
def read_all(request: PortalRequest) -> HttpResponse:
    """Mark all as read that stood there when the page was shown. `until`: the newest of them."""
    services.read_all(request.user, digits(request.POST.get("until")))
    unread_only = request.POST.get("show") == "unread"
    context = {
        "page": _page(request, unread_only=unread_only),
        "unread": selectors.count_unread(request.user),
        "swapped": True,
    }
    return answer_part(
        request,
        PART,
        context,
        back=reverse("notifications:list") + ("?show=unread" if unread_only else ""),
    )


@get_or_post
def open_notice(request: PortalRequest, pk: int) -> HttpResponse:
    """Go where a notice leads.

    POST marks it as read and works on its account; GET, from a mail, changes neither.
    """
    notice = selectors.get_notice(request.user, pk)
    row = selectors.row_of(notice)
    elsewhere = notice.account_id is not None and notice.account_id != getattr(
        request.account, "pk", None
    )
    if request.method == "POST":
        services.read(request.user, pk)
        if elsewhere:
            _work_on(request, notice)
        return SeeOther(row.path)
    return (
        render_page(request, "team/notice.html", {"notice": row})
        if elsewhere
        else HttpResponseRedirect(row.path)
    )


@get_or_post
def choices(request: PortalRequest) -> HttpResponse:
    # none ticked is a choice too
    form = MailsForm(posted(request))
    if form.is_valid():
        services.choose(
            request.user,
            {group: group in form.cleaned_data["mail"] for group in selectors.SWITCHED},
        )
        messages.success(request, "Your choice is saved.")
        return SeeOther(reverse("team:notifications"))
    context = {"form": form, "groups": selectors.choices_panel(request.user)}
    return render_page(request, "team/notifications.html", context, status=status_of(form))


def _page(request: PortalRequest, *, unread_only: bool, before: int = 0) -> selectors.Page:
    zone = getattr(request.account, "zone", "UTC")
    return selectors.list_page(request.user, zone, unread_only=unread_only, before=before)


def _work_on(request: PortalRequest, notice: Notice) -> None:
    """As at /switch/: the pages that follow are that account's."""
    request.session[CHOSEN] = notice.account_id
    record(request.user, notice.account, "account_switched")
