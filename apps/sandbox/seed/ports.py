"""The demo's open ports: one in each stage for Harbor, one of 40 numbers for Northwind. Each stands
still until somebody signs its letter or writes in its ticket.
"""

from datetime import UTC, datetime, timedelta

from apps.sandbox.models import Port, Thread, Ticket
from apps.sandbox.people import HARBOR, NORTHWIND, Person
from apps.sandbox.world import porting

DAY = 86_400.0
SOON = 4  # days until the firm date


def seed(at: float) -> None:
    on = datetime.fromtimestamp(at, UTC) + timedelta(days=SOON)
    dated = f"Your numbers will be porting on {on:%b/%d/%Y} at 10:00 AM Central."
    stages = (
        (2, 4, "Waiting for LOA", "Please sign the letter and upload a recent bill.", ""),
        (6, 2, "Filed", "The order has been filed with the losing carrier.", ""),
        (9, 1, "FOC received", dated, f"{on:%Y%m%d}"),
        (8, 3, "Rejected", "REJ: SERVICE ADDRESS MISMATCH. CSR SHOWS 88 RIVER ST STE 210", ""),
        (5, 2, "Pending CSR from carrier", "We asked the carrier for the service record.", ""),
    )
    line = 160
    for place, (days, many, status, message, foc) in enumerate(stages, 1):
        numbers = [f"2015550{line + each}" for each in range(many)]
        line += many
        words = {"status": status, "message": message, "foc": foc}
        asks = status in {"Rejected", "Pending CSR from carrier"}
        _open(HARBOR, place, at - days * DAY, numbers, words, asks=asks)
    forty = [f"3125550{each}" for each in range(100, 140)]
    filed = {"status": "Filed", "message": "Submitted to the losing carrier.", "foc": ""}
    _open(NORTHWIND, 1, at - 3 * DAY, forty, filed)


def _open(
    person: Person,
    place: int,
    at: float,
    numbers: list[str],
    words: dict[str, str],
    *,
    asks: bool = False,
) -> None:
    row_id, pid = porting.ids(person.username, 0, place)
    ticket = 0
    if asks:
        row = Ticket.objects.create(
            account=person.username,
            email=person.email,
            subject=f"Port request {pid}",
            at=at,
            updated_at=at,
        )
        Thread.objects.create(ticket=row, type="customer", body="Port request.", at=at)
        ticket = row.pk
    rejected = words["status"] == "Rejected"
    Port.objects.create(
        id=row_id,
        pid=pid,
        account=person.username,
        at=at,
        name=person.name,
        email=person.email,
        numbers=numbers,
        ticket=ticket,
        said=words,
        rejected=rejected,
        mendable=rejected,
    )
