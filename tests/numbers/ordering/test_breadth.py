"""The four operations through their pages, as the provider has it afterwards."""

from apps.changes.models import Entry
from apps.changes.states import State
from apps.numbers.models import Number
from apps.ui.format import phone
from tests.numbers.ordering.shop import (
    FAILS,
    LINES,
    PRICE,
    STOCK,
    buy,
    charged,
    confirmation,
    entries,
    pick,
    press,
    the_order,
)
from tests.pages import words


def test_a_search_shows_free_numbers_of_the_area_code(shopper, sandbox):
    page = words(shopper.get("/numbers/order/?area=201"))
    assert phone(min(LINES)) in page
    assert "numbers match" in page
    assert sandbox.count("inventorySearch") == 1
    shopper.get("/numbers/order/?area=201&digits=00")
    assert sandbox.count("inventorySearch") == 1  # the answer is kept for ten minutes


def test_coverage_shows_states_and_leads_to_their_search(shopper, sandbox):
    page = shopper.get("/numbers/coverage/")
    assert "New Jersey" in words(page)
    assert "/numbers/order/?state=NJ" in page.content.decode()
    deeper = words(shopper.get("/numbers/coverage/?state=NJ&by=area"))
    assert "201" in deeper
    assert sandbox.count("inventoryCoverage") == 2


def test_an_order_brings_its_numbers_charges_them_once_and_lists_them(harbor, shopper, sandbox):
    wanted = STOCK[:3]
    answer = buy(shopper, wanted, label="Sales {n}")
    order = the_order(harbor)
    assert answer["Location"] == f"/numbers/orders/{order.pk}/"
    assert set(wanted) <= set(sandbox.numbers_of("1000000001"))
    assert charged(sandbox) == [3 * PRICE]
    (entry,) = entries(harbor)
    assert (entry.state, entry.price, entry.charged) == (State.DONE, 3 * PRICE, 3 * PRICE)
    labels = Number.objects.of(harbor).filter(number__in=wanted).order_by("number")
    assert [row.label for row in labels] == ["Sales 1", "Sales 2", "Sales 3"]
    page = words(shopper.get(answer["Location"]))
    assert "3 numbers ordered" in page
    assert "$1.50" in page
    assert "Order " in words(shopper.get("/numbers/orders/"))


def test_the_confirmation_says_what_it_costs_and_what_is_left(shopper):
    pick(shopper, STOCK[:3])
    page = words(shopper.get("/numbers/order/review/"))
    assert "Order 3 numbers for $1.50" in page
    assert "Balance after, about" in page
    assert "An order can't be undone" in page


def test_one_known_number_is_added(harbor, shopper, sandbox):
    wanted = STOCK[5]
    form = confirmation(shopper, "/numbers/add/") | {"number": wanted, "label": "Fax room"}
    answer = shopper.post("/numbers/add/", form)
    entry = Entry.objects.of(harbor).get()
    assert answer["Location"] == f"/changes/{entry.pk}/"
    assert entry.state == State.DONE
    assert wanted in sandbox.numbers_of("1000000001")
    assert charged(sandbox) == [PRICE]
    assert Number.objects.of(harbor).get(number=wanted).label == "Fax room"


def test_numbers_that_fail_are_told_with_their_reason_and_not_charged(harbor, shopper, sandbox):
    answer = buy(shopper, [*STOCK[:2], FAILS[0]])
    page = words(shopper.get(answer["Location"]))
    assert "2 of 3 numbers ordered" in page
    assert "Number is no longer available" in page
    assert charged(sandbox) == [2 * PRICE]
    assert "Find others like these" in page


def test_a_second_click_and_a_reload_order_nothing_more(harbor, shopper, sandbox):
    pick(shopper, STOCK[:2])
    form = confirmation(shopper)
    first = shopper.post("/numbers/order/review/", form)
    second = shopper.post("/numbers/order/review/", form)
    assert first["Location"] == second["Location"]
    assert charged(sandbox) == [2 * PRICE]
    assert "empty" in words(shopper.get("/numbers/order/review/"))


def test_without_a_price_there_is_no_button(harbor, manager):
    pick(manager, STOCK[:2])
    page = words(manager.get("/numbers/order/review/"))
    assert "hasn't told us your price yet" in page
    assert "Order 2 numbers for" not in page
    assert press(manager).status_code == 422


def test_a_viewer_looks_but_has_no_cart(shopper, viewer):
    assert "Add selected to cart" in words(shopper.get("/numbers/order/?area=201"))
    assert "Add selected to cart" not in words(viewer.get("/numbers/order/?area=201"))
    assert viewer.get("/numbers/order/review/").status_code == 403
