"""The copy of `accountRecurringCharges`: who wants it read, how it is read when its turn in the
line comes, what is written then.
"""

import logging
from datetime import timedelta

from apps.accounts import access
from apps.accounts.models import Account
from apps.billing.models import Charges
from apps.money import micro
from apps.running.work import SECONDS, work_off
from apps.voicetel import clock
from apps.voicetel.client.records.account import RecurringCharges
from apps.voicetel.hour import line
from apps.voicetel.models import Wish

log = logging.getLogger(__name__)

OPERATION, KIND = "accountRecurringCharges", "charges"
EVERY = timedelta(days=30)  # when nobody looks: charges change with the numbers held, seldom
YOUNG = timedelta(days=1)  # not read again for someone who looks
AGAIN = timedelta(hours=1)  # a want is said again after so long: its wish may be gone
BATCH = 500


def copy_of(account: Account) -> Charges:
    """The copy as it is, which may be empty."""
    return Charges.objects.of(account).get_or_create(account=account)[0]


def want(account: Account) -> Charges:
    """Someone looks at the charges: they move up in the line, if they are older than a day.

    The copy as it is.
    """
    copy = copy_of(account)
    now = clock.about_now()
    young = copy.read_at and now - copy.read_at < YOUNG
    wanted = copy.wanted_at and now - copy.wanted_at < AGAIN
    if account.key_state == Account.Key.LIVE and not young and not wanted:
        line.want(OPERATION, "looking", KIND, account.pk, account=account.number)
        Charges.objects.of(account).filter(wanted_at=copy.wanted_at).update(wanted_at=now)
    return copy


def want_all() -> None:
    """Every copy that someone has ever looked at is wanted once a month, when nobody looks."""
    waiting = set(
        Wish.objects.filter(operation=OPERATION, kind=KIND).values_list("about", flat=True)
    )
    due = Charges.objects.across_accounts().filter(
        account__key_state=Account.Key.LIVE, read_at__lt=clock.about_now() - EVERY
    )

    def work(copy: Charges) -> None:
        if str(copy.account_id) not in waiting:
            line.want(OPERATION, "behind", KIND, copy.account_id, account=copy.account.number)

    work_off(due.select_related("account").order_by("read_at")[:BATCH], work, SECONDS, log)


@line.serves(OPERATION, KIND)
def read(turn: Wish) -> bool:
    """It is this account's turn. False: the answer was lost. Raises as access.read_in_turn()."""
    return access.read_in_turn(
        turn, lambda client: client.account.recurring_charges(), write, _wanted_no_more
    )


def write(account: Account, answer: RecurringCharges) -> bool:
    """Keep what the provider said. True, as any answer is of use."""
    rows = [[each.description, micro(each.amount)] for each in answer.charges]
    read = {
        "rows": rows,
        "total": micro(answer.total),
        "read_at": clock.now(),
        "wanted_at": None,
    }
    Charges.objects.of(account).update_or_create(account=account, defaults=read)
    return True


def _wanted_no_more(account: str) -> None:
    """By its primary key, until it is connected again: then someone looks anew."""
    Charges.objects.of(account).update(wanted_at=None)
