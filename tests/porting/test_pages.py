"""The desk, a port's page and the last step, as people see them."""

from datetime import timedelta

import pytest

from apps.copies.services import look
from apps.porting import sources
from apps.porting.models import Check, DraftNumber, Group, Port
from apps.voicetel import clock
from tests.pages import words
from tests.porting.ready import BILL, NUMBERS, TOLL_FREE, VERIZON

DAY = 86_400
TICKS = dict.fromkeys(("stays_on", "no_order", "bill_ready", "may_sign", "read"), "on")


def pids(account):
    return ",".join(map(str, Group.objects.of(account).values_list("pk", flat=True)))


def test_the_last_step_orders_and_leads_to_the_port(draft, manager, harbor, sandbox, changes):
    path = f"/porting/new/{draft.pk}/confirm/"
    page = words(manager.get(path))
    assert "Order for $12.00" in page
    assert "2 × $6.00" in page
    page = manager.post(path, {"groups": pids(harbor), **TICKS}, follow=True)
    assert "2 numbers from Comcast IP Phone" in words(page)
    assert "$12.00 charged" in words(page)
    assert sandbox.count("portSubmit") == 1


def test_each_tick_is_needed(draft, manager, harbor, sandbox):
    for name in ("stays_on", "no_order", "bill_ready", "may_sign"):
        ticks = {key: value for key, value in TICKS.items() if key != name}
        page = manager.post(f"/porting/new/{draft.pk}/confirm/", {"groups": pids(harbor), **ticks})
        assert page.status_code == 422
        assert "Confirm this before you order." in words(page)
    assert sandbox.count("portSubmit") == 0


def unchecked(account):
    Check.objects.of(account).update(portable=None, at=None)


def stale(account):
    Check.objects.of(account).update(at=clock.about_now() - timedelta(minutes=51))


def unportable(account):
    Check.objects.of(account).filter(number=NUMBERS[0]).update(portable=False, reason="No")


def two_carriers(account):
    Check.objects.of(account).filter(number=NUMBERS[0]).update(carrier="Verizon")


def mixed(account):
    DraftNumber.objects.of(account).filter(number=NUMBERS[0]).update(number=TOLL_FREE)
    Check.objects.of(account).filter(number=NUMBERS[0]).update(number=TOLL_FREE)


def unfilled(account):
    Group.objects.of(account).update(bill=BILL | {"name": ""})


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (unchecked, "isn't checked yet"),
        (stale, "more than 50 minutes old"),
        (unportable, "can't be ported"),
        (two_carriers, "Split them"),
        (mixed, "Toll-free numbers need an order of their own"),
        (unfilled, "Name on the account"),
    ],
)
def test_what_stops_an_order_stops_it_on_the_page_and_in_the_service(
    draft, manager, harbor, sandbox, spoil, said, order
):
    from apps.porting import sending

    spoil(harbor)
    path = f"/porting/new/{draft.pk}/confirm/"
    page = manager.post(path, {"groups": pids(harbor), **TICKS})
    assert page.status_code == 422
    assert said in words(page)
    assert "nothing was charged" in words(page)
    spoil(harbor)
    with pytest.raises(sending.Stopped):
        order(draft)
    assert sandbox.count("portSubmit") == 0


def test_the_desk_lists_open_ports_and_those_that_wait_for_us_first(
    draft, order, harbor, cast, sign_in, both
):
    order(draft)
    both(1.5 * DAY)
    look(harbor, sources.ports)
    page = words(sign_in(cast.viewer).get("/porting/"))
    assert "Comcast IP Phone needs your signature for 2 numbers." in page
    assert "(212) 555-0142 and 1 more" in page
    assert "(973) 555-0150" not in page
    complete = words(sign_in(cast.viewer).get("/porting/?show=complete"))
    assert "(973) 555-0150 and 3 more" in complete
    found = words(sign_in(cast.viewer).get("/porting/?q=9735550152"))
    assert "(973) 555-0150" in found


def test_the_desk_takes_a_fixed_number_of_queries(harbor, cast, sign_in, django_assert_num_queries):
    browser = sign_in(cast.viewer)
    browser.get("/porting/?show=complete")
    with django_assert_num_queries(DESK):
        browser.get("/porting/?show=complete")
    now = clock.about_now()
    Port.objects.of(harbor).bulk_create(
        Port(
            account=harbor,
            pid=f"x{each:04}",
            created_at=now,
            seen_at=now,
            changed_at=now,
            closed_at=now,
        )
        for each in range(60)
    )
    with django_assert_num_queries(DESK):
        browser.get("/porting/?show=complete")


DESK = 8


def test_a_stranger_gets_404_and_voicetel_is_not_asked(harbor, cast, sign_in, sandbox):
    pid = Port.objects.of(harbor).get().pid
    before = sandbox.count()
    browser = sign_in(cast.stranger)
    assert browser.get(f"/porting/{pid}/").status_code == 404
    assert browser.post(f"/porting/{pid}/uploaded/").status_code == 404
    assert browser.get("/porting/zzzzz/").status_code == 404
    assert sandbox.count() == before
    assert sign_in(cast.viewer).get(f"/porting/{pid}/").status_code == 200


def test_a_member_says_that_the_letter_is_uploaded_once(draft, order, harbor, manager, both):
    order(draft)
    both(1.5 * DAY)
    look(harbor, sources.ports)
    port = Port.objects.of(harbor).get(closed_at=None)
    page = manager.get(f"/porting/{port.pid}/")
    assert "Sign the letter and upload it with your latest bill from Comcast IP Phone." in words(
        page
    )
    for _ in range(2):
        page = manager.post(f"/porting/{port.pid}/uploaded/", follow=True)
    assert "VoiceTel is checking the letter and the bill." in words(page)
    assert words(page).count("Letter and bill uploaded") == 1
    assert "Manager Harbor" in words(page)


def test_links_lead_to_voicetel_only_and_are_marked_as_outside(draft, order, harbor, manager):
    order(draft)
    port = Port.objects.of(harbor).get(closed_at=None)
    page = manager.get(f"/porting/{port.pid}/").content.decode()
    assert f"/a/loa/{port.pid}/" in page
    assert 'rel="noopener noreferrer"' in page
    for bad in ("https://evil.test/a/", "javascript:alert(1)", "https://voicetel.com.evil.test/"):
        port.loa_url = bad
        port.save()
        page = manager.get(f"/porting/{port.pid}/").content.decode()
        assert bad not in page
        assert "History" in page
    port.loa_url, port.links_told = "", False
    port.save()
    assert "VoiceTel didn't tell us this order's link." in words(
        manager.get(f"/porting/{port.pid}/")
    )


def test_words_of_voicetel_are_text_on_every_page(harbor, cast, sign_in):
    mark = "<script>alert(1)</script>"
    port = Port.objects.of(harbor).get()
    Port.objects.of(harbor).filter(pk=port.pk).update(
        status=mark, message=mark, carrier=mark, stage="rejected", closed_at=None
    )
    browser = sign_in(cast.viewer)
    for path in ("/porting/", f"/porting/{port.pid}/"):
        page = browser.get(path).content.decode()
        assert mark not in page
        assert "&lt;script&gt;" in page


def test_the_list_is_exported_as_shown(harbor, cast, sign_in):
    answer = sign_in(cast.viewer).get("/porting/export.csv?show=complete")
    lines = b"".join(answer.streaming_content).decode().strip().splitlines()
    assert len(lines) == 2
    assert "9735550150 9735550151" in lines[1]


def test_several_bills_are_several_orders_of_one_press(ready, manager, harbor, sandbox, changes):
    draft = ready(*NUMBERS, *VERIZON)
    path = f"/porting/new/{draft.pk}/confirm/"
    page = words(manager.post(path, {"groups": pids(harbor), **TICKS}, follow=True))
    assert page.count("View the port") == 2
    assert sandbox.count("portSubmit") == 2
    assert Port.objects.of(harbor).filter(closed_at=None).count() == 2
