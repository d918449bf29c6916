"""Reading a copy of an account's when its turn of the hour comes: what is the same for its balance,
its charges and its calls.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError

from apps.accounts import access
from apps.accounts.models import Account
from apps.voicetel import clock, line
from apps.voicetel.client import Client, NotSent, RateLimited, Unauthorized, VoiceTelError
from apps.voicetel.models import Wish

Answer = TypeVar("Answer")

log = logging.getLogger(__name__)


def read(
    turn: Wish,
    ask: Callable[[Client], Answer],
    write: Callable[[Account, Answer], bool],
    unwanted: Callable[[str], object],
) -> bool:
    """Make the call of a wish whose ref ends in an account's primary key, and write what came.
    False: it is to be asked again.

    write: says whether the answer was of use. unwanted: told the primary key once nothing can be
    asked any more, so that somebody who looks after the account is connected again is heard. Raises
    BudgetSpent, NotSent and RateLimited; line.Moot when the account's key was dead before anything
    was asked; whatever write raises. A key that cannot be opened here costs no call, and is tried
    again as a lost answer is.
    """
    pk = turn.ref.partition(":")[2]
    account = Account.objects.filter(pk=pk, key_state=Account.Key.LIVE).first()
    if account is None:
        unwanted(pk)
        raise line.Moot
    try:
        answer = ask(access.client_for(account, lane=turn.lane))
    except (NotSent, RateLimited):
        raise
    except Unauthorized:
        dead = access.confirm_dead(account)
        if dead:
            unwanted(pk)
        return dead
    except VoiceTelError as lost:
        log.warning("%s of account %s was not read: %s", turn.operation, account.pk, lost)
        return False
    try:
        return write(account, answer)
    except (OperationalError, InterfaceError):  # the database was away, which passes
        raise
    except Exception:
        # A mistake of ours meets the next answer too: each try would cost everybody a call of the
        # hour.
        Wish.objects.filter(pk=turn.pk).update(
            tries=line.PARKED_AFTER, due_at=clock.now() + line.PARKED
        )
        raise
