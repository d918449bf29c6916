"""`/billing/`: the balance and what is charged every month, each with its age."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from apps.accounts import profiles
from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.billing import notice, selectors, services
from apps.ui.http import STOP
from apps.ui.render import render_part


@require_safe
@role_required(Right.VIEW)
def billing(request: PortalRequest) -> HttpResponseBase:
    """Whoever looks has both figures read sooner; the part that waits looks again until the newer
    one is there.

    The part wants nothing: it looks by itself, and a page left open would spend everybody's hour.
    """
    looked_again = request.htmx.target == "billing-charges"
    if looked_again:
        copy = services.copy_of(request.account)
    else:
        profiles.want(request.account)
        copy = services.want(request.account)
    if looked_again:
        panel = selectors.charges_panel(request.account, copy)
    else:
        panel = notice.billing_page(request, request.account, copy=copy)
    status = STOP if looked_again and panel["place"] is None else 200
    return render_part(
        request, "billing/_charges.html", panel, page="billing/billing.html", status=status
    )
