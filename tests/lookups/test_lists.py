"""A list of numbers is looked up by one job: known ones free, each other one sent once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.changes import sweeps
from apps.changes.models import Entry
from apps.changes.states import State
from apps.jobs.models import Job
from apps.jobs.turns import runner
from apps.lookups import lists
from apps.lookups.models import Lookup
from apps.voicetel import breaker, clock
from tests.pages import words

ACCOUNT = {"account": "1000000001"}
NUMBERS = [f"917555013{line}" for line in range(5)]


@pytest.fixture(autouse=True)
def _in_this_thread(monkeypatch):
    """Rows are sent in the thread of the test, which sees its transaction."""
    monkeypatch.setattr(runner, "THREADS", 1)
    monkeypatch.setattr(runner, "LOOK", 0.0)


def post(client, text=None, **more):
    pasted = "\n".join(NUMBERS) if text is None else text
    return client.post("/lookups/list/", {"numbers": pasted, "kind": "name", **ACCOUNT, **more})


def start(client, account):
    job = Job.objects.of(account).order_by("-pk").first()
    client.post(f"/jobs/{job.pk}/start/", {"mark": job.print})
    for _ in range(8):
        clock.advance(2)
        runner.run(job.pk)
    job.refresh_from_db()
    return job


def test_a_list_says_its_cost_first_and_then_asks_each_once(harbor, manager, sandbox):
    preview = words(manager.get(post(manager)["Location"]))
    assert "$0.03 at most, at $0.006 each" in preview
    assert sandbox.count("cnamLookup") == 0
    job = start(manager, harbor)
    assert job.state == "done"
    assert sandbox.count("cnamLookup") == 5
    assert sorted(Lookup.objects.of(harbor).values_list("number", flat=True)) == NUMBERS


def test_what_is_known_is_left_out_and_free(harbor, manager, sandbox):
    post(manager, "\n".join(NUMBERS[:3]))
    start(manager, harbor)
    page = words(manager.get(post(manager)["Location"]))
    assert "3 more selected are left out: their answers are known, at no charge" in page
    assert "$0.01 at most" in page
    start(manager, harbor)
    assert sandbox.count("cnamLookup") == 5


def test_a_carrier_list_names_where_it_is_called_from(harbor, manager, sandbox):
    assert post(manager, kind="carrier", ani="").status_code == 422
    post(manager, kind="carrier", ani="2015550110")
    start(manager, harbor)
    assert Lookup.objects.of(harbor).filter(kind="carrier", ani="2015550110").count() == 5


def test_a_doubt_of_a_list_asks_and_is_never_sent_twice(harbor, manager, sandbox):
    sandbox.fault("cnamLookup", "drop_after")
    post(manager)
    job = start(manager, harbor)
    for _ in range(6):
        breaker.forget()
        clock.advance(60)
        sandbox.advance(60)
        sweeps.settle_due()
        runner.run(job.pk)
    assert sandbox.count("cnamLookup") == 5
    assert Entry.objects.of(harbor).filter(state=State.ASK).count() == 1


def test_a_file_is_read_with_its_other_columns_passed_over(harbor, manager):
    text = "name,phone\nAnn,(917) 555-0130\nBen,917.555.0131\nAnn,9175550130\n"
    given = SimpleUploadedFile("people.csv", text.encode())
    post(manager, "", file=given)
    assert Job.objects.of(harbor).get().items == NUMBERS[:2]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter at least one phone number"),
        ("9175550130\nhello", "1 lines have no phone number. line 2: “hello”"),
    ],
)
def test_a_list_that_cannot_be_read_is_said_and_kept(harbor, manager, text, sentence):
    answer = post(manager, text)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert Job.objects.of(harbor).count() == 0


def test_a_list_holds_ten_thousand_lines(monkeypatch):
    monkeypatch.setattr(lists, "MOST", 3)
    assert len(lists.read("\n".join(["number", *NUMBERS[:3]])).numbers) == 3
    with pytest.raises(lists.TooLong):
        lists.read("\n".join(NUMBERS))
