"""`/admin/`: looks only. Nothing here changes anything, for a customer or for the portal."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.accounts.gates import StaffRequest, staff_required
from apps.staff.selectors import accounts as account_selectors
from apps.staff.selectors import budget as budget_selectors
from apps.ui.render import guarded, render_page, render_part

ZONE = "UTC"  # staff look at many accounts, each with a zone of its own


@require_safe
@staff_required
def index(request: StaffRequest) -> HttpResponse:
    return guarded(HttpResponseRedirect(reverse("staff:accounts")))


@require_safe
@staff_required
def accounts(request: StaffRequest) -> HttpResponse:
    """Every account: how it is connected, who works on it, how old our copies of it are."""
    context = {"listing": account_selectors.list_accounts(request), "zone": ZONE}
    return render_part(request, "staff/_accounts.html", context, page="staff/accounts.html")


@require_safe
@staff_required
def budget(request: StaffRequest) -> HttpResponse:
    """The hour that all customers share: who got its calls, what is left of it, who waits."""
    return render_page(request, "staff/budget.html", {"budget": budget_selectors.read(), "zone": ZONE})
