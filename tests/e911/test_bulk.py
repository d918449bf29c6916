"""Many numbers get one address by one job: previewed, started, and read back by one list."""

import pytest

from apps.copies.services import look
from apps.e911 import guides, sources
from apps.e911.models import Address, Record
from apps.jobs.models import Job
from apps.jobs.states import State
from apps.jobs.turns import runner
from apps.voicetel import clock
from tests.e911.there import BARE, CORRECTED, COVERED, TYPED, ours, record_there, typed
from tests.pages import words

ACCOUNT = {"account": "1000000001"}
BARES = [f"973555015{line}" for line in range(4)]
Standing = Record.Standing


@pytest.fixture(autouse=True)
def _here_and_now(changes, monkeypatch):
    """A change is sent as soon as it is its turn, in this thread, which sees the transaction."""
    monkeypatch.setattr(runner, "THREADS", 1)
    monkeypatch.setattr(runner, "LOOK", 0.0)


@pytest.fixture
def address(harbor, manager):
    manager.post("/e911/addresses/new/", typed(**ACCOUNT))
    return Address.objects.of(harbor).get()


def select(client, account, numbers):
    rows = Record.objects.of(account).filter(number__in=numbers)
    ids = [str(pk) for pk in rows.values_list("pk", flat=True)]
    return client.post("/e911/select/", {"ids": ids, **ACCOUNT})


def newest(account):
    """The job that was drafted last; a selection stays beside it."""
    return Job.objects.of(account).latest("pk")


def run(job):
    for _ in range(6):
        clock.advance(2)
        runner.run(job.pk)
    job.refresh_from_db()


def test_four_numbers_are_protected_with_one_address(harbor, manager, address):
    chosen = select(manager, harbor, [*BARES, COVERED])
    page = words(manager.get(chosen["Location"]))
    assert "4 get new 911 records, each with a monthly fee" in page
    assert "1 has a record that is replaced" in page
    assert f"{guides.FEE} a month for each number" in page
    preview = manager.post(
        chosen["Location"], {"address": address.pk, "caller_name": "HARBOR DENTAL"}
    )
    said = words(manager.get(preview["Location"]))
    assert "88 RIVER ST" in said
    assert record_there(BARE) is None
    job = newest(harbor)
    manager.post(f"{preview['Location']}start/", {"mark": job.print})
    run(job)
    assert job.state == State.DONE
    wanted = {"caller_name": "HARBOR DENTAL", **CORRECTED}
    assert [record_there(number) for number in [*BARES, COVERED]] == [wanted] * 5
    clock.advance(5)
    look(harbor, sources.records)
    assert {ours(harbor, number).standing for number in BARES} == {Standing.PROTECTED}


def test_many_in_a_row_are_read_back_by_one_list(harbor, manager, address, sandbox):
    rows = [f"201555011{line}" for line in range(10)]
    chosen = select(manager, harbor, rows)
    preview = manager.post(chosen["Location"], {"address": address.pk, "caller_name": "HD"})
    job = newest(harbor)
    manager.post(f"{preview['Location']}start/", {"mark": job.print})
    run(job)
    mine = Record.objects.of(harbor)
    assert mine.filter(number__in=rows, standing=Standing.SAID).count() == 10
    assert mine.filter(read_due_at__isnull=False).count() == 5
    clock.advance(5)
    look(harbor, sources.records)
    assert mine.filter(standing=Standing.PROTECTED, caller_name="HD").count() == 10
    assert mine.filter(read_due_at__isnull=False).count() == 0


def test_all_that_match_are_selected_and_what_is_so_already_is_left_out(harbor, manager, address):
    chosen = manager.post("/e911/select/", {"all": "1", "query": "standing=none", **ACCOUNT})
    job = newest(harbor)
    assert job.items == BARES
    manager.post(f"/e911/{BARE}/protect/", typed(address=address.pk, caller_name="HD"))
    manager.post(chosen["Location"], {"address": address.pk, "caller_name": "HD"})
    job = newest(harbor)
    assert job.items == BARES[1:]


def test_over_fifty_new_records_their_number_is_typed(harbor, manager, address, monkeypatch):
    monkeypatch.setattr(guides, "MANY", 3)
    chosen = select(manager, harbor, BARES)
    given = {"address": address.pk, "caller_name": "HD"}
    assert manager.post(chosen["Location"], given).status_code == 422
    assert manager.post(chosen["Location"], given | {"typed": "5"}).status_code == 422
    assert manager.post(chosen["Location"], given | {"typed": "4"}).status_code in {302, 303}


@pytest.mark.parametrize(
    ("field", "value"), [("caller_name", "A" * 21), ("caller_name", ""), ("address", "")]
)
def test_a_wrong_field_is_said_and_no_job_is_drafted(harbor, manager, address, field, value):
    chosen = select(manager, harbor, BARES)
    given = {"address": address.pk, "caller_name": "HD"} | {field: value}
    assert manager.post(chosen["Location"], given).status_code == 422
    assert Job.objects.of(harbor).get().kind == ""


def test_nothing_selected_and_strangers_rows_make_no_job(harbor, manager, cast):
    other = Record.objects.of(cast.northwind).create(
        account=cast.northwind, number="3125550100", told_at=clock.now()
    )
    answer = manager.post("/e911/select/", {"ids": [str(other.pk)], **ACCOUNT})
    assert answer.status_code == 422
    assert "Select at least one number first" in words(answer)
    assert Job.objects.of(harbor).count() == 0


def test_a_new_address_goes_on_to_the_selection_that_it_is_for(harbor, manager):
    select(manager, harbor, BARES)
    job = newest(harbor)
    answer = manager.post("/e911/addresses/new/", {**TYPED, **typed(job=job.pk), **ACCOUNT})
    entry = Address.objects.of(harbor).get()
    assert answer["Location"] == f"/e911/bulk/{job.pk}/?address={entry.pk}"
    assert (
        f'<option value="{entry.pk}" selected' in manager.get(answer["Location"]).content.decode()
    )
