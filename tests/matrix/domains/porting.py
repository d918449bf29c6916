"""Who gets what at the addresses of porting."""

from uuid import uuid4

from django.utils import timezone

from apps.accounts.roles import Right
from apps.changes.services import new_token
from apps.porting.models import CalendarLink, Draft, DraftNumber, Group, Port
from tests.cast import Cast
from tests.matrix.row import Args, Row, Who

NUMBER = "2125550142"


def harbor_port(cast: Cast) -> Args:
    """A port of Harbor's whose letter is waited for."""
    now = timezone.now()
    port, _ = Port.objects.of(cast.harbor).get_or_create(
        account=cast.harbor,
        pid="k7q2m",
        defaults={"created_at": now, "seen_at": now, "changed_at": now, "stage": "letter"},
    )
    return {"pid": port.pid}


def harbor_draft(cast: Cast) -> Args:
    """A draft of Harbor's with one number on one bill."""
    return {"draft": a_group(cast).draft_id}


def harbor_bill(cast: Cast) -> Args:
    group = a_group(cast)
    return {"draft": group.draft_id, "group": group.pk}


def harbor_order(cast: Cast) -> Args:
    return {"pk": a_group(cast).pk}


def a_group(cast: Cast) -> Group:
    found = Group.objects.of(cast.harbor).first()
    if found is None:
        draft = Draft.objects.of(cast.harbor).create(account=cast.harbor, title="Riverside")
        found = Group.objects.of(cast.harbor).create(
            account=cast.harbor, draft=draft, carrier="Verizon", token=new_token()
        )
        DraftNumber.objects.of(cast.harbor).create(
            account=cast.harbor, draft=draft, number=NUMBER, group=found
        )
    return found


def harbor_declined(cast: Cast) -> Args:
    """One that was declined, with a ticket."""
    now = timezone.now()
    port, _ = Port.objects.of(cast.harbor).update_or_create(
        account=cast.harbor,
        pid="d3c1n",
        defaults={
            "created_at": now,
            "seen_at": now,
            "changed_at": now,
            "stage": "rejected",
            "ticket": 1,
            "corrected_at": None,
        },
    )
    return {"pid": port.pid}


NO_PORT = ({"pid": "zzzzz"}, {"pid": "x"}, {"pid": "9" * 40}, {"pid": "%00"})
NO_DRAFT = ({"draft": 999_999_999},)
PORT = {"own": harbor_port, "absent": NO_PORT}
DECLINED = {"own": harbor_declined, "absent": NO_PORT}
DRAFT = {"own": harbor_draft, "absent": NO_DRAFT}


def harbor_calendar(cast: Cast) -> Args:
    """A calendar link of Harbor's owner."""
    now = timezone.now()
    row = CalendarLink.objects.of(cast.harbor).create(
        account=cast.harbor, user=cast.owner, digest=uuid4().hex, made_at=now
    )
    return {"pk": row.pk}


ROWS: dict[str, Row] = {
    "porting:calendar": Row(get=Right.VIEW, post=Right.VIEW),
    "porting:calendar_end": Row(post=Who.OWN, own=harbor_calendar, absent=({"pk": 999_999_999},)),
    "porting:calendar_file": Row(
        get=Who.ANYONE, own=lambda cast: {"secret": "x" * 22}, anonymous=(404,)
    ),
    "porting:list": Row(get=Right.VIEW),
    "porting:list_csv": Row(get=Right.VIEW),
    "porting:list_xlsx": Row(get=Right.VIEW),
    "porting:age": Row(get=Right.VIEW),
    "porting:refresh": Row(post=Right.MANAGE),
    "porting:new": Row(get=Right.MANAGE, post=Right.MANAGE, data={"numbers": "2125550143"}),
    "porting:draft": Row(
        get=Right.MANAGE, post=Right.MANAGE, data={"numbers": "2125550144"}, **DRAFT
    ),
    "porting:draft_numbers": Row(post=Right.MANAGE, data={"number": NUMBER, "to": "new"}, **DRAFT),
    "porting:draft_bills": Row(get=Right.MANAGE, **DRAFT),
    "porting:draft_bill": Row(
        get=Right.MANAGE,
        post=Right.MANAGE,
        own=harbor_bill,
        absent=({"draft": 999_999_999, "group": 1},),
        data={"name": "Harbor Dental LLC", "later": "1", "version": "1"},
    ),
    "porting:draft_confirm": Row(
        get=Right.MANAGE, post=Right.MANAGE, data={"groups": "1"}, **DRAFT
    ),
    "porting:draft_discard": Row(post=Right.MANAGE, **DRAFT),
    "porting:order": Row(get=Right.VIEW, own=harbor_order, absent=({"pk": 999_999_999},)),
    "porting:by_row": Row(
        get=Right.VIEW,
        own=lambda cast: {"pk": Port.objects.of(cast.harbor).get(**harbor_port(cast)).pk},
        absent=({"pk": 999_999_999},),
    ),
    "porting:detail": Row(get=Right.VIEW, **PORT),
    "porting:correct": Row(get=Right.MANAGE, post=Right.MANAGE, data={"comment": "x"}, **DECLINED),
    "porting:uploaded": Row(post=Right.MANAGE, **PORT),
}
