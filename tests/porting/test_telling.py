"""Who is told what of a port, once each, and what Home and the search show of it."""

from datetime import timedelta

from apps.copies.services import look
from apps.notifications.models import Notice
from apps.notifications.sweeps import send_mails
from apps.porting import sources
from apps.porting.models import Port
from apps.porting.services import telling
from apps.sandbox.models import Port as Theirs
from apps.voicetel import clock
from tests.pages import words

DAY = 86_400


def told(user):
    return list(
        Notice.objects.of(user)
        .filter(kind__startswith="port")
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def test_who_may_act_is_told_of_each_step_once(draft, order, harbor, both, cast):
    order(draft)
    for _ in range(12):
        both(DAY)
        look(harbor, sources.ports)
        look(harbor, sources.ports)
    assert told(cast.manager) == told(cast.owner) == ["port_letter", "port_date", "port_complete"]
    assert told(cast.viewer) == told(cast.stranger) == []


def test_no_email_holds_the_id_of_a_port(draft, order, harbor, both, cast, mailoutbox):
    order(draft)
    pid = Port.objects.of(harbor).get(closed_at=None).pid
    for _ in range(12):
        both(DAY)
        look(harbor, sources.ports)
    send_mails()
    mails = [mail for mail in mailoutbox if "Comcast" in mail.subject]
    assert len(mails) >= 6
    for mail in mails:
        assert pid not in f"{mail.subject}{mail.body}{mail.alternatives[0][0]}"


def test_an_email_leads_to_the_port(draft, order, harbor, cast, manager, both):
    order(draft)
    both(1.5 * DAY)
    look(harbor, sources.ports)
    port = Port.objects.of(harbor).get(closed_at=None)
    answer = manager.get(f"/porting/ports/{port.pk}/")
    assert (answer.status_code, answer["Location"]) == (303, f"/porting/{port.pid}/")


def test_what_the_first_look_finds_is_no_news(harbor, cast):
    assert told(cast.owner) == []
    assert Port.objects.of(harbor).count() == 1


def test_a_letter_is_reminded_of_after_two_and_five_days(draft, order, harbor, both, cast):
    order(draft)
    Port.objects.of(harbor).filter(closed_at=None).update(
        stage="letter", changed_at=clock.about_now()
    )
    for _ in range(10):
        clock.advance(DAY)
        telling.remind()
    assert told(cast.manager) == ["port_reminder"] * 2
    assert words_of(cast.manager).startswith("Reminder: sign the letter for 2 numbers from Comcast")


def words_of(user):
    from apps.notifications.kinds import words as said

    notice = Notice.objects.of(user).filter(kind__startswith="port").earliest("pk")
    return said(notice.kind, notice.facts).subject


def test_a_date_that_passed_is_told_once(draft, order, harbor, cast):
    order(draft)
    Port.objects.of(harbor).filter(closed_at=None).update(
        stage="date", foc_on=clock.about_now().date() - timedelta(days=2)
    )
    for _ in range(3):
        telling.remind()
    assert told(cast.manager) == ["port_passed"]


def test_a_moved_date_names_both(draft, order, harbor, both, cast):
    order(draft)
    for _ in range(8):
        both(DAY)
        look(harbor, sources.ports)
    theirs = Theirs.objects.get(pid=Port.objects.of(harbor).get(closed_at=None).pid)
    assert told(cast.manager)[-1] == "port_date"
    Theirs.objects.filter(pk=theirs.pk).update(at=theirs.at + DAY)
    look(harbor, sources.ports)
    notice = Notice.objects.of(cast.manager).filter(kind__startswith="port").latest("pk")
    assert notice.kind == "port_moved"
    assert "" != notice.facts["was"] != notice.facts["date"] != ""


def test_home_says_what_waits_for_whom(draft, order, harbor, both, cast, sign_in):
    order(draft)
    both(1.5 * DAY)
    look(harbor, sources.ports)
    line = "Comcast IP Phone needs your signature for 2 numbers."
    assert line in words(sign_in(cast.manager).get("/"))
    assert line not in words(sign_in(cast.viewer).get("/"))


def test_the_search_finds_a_port_by_a_part_of_a_number(draft, order, harbor, cast, sign_in):
    order(draft)
    page = words(sign_in(cast.viewer).get("/search/?q=555-0143"))
    assert "(212) 555-0142 and 1 more from Comcast IP Phone" in page
    assert "Comcast IP" not in words(sign_in(cast.stranger).get("/search/?q=555-0143"))
