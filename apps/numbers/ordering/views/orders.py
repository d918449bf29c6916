"""The confirmation of a cart, the order that it became, and the list of orders."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts import profiles
from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right, allows
from apps.accounts.signing_in.sessions import signed_in_at
from apps.changes.kit.balance import balance_about, cost_of, in_header, rate_of
from apps.numbers.models import Cart, CartLine
from apps.numbers.ordering import carts, orders
from apps.numbers.ordering.forms import ReviewForm
from apps.ui.format import count
from apps.ui.http import STOP, get_or_post
from apps.ui.lists.export import FileOf
from apps.ui.render import SeeOther, guarded, render_page, render_part


@role_required(Right.MANAGE)
def review(request: PortalRequest) -> HttpResponse:
    """What the cart costs, and the one button that orders it."""
    lines = carts.lines_of(carts.find_open(request.account, request.user))
    profiles.want(request.account)
    price = rate_of(request.account, "did")
    return _review(request, lines, ReviewForm(request.account, price, _numbers(lines)))


@role_required(Right.MANAGE)
def place(request: PortalRequest) -> HttpResponse:
    """One press, one order. What was typed stays in the form whenever nothing was sent."""
    cart = carts.find_pressed(request.account, request.user, request.POST.get("token", ""))
    lines = carts.lines_of(cart)
    price = rate_of(request.account, "did")
    form = ReviewForm(request.account, price, _numbers(lines), request.POST)
    if cart is None or not lines:
        messages.warning(request, "Your cart is empty, so nothing was ordered.")
        return guarded(SeeOther(reverse("numbers:order")))
    if cart.state == Cart.State.ORDERED:  # a second click, a reload, another tab of this very form
        carts.send(cart, by=request.user, token=cart.token, fresh_at=signed_in_at(request))
        return guarded(SeeOther(reverse("numbers:placed", args=[cart.pk])))
    if not form.is_valid():
        form.renew()
        return _review(request, lines, form, 422)
    wish = carts.Wish(int(form.cleaned_data["route"]), form.labels())
    try:
        placed = carts.order(
            cart,
            form.cleaned_data["numbers"],
            wish,
            each=form.cleaned_data["each"],
            by=request.user,
            token=form.token,
            fresh_at=signed_in_at(request),
        )
    except carts.Changed as changed:
        messages.warning(request, str(changed))
        return guarded(SeeOther(reverse("numbers:order_review")))
    return guarded(SeeOther(reverse("numbers:placed", args=[placed.pk])))


review_or_place = get_or_post(review, place)


def _numbers(lines: list[CartLine]) -> list[str]:
    return [line.number for line in lines]


def _review(
    request: PortalRequest, lines: list[CartLine], form: ReviewForm, status: int = 200
) -> HttpResponse:
    price = form.price
    by_place: dict[str, list[str]] = {}
    for line in lines:
        by_place.setdefault(line.place, []).append(line.number)
    cost = cost_of(request.account, (price or 0) * len(lines))
    context = {
        "form": form,
        "lines": lines,
        "places": by_place.items(),
        "price": price,
        "words": count(len(lines), "number"),
        "cost": cost,
        **in_header(cost.balance),
    }
    return render_page(request, "numbers/ordering/review.html", context, status)


@require_safe
@role_required(Right.VIEW)
def placed(request: PortalRequest, pk: int) -> HttpResponse:
    """What became of an order, number by number. A reload repeats nothing."""
    page = orders.order_page(orders.get_order(request.account, pk))
    left = balance_about(request.account)
    context: dict[str, Any] = {
        "order": page,
        "left": left,
        **in_header(left),
        "may_order": allows(request.membership.role, Right.MANAGE),
    }
    part = request.htmx.target == "numbers-order"
    return render_part(
        request,
        "numbers/ordering/_order.html",
        context,
        page="numbers/ordering/order.html",
        status=STOP if part and not page.every else 200,
    )


@require_POST
@role_required(Right.MANAGE)
def again(request: PortalRequest, pk: int) -> HttpResponse:
    """Put what failed only along with others into the cart, for a new press on a new confirmation:
    the old key would give the old answer.
    """
    page = orders.order_page(orders.get_order(request.account, pk))
    numbers = [each.number for each in page.others]
    if not numbers:
        messages.warning(request, "There's nothing left of this order to order again.")
        return guarded(SeeOther(reverse("numbers:placed", args=[pk])))
    try:
        carts.again(page.cart, numbers, request.user)
    except carts.Full as full:
        messages.error(request, str(full))
        return guarded(SeeOther(reverse("numbers:placed", args=[pk])))
    return guarded(SeeOther(reverse("numbers:order_review")))


@require_safe
@role_required(Right.VIEW)
def index(request: PortalRequest) -> HttpResponse:
    """Every order of the account, newest first."""
    context = {"listing": orders.list_orders(request, request.account)}
    return render_part(
        request, "numbers/ordering/_orders.html", context, page="numbers/ordering/orders.html"
    )


@require_safe
@role_required(Right.VIEW)
def index_file(request: PortalRequest, made: FileOf) -> HttpResponseBase:
    """Every order as a file."""
    rows = orders.all_orders(request, request.account)
    return made("orders", orders.SPEC, rows, request.account.zone)
