"""What has happened before the world begins: calls, payments, an accepted campaign, e911 records,
messages, tickets, a port.
"""

import random

from apps.sandbox.database import insert
from apps.sandbox.models import (
    E911,
    Address,
    Brand,
    Call,
    Campaign,
    Credit,
    Message,
    Number,
    Payment,
    Port,
    Thread,
    Ticket,
)
from apps.sandbox.people import HARBOR, NORTHWIND, RATES
from apps.sandbox.seed.numbers import BRAND, CAMPAIGN, NORTHWIND_BRAND, NORTHWIND_CAMPAIGN
from apps.sandbox.world import calls, helpdesk, porting

HARBOR_CALLS = 40
DAY = 86_400.0
FIRST_TICKET = 4000
PATIENT = "9175550142"
TALK = (
    ("out", "Harbor Dental: your appointment is tomorrow at 3 pm. Reply C to confirm."),
    ("in", "C"),
    ("out", "Thank you, see you tomorrow."),
    ("in", "Can my son come at the same time?"),
    ("out", "Of course: we have kept the chair beside yours."),
)


def seed(seed: int, calls_of_northwind: int, at: float) -> None:
    _books(at)
    _campaigns(at)
    _emergency()
    _messages(at)
    _tickets(at)
    _port(at)
    for person, count in (
        (HARBOR, min(HARBOR_CALLS, max(calls_of_northwind, 1))),
        (NORTHWIND, calls_of_northwind),
    ):
        numbers = list(
            Number.objects.filter(account=person.username)
            .order_by("number")
            .values_list("number", flat=True)
        )
        if not numbers:
            continue
        # (a repeatable world, not secrecy)
        chance = random.Random(f"{seed} {person.username}")  # noqa: S311
        times = sorted(int(at - chance.random() * calls.DAYS * DAY) for _ in range(count))
        insert(
            Call,
            calls.COLUMNS,
            calls.make(
                person.username, numbers, times, f"{seed} {person.username}", RATES["nibble"]
            ),
        )


def _books(at: float) -> None:
    """A payment and its credit every month; the newest credit of the big company is
    still unpaid.
    """
    months = [
        (person, amount, month)
        for person, amount in ((HARBOR, 100_000_000), (NORTHWIND, 1_500_000_000))
        for month in range(6)
    ]
    Payment.objects.bulk_create(
        [
            Payment(
                account=person.username,
                at=at - (month * 30 + 3) * DAY,
                amount=amount,
                transaction=f"2N0459{person.username[-4:]}R14{month:03d}E",
            )
            for person, amount, month in months
        ]
    )
    Credit.objects.bulk_create(
        [
            Credit(
                account=person.username,
                at=at - (month * 30 + 3) * DAY,
                amount=amount,
                paid=person is HARBOR or month > 0,
            )
            for person, amount, month in months
        ]
    )


def _campaigns(at: float) -> None:
    known = (
        (HARBOR, BRAND, CAMPAIGN, "Appointment reminders"),
        (NORTHWIND, NORTHWIND_BRAND, NORTHWIND_CAMPAIGN, "Order updates"),
    )
    Brand.objects.bulk_create(
        [
            Brand(account=person.username, brand=brand, name=person.name)
            for person, brand, _, _ in known
        ]
    )
    Campaign.objects.bulk_create(
        [
            Campaign(
                campaign=campaign,
                account=person.username,
                brand=brand,
                description=description,
                at=at - 90 * DAY,
            )
            for person, brand, campaign, description in known
        ]
    )


def _emergency() -> None:
    """Harbor's first two offices are covered, the third is not."""
    address = Address.objects.create(
        pk=1_234_567,
        address1="411 HACKENSACK AVE",
        address2="STE 200",
        city="HACKENSACK",
        state="NJ",
        zip="07601",
    )
    covered = (
        Number.objects.filter(account=HARBOR.username)
        .exclude(number__startswith="973")
        .values_list("number", flat=True)
    )
    E911.objects.bulk_create(
        [E911(number=number, caller_name="HARBOR DENTAL", address=address) for number in covered]
    )


def _messages(at: float) -> None:
    own = "2015550110"
    rows = []
    for place, (direction, text) in enumerate(TALK):
        when = int(at - DAY / 2 + place * 240)
        out = direction == "out"
        rows.append(
            Message(
                id=f"{place:040x}",
                account=HARBOR.username,
                number=own,
                far=PATIENT,
                direction=direction,
                type="sms",
                text=text,
                rate=RATES["sms"] if out else 0,
                at=when,
                receipt_at=when + 9 if out else 0,
            )
        )
    Message.objects.bulk_create(rows)


def _tickets(at: float) -> None:
    """One answered and closed, one that waits for an answer."""
    old, new = at - 12 * DAY, at - 300
    closed = Ticket.objects.create(
        pk=FIRST_TICKET,
        account=HARBOR.username,
        email=HARBOR.email,
        subject="Caller name shows the old practice",
        status="closed",
        at=old,
        updated_at=old + 7200,
        closed_at=old + 7200,
    )
    open_one = Ticket.objects.create(
        account=HARBOR.username,
        email=HARBOR.email,
        subject="One-way audio on (201) 555-0112",
        at=new,
        updated_at=new,
    )
    Thread.objects.bulk_create(
        [
            Thread(
                ticket=closed,
                type="customer",
                body="<p>Our outbound name is still the old one.</p>",
                at=old,
            ),
            Thread(ticket=closed, type="note", body=helpdesk.NOTE, at=old + 3000),
            Thread(
                ticket=closed, type="message", body=helpdesk.ANSWER, at=old + 3600, attached=True
            ),
            Thread(
                ticket=open_one,
                type="customer",
                body="<p>Callers hear us, we do not hear them.</p>",
                at=new,
            ),
        ]
    )


def _port(at: float) -> None:
    """Harbor's third office came from another carrier two months ago."""
    submitted = at - 60 * DAY
    row_id, pid = porting.ids(HARBOR.username, 0, 0)
    port = Port(
        id=row_id,
        pid=pid,
        account=HARBOR.username,
        at=submitted,
        signed_at=submitted + 2 * DAY,
        arrived=True,
        name=HARBOR.name,
        email=HARBOR.email,
        numbers=[f"973555015{line}" for line in range(4)],
        ticket=FIRST_TICKET,
    )
    port.done_at = porting.due_at(port)
    port.save()
