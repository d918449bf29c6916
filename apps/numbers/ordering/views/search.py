"""Search for numbers, and the cart beside the results."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts import profiles
from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right, allows
from apps.changes.kit.balance import cost_of, in_header, rate_of
from apps.numbers.ordering import carts, finding
from apps.numbers.ordering.asking import BEHIND, PATIENCE
from apps.numbers.ordering.forms import SearchForm
from apps.ui.format import count
from apps.ui.http import STOP
from apps.ui.render import SeeOther, guarded, render_part

PAGE = "numbers/ordering/search.html"


def cart_panel(request: PortalRequest) -> dict[str, Any]:
    """Context of numbers/ordering/_cart.html: {"cart", "lines", "price", "cost", "may_order"}."""
    cart = carts.find_open(request.account, request.user)
    lines, price = carts.lines_of(cart), rate_of(request.account, "did")
    cost = cost_of(request.account, (price or 0) * len(lines))
    return {
        "cart": cart,
        "lines": lines,
        "price": price,
        "cost": cost,
        **in_header(cost.balance),
        "may_order": allows(request.membership.role, Right.MANAGE),
    }


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest) -> HttpResponse:
    """The search that the URL asks for. The part that waits for VoiceTel asks again."""
    form = SearchForm(request.GET if request.GET else QueryDict("state="))
    part = request.htmx.target == "numbers-offers"
    profiles.want(request.account)
    found = None
    if form.is_valid() and (query := form.query()).any and request.account.connected:
        found = finding.search(
            request.account,
            query,
            by=request.user.pk,
            seconds=BEHIND if part else PATIENCE,
            again="again" in request.GET,
        )
    context = {"form": form, "found": found, **cart_panel(request)}
    status = STOP if part and found and not found.waits else 200
    if form.errors:
        status = 422
    return render_part(request, "numbers/ordering/_offers.html", context, page=PAGE, status=status)


@require_POST
@role_required(Right.MANAGE)
def add(request: PortalRequest) -> HttpResponse:
    """Put ticked numbers of a search, or all that match, into the cart. What they are and where is
    taken from VoiceTel's answer, never from the form.
    """
    form = SearchForm(QueryDict(request.POST.get("query", "")))
    back, offers = reverse("numbers:order"), list[finding.Offer]()
    if form.is_valid():
        query = form.query()
        back = f"{back}?{query.url()}"
        offers = finding.kept(request.account, query, by=request.user.pk)
    if "all" not in request.POST:
        ticked = set(request.POST.getlist("number"))
        offers = [each for each in offers if each.number in ticked]
    if not offers:
        messages.warning(request, "Select at least one number of the list. Nothing was added.")
        return guarded(SeeOther(back))
    try:
        new = carts.add(request.account, request.user, offers)
    except carts.Full as full:
        messages.error(request, str(full))
    else:
        messages.success(request, f"Added {count(new, 'number')} to your cart.")
    return guarded(SeeOther(back))


@require_POST
@role_required(Right.MANAGE)
def remove(request: PortalRequest) -> HttpResponse:
    """Take one number, or all, out of the person's own cart."""
    number = request.POST.get("number", "")
    carts.remove(request.account, request.user, [number] if number else [])
    back = request.POST.get("query", "")
    form = SearchForm(QueryDict(back))
    query = f"?{form.query().url()}" if back and form.is_valid() else ""
    return guarded(SeeOther(f"{reverse('numbers:order')}{query}"))
