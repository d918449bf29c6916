"""One form posted twenty times at once: one change, one call."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.faults.pressing import open_form, post
from tests.faults.stand import SETTLED_WITHIN, Browser, Stand, until

TIMES = 20


def calls(stand: Stand) -> int:
    return len(stand.provider.requests("numbersForwardSet"))


def test_twenty_posts_of_one_form_are_one_change(webbed: Stand) -> None:
    browser, number, before = Browser(webbed), webbed.take(1)[0], calls(webbed)
    form = open_form(browser, number) | {"to": "9175550142"}
    together = Barrier(TIMES)

    def press(_: int) -> int:
        together.wait()
        return post(browser, number, form)[0]

    with ThreadPoolExecutor(TIMES) as hands:
        entries = set(hands.map(press, range(TIMES)))
    assert len(entries) == 1
    until(
        lambda: set(webbed.ask("states", pks=list(entries)).values()) == {"done"},
        SETTLED_WITHIN,
        "it is done",
    )
    assert post(browser, number, form)[0] in entries, "Back, and pressed again"
    other_tab = open_form(browser, number) | {"to": "9175550142"}
    assert post(browser, number, other_tab)[0] in entries, "a second tab"
    assert (len(webbed.ask("entries_of", number=number)), calls(webbed) - before) == (1, 1)
    assert webbed.forwards()[number] == "9175550142"


def test_one_process_presses_one_form_twenty_times(webbed: Stand) -> None:
    number, before = webbed.take(1)[0], calls(webbed)
    assert webbed.ask("press_many", number=number, to="9175550143", times=TIMES, unique=True) == 1
    until(lambda: calls(webbed) > before, SETTLED_WITHIN, "it is sent")


def test_with_a_key_made_at_the_press_it_is_many(webbed: Stand, own_stand: Stand) -> None:
    """The control: without the form's own key each press is a change of its own."""
    number, before = webbed.take(1)[0], calls(webbed)
    rows = webbed.ask("press_many", number=number, to="9175550144", times=TIMES, unique=False)
    until(lambda: calls(webbed) - before == rows, 30, "each is sent")
    assert rows == TIMES
