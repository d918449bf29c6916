"""`/trunking/guide/<pbx>/`: how to set up a phone system."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.trunking import guides, selectors
from apps.trunking.guides import data as guide_data
from apps.trunking.types import Kind
from apps.trunking.views.frame import frame
from apps.trunking.views.overview import registration_of
from apps.ui.render import render_page


@require_safe
@role_required(Right.VIEW)
def show(request: PortalRequest, pbx: str) -> HttpResponse:
    """The guide of a phone system, by what is in force unless `?way=` says otherwise."""
    guide = guides.GUIDES[pbx]
    standing = selectors.find_standing(request.account)
    usual = "ip" if standing.kind is Kind.IP else "registration"
    way = request.GET.get("way", usual)
    if way not in guides.WAYS:
        way = usual
    asked = guides.Ask(request.account.number, way, guides.hosts())
    context = frame(request, "guide", standing) | {
        "guide": guide,
        "guides": guides.GUIDES.values(),
        "way": way,
        "parts": guide.parts(asked),
        "data": guide_data,
        "networks": "\n".join(cidr for cidr, _ in guide_data.NETWORKS),
    }
    context |= registration_of(request, standing.trunk)
    return render_page(request, "trunking/guide.html", context)
