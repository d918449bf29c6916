"""The balance as VoiceTel told it, every time: `accountGet` is read here when its turn comes."""

from datetime import datetime

from apps.accounts import access, profiles
from apps.accounts.models import Account
from apps.billing.models import Reading
from apps.money import micro
from apps.voicetel import clock
from apps.voicetel.client import Client
from apps.voicetel.client.records.account import Account as Answer
from apps.voicetel.hour import line
from apps.voicetel.models import Wish


class Visit:
    """One look at an account's profile: a change that was sent between its two moments may be in
    the balance, or not.
    """

    asked_at: datetime

    def ask(self, client: Client) -> Answer:
        self.asked_at = clock.now()
        return client.account.get()

    def write(self, account: Account, answer: Answer) -> bool:
        """Keep profile and balance. False, and nothing kept, when it spoke of another account."""
        if not profiles.write(account, answer, asked=self.asked_at):
            return False
        Reading.objects.of(account).create(
            account=account,
            asked_at=self.asked_at,
            answered_at=clock.now(),
            balance=micro(answer.cash),
        )
        return True


@line.serves(profiles.OPERATION, profiles.KIND)
def read(turn: Wish) -> bool:
    """It is this account's turn. False: the answer was lost. Raises as access.read_in_turn()."""
    visit = Visit()
    return access.read_in_turn(turn, visit.ask, visit.write, profiles.wanted_no_more)
