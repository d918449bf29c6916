"""What the page of bills shows."""

from typing import Any

from apps.accounts.models import Account
from apps.billing.models import Charges
from apps.billing.services import KIND, OPERATION
from apps.ui.collected import Figure
from apps.ui.format import money
from apps.ui.http import LATER, SOON
from apps.voicetel import clock
from apps.voicetel.hour import line

MINUTE = 60


def find_figure(account: Account) -> Figure | None:
    """The monthly charges as a figure of Home; None until VoiceTel told them. One query."""
    copy = Charges.objects.of(account).first()
    if copy is None or copy.read_at is None:
        return None
    return Figure(
        "Monthly charges", money(copy.total), "", "/billing/#billing-charges", copy.read_at
    )


def charges_panel(account: Account, copy: Charges) -> dict[str, Any]:
    """Context of billing/_charges.html: the copy, and its place in line while a newer one is waited
    for.
    """
    place = (
        line.place(OPERATION, KIND, account.pk) if account.key_state == Account.Key.LIVE else None
    )
    soon = place is not None and (place.about_at - clock.about_now()).total_seconds() < MINUTE
    return {
        "copy": copy,
        "place": place,
        "soon": soon,
        "every": SOON if soon else LATER,
        "other": copy.total is not None and copy.total != sum(amount for _, amount in copy.rows),
    }
