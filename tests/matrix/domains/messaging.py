"""Who gets what at the addresses of messaging."""

from datetime import UTC, datetime
from uuid import uuid4

from apps.accounts.roles import Right
from apps.messaging.models import Campaign, Conversation, Known, TextState
from tests.cast import Cast
from tests.matrix.row import HARBOR, Args, Row

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
ABSENT_TALKS = (
    {"number": HARBOR, "far": "9999999999"},
    {"number": "x", "far": "y"},
    {"number": "9" * 40, "far": "1"},
    {"number": "%00", "far": "%00"},
)
ABSENT_CAMPAIGNS = ({"campaign": "CNOSUCH"}, {"campaign": "%00"}, {"campaign": "9" * 80})
ABSENT_NUMBERS = ({"number": "2015559999"}, {"number": "x"}, {"number": "%00"})


def harbor_talk(cast: Cast) -> Args:
    """A conversation of Harbor's."""
    far = f"917555{uuid4().int % 10_000:04d}"
    Conversation.objects.of(cast.harbor).get_or_create(
        account=cast.harbor, number=HARBOR, far=far, defaults={"last_at": AT}
    )
    return {"number": HARBOR, "far": far}


def harbor_campaign(cast: Cast) -> Args:
    """A campaign of Harbor's, with one number bound to it."""
    campaign = f"C{uuid4().hex[:6].upper()}"
    Campaign.objects.of(cast.harbor).create(
        account=cast.harbor, campaign=campaign, known=Known.IMPORTED, at=AT
    )
    TextState.objects.of(cast.harbor).update_or_create(
        account=cast.harbor, number=HARBOR, defaults={"campaign": campaign, "read_at": AT}
    )
    return {"campaign": campaign}


def harbor_state(cast: Cast) -> Args:
    """A number of Harbor's that VoiceTel told the messaging of."""
    TextState.objects.of(cast.harbor).get_or_create(
        account=cast.harbor, number=HARBOR, defaults={"route_in": 7000, "read_at": AT}
    )
    return {"number": HARBOR}


TALK = {"own": harbor_talk, "absent": ABSENT_TALKS}
CAMPAIGN = {"own": harbor_campaign, "absent": ABSENT_CAMPAIGNS}

ROWS: dict[str, Row] = {
    "messaging:list": Row(get=Right.VIEW),
    "messaging:new": Row(
        get=Right.MANAGE,
        post=Right.MANAGE,
        data={"number": HARBOR, "to": "9175550142", "text": "Hello"},
    ),
    "messaging:conversation": Row(
        get=Right.VIEW, post=Right.MANAGE, data={"text": "Hello"}, **TALK
    ),
    "messaging:newer": Row(get=Right.VIEW, **TALK),
    "messaging:draft": Row(post=Right.MANAGE, data={"text": "Hel"}, **TALK),
    "messaging:far_end": Row(post=Right.MANAGE, data={"name": "Dana"}, **TALK),
    "messaging:opt_out": Row(post=Right.MANAGE, **TALK),
    "messaging:numbers": Row(get=Right.VIEW),
    "messaging:numbers_csv": Row(get=Right.VIEW),
    "messaging:numbers_xlsx": Row(get=Right.VIEW),
    "messaging:numbers_age": Row(get=Right.VIEW),
    "messaging:numbers_refresh": Row(post=Right.MANAGE),
    "messaging:number": Row(
        get=Right.VIEW,
        post=Right.MANAGE,
        own=harbor_state,
        absent=ABSENT_NUMBERS,
        data={"inbound": "0"},
    ),
    "messaging:brands": Row(
        get=Right.VIEW, post=Right.MANAGE, data={"brand": "BHARBOR2", "name": "Harbor Dental"}
    ),
    "messaging:campaigns": Row(get=Right.VIEW),
    "messaging:campaigns_age": Row(get=Right.VIEW),
    "messaging:campaigns_refresh": Row(post=Right.MANAGE),
    "messaging:campaign_add": Row(post=Right.MANAGE, data={"campaign": "CHARBR9"}),
    "messaging:campaign_new": Row(
        get=Right.MANAGE,
        post=Right.MANAGE,
        data={"campaign": "CHARBR8", "brand": "BHARBOR1", "description": "Reminders"},
    ),
    "messaging:campaign": Row(get=Right.VIEW, **CAMPAIGN),
    "messaging:campaign_name": Row(post=Right.MANAGE, data={"name": "Reminders"}, **CAMPAIGN),
    "messaging:assign": Row(post=Right.MANAGE, data={"number": HARBOR}, **CAMPAIGN),
    "messaging:unassign": Row(post=Right.MANAGE, data={"number": HARBOR}, **CAMPAIGN),
}
