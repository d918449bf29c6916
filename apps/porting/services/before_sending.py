"""The last look before an order leaves: what must be so in the second in which VoiceTel is asked to
charge. Everything else was asked when it was pressed (preflight.py).
"""

from collections.abc import Sequence

from apps.accounts.models import Account
from apps.porting import pace
from apps.porting.models import Check, Group, Port, PortNumber
from apps.porting.rules.stages import Stage
from apps.porting.selectors import orders
from apps.ui.format import phone
from apps.voicetel import clock
from apps.voicetel.client import Client, errors

MOST = 10  # orders of elsewhere that are read one by one
CLOSED = frozenset({"complete", "completed"})


def check(account: Account, group: int, numbers: Sequence[str]) -> None:
    """Raises Malformed, with a sentence: then nothing was sent."""
    _check_money(account, group)
    good = Check.objects.of(account).filter(
        number__in=numbers, portable=True, at__gt=clock.about_now() - pace.FRESH
    )
    if good.count() < len(set(numbers)):
        raise errors.Malformed(
            {
                "numbers": "The checks of these numbers are more than 50 minutes old. Open the"
                " order again: it renews them, and you can send it then."
            }
        )
    moving = PortNumber.objects.of(account).filter(number__in=numbers, port__closed_at=None)
    moving = moving.exclude(port__stage=Stage.REJECTED)
    if taken := moving.values_list("number", flat=True).first():
        raise errors.Malformed({"numbers": f"{phone(taken)} is in an open port already."})


def _check_money(account: Account, group: int) -> None:
    """Of several orders that were pressed together, none goes after one for which the balance was
    too low.
    """
    row = Group.objects.of(account).filter(pk=group).first()
    if row is None:
        return
    others = Group.objects.of(account).filter(draft=row.draft_id).values_list("pk", flat=True)
    entries = orders.entries_of(account, list(others))
    mine = entries.pop(group, None)
    for each in entries.values():
        if mine and each.status == 402 and each.settled_at and each.settled_at > mine.created_at:
            raise errors.Malformed(
                {
                    "numbers": "Not tried, because the balance was too low for the order before"
                    f" it, #{each.pk}. Add funds, then send it."
                }
            )


def check_ports(account: Account, client: Client, numbers: Sequence[str]) -> None:
    """Whether VoiceTel has an order for one of these numbers that we have not seen yet: made
    elsewhere, a moment ago. Raises Malformed, or NotSent where VoiceTel does not tell.
    """
    try:
        listed = client.ports.list()
        known = set(Port.objects.of(account).values_list("pid", flat=True))
        fresh = [
            each
            for each in listed
            if each.pid not in known and each.status.strip().lower() not in CLOSED
        ]
        if len(fresh) > MOST:
            raise errors.Malformed(
                {"numbers": "Your ports aren't loaded here yet. Try again in a minute."}
            )
        for each in fresh:
            if taken := set(client.ports.get(each.pid).numbers) & set(numbers):
                raise errors.Malformed(
                    {"numbers": f"{phone(min(taken))} is in another order at VoiceTel already."}
                )
    except (errors.Malformed, errors.NotSent, errors.RateLimited, errors.Unauthorized):
        raise
    except errors.VoiceTelError as error:
        raise errors.NotSent("VoiceTel didn't list the orders that it has.") from error
