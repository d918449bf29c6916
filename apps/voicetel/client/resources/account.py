"""The account: its profile, its money, its calls, its key."""

from datetime import datetime

from apps.voicetel.client import checks
from apps.voicetel.client.records.account import Account, Cdr, Key, RecurringCharges
from apps.voicetel.client.resources.base import Resource


class AccountResource(Resource):
    """Four of these share six calls an hour with everyone: get, cdr, recurring_charges, exchange_key."""

    def get(self) -> Account:
        """accountGet: balance, services, rates, settings. Limited."""
        return self._call("accountGet", Account)

    def cdr(self, newest: datetime | None = None, oldest: datetime | None = None) -> Cdr:
        """accountCdr: the calls between two aware moments, newest first; the provider's defaults are now and 24 hours ago. Limited.

        The answer may be cut: what lies before `Cdr.oldest` is then not covered.
        """
        return self._call("accountCdr", Cdr, query=checks.span(newest, oldest, "start", "end"))

    def recurring_charges(self) -> RecurringCharges:
        """accountRecurringCharges: dollars a month, by service and in all. Limited."""
        return self._call("accountRecurringCharges", RecurringCharges)

    def exchange_key(self, username: str, password: str) -> str:
        """accountApiKey: the account's key for its VoiceTel password; Unauthorized means wrong credentials. Limited; needs no key."""
        checks.refuse(username=checks.some(username, "The account number"), password=checks.some(password, "The password"))
        return self._call("accountApiKey", Key, body={"username": username, "password": password}).apikey
