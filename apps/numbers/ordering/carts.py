"""Carts: picked numbers, and the one press that orders them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from apps.accounts.models import Account, User
from apps.changes import machine
from apps.changes.models import Entry
from apps.numbers.changes import PlaceOrder
from apps.numbers.changes.ordering import MOST as A_CALL
from apps.numbers.models import Cart, CartLine
from apps.numbers.ordering.finding import Offer
from apps.numbers.thing import ORDER
from apps.voicetel import clock

MOST = 1000  # lines of a cart


class Full(Exception):
    """The cart cannot take so many. The message is for the person."""


class Changed(Exception):
    """The cart, or its price, is not what the page showed. The message is for the person."""


def find_open(account: Account, by: User) -> Cart | None:
    """This person's open cart; None where they have none."""
    return Cart.objects.of(account).filter(by=by, state=Cart.State.OPEN).first()


def find_pressed(account: Account, by: User, token: str) -> Cart | None:
    """The cart that a press means: the one that this very form ordered already, else the open
    one.
    """
    mine = Cart.objects.of(account).filter(by=by)
    ordered = mine.filter(token=token).first() if token else None
    return ordered or find_open(account, by)


def lines_of(cart: Cart | None) -> list[CartLine]:
    """Its lines by number."""
    return list(cart.lines.order_by("number")) if cart else []


def add(account: Account, by: User, offers: Sequence[Offer]) -> int:
    """Put numbers into this person's cart; how many are new there. Raises Full, and then none of
    them is added.
    """
    with transaction.atomic():
        cart = _open(account, by)
        known = set(cart.lines.values_list("number", flat=True))
        new = {each.number: each for each in offers if each.number not in known}
        if len(known) + len(new) > MOST:
            raise Full(
                f"A cart holds {MOST:,} numbers. Yours has {len(known):,}, so {len(new):,} more"
                " don't fit. Nothing was added."
            )
        CartLine.objects.bulk_create(
            [
                CartLine(
                    cart=cart,
                    number=each.number,
                    place=each.place,
                    rate_center=each.rate_center,
                    lata=each.lata,
                )
                for each in new.values()
            ],
            ignore_conflicts=True,
        )
        _touch(cart)
    return len(new)


def remove(account: Account, by: User, numbers: Sequence[str]) -> int:
    """Take numbers out of this person's cart; all of them where none is named."""
    cart = find_open(account, by)
    if cart is None:
        return 0
    with transaction.atomic():
        lines = cart.lines.filter(number__in=numbers) if numbers else cart.lines.all()
        taken, _ = lines.delete()
        _touch(cart)
    return taken


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person wants with the order. route: a gateway's id; labels: by number."""

    route: int
    labels: Mapping[str, str]


def order(
    cart: Cart,
    numbers: Sequence[str],
    wish: Wish,
    *,
    each: int,
    by: User,
    token: str,
    fresh_at: object,
) -> Cart:
    """Order what the page showed: the cart is closed by this press, then one change for each 100
    numbers is submitted, each after the one before.

    numbers: as shown; each: micro-dollars a number, as shown; token: of the form, signed.
    The second time with one token nothing more is done. Raises Changed; and Declined, then the cart
    is open again and nothing was sent.
    """
    with transaction.atomic():
        found = Cart.objects.of(cart.account).select_for_update().get(pk=cart.pk)
        if found.state == Cart.State.OPEN:
            held = list(found.lines.order_by("number"))
            if [line.number for line in held] != list(numbers):
                raise Changed("Your cart changed in another tab. Check it, then order again.")
            for line in held:
                line.route, line.label = wish.route, wish.labels.get(line.number, "")
            CartLine.objects.bulk_update(held, ["route", "label"])
            found.state, found.token = Cart.State.ORDERED, token
            found.each, found.count = each, len(held)
            found.ordered_at = found.changed_at = clock.about_now()
            found.save()
        elif found.token != token:
            raise Changed("This cart was ordered already. Nothing was ordered again.")
    send(found, by=by, token=token, fresh_at=fresh_at)
    return found


def send(cart: Cart, *, by: User, token: str, fresh_at: object) -> None:
    """Submit the changes of an order that was pressed. Harmless the second time: each has a token
    of its own. Raises Declined where the first is not taken, and opens the cart again.
    """
    lines = lines_of(cart)
    parts = [lines[start : start + A_CALL] for start in range(0, len(lines), A_CALL)]
    before: Entry | None = None
    for number, part in enumerate(parts):
        change = PlaceOrder(
            cart.account,
            str(cart.pk),
            numbers=[line.number for line in part],
            routes={line.number: line.route for line in part if line.route is not None},
            each=cart.each,
            of=len(lines),
        )
        try:
            before = machine.submit(
                change,
                by=by,
                token=token,
                fresh_at=fresh_at,  # type: ignore[arg-type]  # a moment or None
                after=before,
                part=number,
                along=cart.each * (len(lines) - len(part)) if number == 0 else 0,
            )
        except machine.Declined:
            if before is None:
                _reopen(cart)
                raise
            return  # the page says which were not tried
    if before is not None and len(parts) == 1:
        machine.wait(before)


def again(cart: Cart, numbers: Sequence[str], by: User) -> int:
    """Put those numbers of an order into this person's cart, to be ordered by a new press."""
    lines = cart.lines.filter(number__in=numbers)
    offers = [
        Offer(line.number, line.place, line.rate_center, line.lata, "", ("", "", ""))
        for line in lines
    ]
    return add(cart.account, by, offers)


def entries_of(cart: Cart) -> list[Entry]:
    """The changes that order it, oldest first."""
    found = Entry.objects.of(cart.account_id).filter(thing=ORDER.name, subject=str(cart.pk))
    return list(found.order_by("pk"))


def _open(account: Account, by: User) -> Cart:
    """This person's open cart, made where there is none."""
    return Cart.objects.of(account).get_or_create(
        account=account,
        by=by,
        state=Cart.State.OPEN,
        defaults={"by_name": by.with_address[:254], "changed_at": clock.about_now()},
    )[0]


def _touch(cart: Cart) -> None:
    Cart.objects.of(cart.account_id).filter(pk=cart.pk).update(changed_at=clock.about_now())


def _reopen(cart: Cart) -> None:
    """Nothing of it was written down: it is a cart again, with what was picked since."""
    with transaction.atomic():
        mine = Cart.objects.of(cart.account_id)
        other = mine.filter(by=cart.by_id, state=Cart.State.OPEN).first()
        if other is not None:
            other.lines.exclude(number__in=cart.lines.values("number")).update(cart=cart)
            other.delete()
        mine.filter(pk=cart.pk).update(state=Cart.State.OPEN, token="", ordered_at=None)
