"""How a port-in goes: submitted, letter awaited, filed, firm date, complete; or rejected by the
losing carrier. All by the clock.

Unsigned, the letter is asked for after a step and the order filed all the same on the fifth; a
letter signed earlier files it then. Two steps later the carrier answers with a date, three more
later the numbers come: ten steps at the longest.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from apps.sandbox.database import writing
from apps.sandbox.models import Number, Port
from apps.sandbox.world import inventory, pace

# steps: letter asked for; filed unsigned; carrier's answer and completion, from the filing
ASKED, FILED, ANSWERED, COMPLETE = 1, 5, 2, 5
MOVED = 2  # by how many a date moves that moves, a step after the carrier's answer
REJECTED_ENDING = "99"
UNPORTABLE_ENDING = "00"
TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the provider says of a port at a moment: free text for people, foc as
    YYYYMMDD or empty.
    """

    status: str
    message: str
    foc: str = ""


def filed_at(port: Port) -> float:
    unsigned = port.at + FILED * pace.step()
    return (
        min(max(port.signed_at, port.at + ASKED * pace.step()), unsigned)
        if port.signed_at
        else unsigned
    )


def due_at(port: Port) -> float:
    """When its numbers come; 0 for one that the carrier rejects, or that stands still."""
    if port.said or (port.rejected and not port.mended_at):
        return 0.0
    filed = port.mended_at if port.rejected else filed_at(port)
    return filed + (COMPLETE + (MOVED if port.moves else 0)) * pace.step()


def standing(port: Port, at: float) -> Standing:
    filed, step = filed_at(port), pace.step()
    if port.said:
        return Standing(**port.said)
    if port.mended_at:
        return _answered(port, at, port.mended_at)
    if at < port.at + ASKED * step and not port.signed_at:
        return Standing("Submitted", "Your port request has been received.")
    if at < filed:
        if port.signed_at:
            return Standing(
                "Letter received", "The signed Letter of Authorization is being verified."
            )
        return Standing(
            "Waiting for LOA", "Please sign the Letter of Authorization and upload a recent bill."
        )
    if port.rejected and at >= filed + ANSWERED * step:
        return Standing(
            "Rejected", "The losing carrier rejected the order: account number does not match."
        )
    return _answered(port, at, filed)


def _answered(port: Port, at: float, filed: float) -> Standing:
    """From the filing on, for one that the carrier accepts."""
    step, due = pace.step(), due_at(port)
    if at < filed + ANSWERED * step:
        return Standing("Filed", "The order has been filed with the losing carrier.")
    first = port.moves and at < filed + (ANSWERED + 1) * step
    comes = datetime.fromtimestamp(due - (MOVED * step if first else 0), UTC)
    foc = comes.strftime("%Y%m%d")
    if at < due:
        return Standing(
            "FOC received",
            f"Your numbers will be porting on {comes.strftime('%b/%d/%Y')} at 10:00 AM Central.",
            foc,
        )
    return Standing("Complete", "Your numbers have been ported.", foc)


def ids(account: str, at: float, place: int) -> tuple[str, str]:
    """A 40-hex id and a 5-character pid of letters and digits."""
    row_id = hashlib.sha1(
        f"port {account} {at} {place}".encode(), usedforsecurity=False
    ).hexdigest()
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    value = int(row_id[:12], 16)
    return row_id, "".join(letters[value // 32**power % 32] for power in range(5))


def sign(port: Port, at: float) -> None:
    """The letter is signed: the order is filed at once, if it waited for that."""
    wake(port, at)
    if not port.signed_at and at < filed_at(port):
        port.signed_at = at
        port.done_at = due_at(port)
        port.save()


def wake(port: Port, at: float) -> None:
    """One that stood still goes on, as if it had been ordered a step ago."""
    if port.said:
        port.said, port.at = {}, at - ASKED * pace.step()
        port.done_at = due_at(port)
        port.save()


def write_to(ticket: int, at: float) -> None:
    """A customer wrote in a ticket: the order behind it goes on, or is mended where it can be."""
    port = Port.objects.filter(ticket=ticket, arrived=False).first() if ticket else None
    if port is None or (port.rejected and not port.mendable):
        return
    if not port.rejected:
        wake(port, at)
    elif not port.mended_at and standing(port, at).status == "Rejected":
        port.said, port.mended_at = {}, at
        port.done_at = due_at(port)
        port.save()


def arrive(at: float) -> None:
    """Numbers whose moment has come are on their account, set up as their features asked.

    Cheap when nothing is due.
    """
    if not Port.objects.filter(arrived=False, done_at__gt=0, done_at__lte=at).exists():
        return
    with writing():
        for port in Port.objects.filter(arrived=False, done_at__gt=0, done_at__lte=at).order_by(
            "done_at"
        ):
            for number in port.numbers:
                wanted = port.features.get(number, {})
                Number.objects.update_or_create(
                    pk=number,
                    defaults={
                        "account": port.account,
                        "route": wanted.get("route", 4),
                        "lidb": wanted.get("lidb", ""),
                        "campaign": wanted.get("campaign", ""),
                    },
                )
                inventory.take(number)
            port.arrived = True
            port.save()
