"""`/admin/accounts/new/`: the form, and what became of it with the password that comes once."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import StaffRequest, staff_required
from apps.accounts.signing_in.sessions import signed_in_at
from apps.changes import machine
from apps.changes import services as changes
from apps.changes.kit import once
from apps.changes.models import Entry
from apps.staff import services
from apps.staff.opening.changes import OpenAccount
from apps.staff.opening.forms import OpenForm
from apps.ui.http import get_or_post, posted, status_of
from apps.ui.render import SeeOther, render_page


@get_or_post
@staff_required
def new(request: StaffRequest) -> HttpResponse:
    """One form, one change; the answer is a page of its own, which a reload can't press again."""
    services.must_administer(request.user, request.path)
    form = OpenForm(posted(request))
    if form.is_valid():
        entry = machine.submit(
            form.change(), by=request.user, token=form.token, fresh_at=signed_in_at(request)
        )
        machine.wait(entry)
        return SeeOther(reverse("staff:opened", args=[entry.pk]))
    form.renew()
    return render_page(request, "staff/open.html", {"form": form}, status=status_of(form))


@require_safe
@never_cache
@staff_required
def opened(request: StaffRequest, pk: int) -> HttpResponse:
    """How it stands. Its password is shown to whoever pressed, and to nobody else."""
    entry = _get(request, pk)
    context: dict[str, Any] = {
        "entry": entry,
        "strip": once.panel(entry),
        "given": once.show(entry, request.user),
        "yours": entry.by_id == request.user.pk,
    }
    return render_page(request, "staff/opened.html", context)


@require_POST
@staff_required
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """An administrator's word on one whose answer was lost."""
    changes.answer(
        _get(request, pk),
        request.POST.get("answer", ""),
        by=request.user,
        token=request.POST.get("token", ""),
        fresh_at=signed_in_at(request),
    )
    return SeeOther(reverse("staff:opened", args=[pk]))


@require_POST
@staff_required
def stored(request: StaffRequest, pk: int) -> HttpResponse:
    """The password is stored where it belongs: we forget it."""
    if once.forget(_get(request, pk), request.user):
        messages.success(request, "We deleted our copy of the password.")
    return SeeOther(reverse("staff:opened", args=[pk]))


def _get(request: StaffRequest, pk: int) -> Entry:
    """Raises PermissionDenied for support, and Http404: no such change, or of another kind."""
    services.must_administer(request.user, request.path)
    return once.get_staff_entry(OpenAccount.__name__, pk)
