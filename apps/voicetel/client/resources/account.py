"""The account: its profile, its money, its calls, its key."""

from datetime import datetime

from apps.voicetel.client import checks
from apps.voicetel.client.records.account import (
    Account,
    Cdr,
    Credit,
    Credits,
    Key,
    NewAccount,
    Payment,
    Payments,
    RecurringCharges,
    Registration,
    Sent,
    Updated,
)
from apps.voicetel.client.resources.base import Resource


class AccountResource(Resource):
    """Four of these share six calls an hour with everyone: get, cdr, recurring_charges,
    exchange_key.
    """

    def get(self) -> Account:
        """accountGet: balance, services, rates, settings. Limited."""
        return self._call("accountGet", Account)

    def update(
        self,
        *,
        timezone: str | None = None,
        notify: bool | None = None,
        notify_threshold: int | None = None,
        caller_id: str | None = None,
        ccs: int | None = None,
        sms: bool | None = None,
        mms: bool | None = None,
        e911: bool | None = None,
        intl: bool | None = None,
    ) -> tuple[str, ...]:
        """accountPut: None leaves a setting as it is.

        The last five need an administrator's key. Gives the names of what changed.
        """
        body = checks.given(
            timezone=timezone, notify=notify, notifyThreshold=notify_threshold, callerId=caller_id
        )
        body |= checks.given(ccs=ccs, sms=sms, mms=mms, e911=e911, intl=intl)
        checks.refuse(settings="" if body else "Nothing to change was given.")
        flags = {"notify": notify, "sms": sms, "mms": mms, "e911": e911, "intl": intl}
        checks.each({name: (value, checks.flag(value, name)) for name, value in flags.items()})
        checks.each(
            {
                "timezone": (timezone, checks.timezone(timezone)),
                "notify_threshold": (
                    notify_threshold,
                    checks.identifier(notify_threshold, "The threshold in dollars", 0, 1_000_000),
                ),
                "caller_id": (caller_id, checks.number(caller_id)),
                "ccs": (ccs, checks.identifier(ccs, "Calls at once", 0, 1_000_000)),
            }
        )
        return self._call("accountPut", Updated, body=body).updated

    def cdr(self, newest: datetime | None = None, oldest: datetime | None = None) -> Cdr:
        """accountCdr: the calls between two aware moments, newest first; the provider's defaults
        are now and 24 hours ago. Limited.

        The answer may be cut: what lies before `Cdr.oldest` is then not covered.
        """
        return self._call("accountCdr", Cdr, query=checks.span(newest, oldest, "start", "end"))

    def recurring_charges(self) -> RecurringCharges:
        """accountRecurringCharges: dollars a month, by service and in all. Limited."""
        return self._call("accountRecurringCharges", RecurringCharges)

    def credits(self, status: str | None = None) -> list[Credit]:
        """accountCredits, newest first; `status`: paid, unpaid or None for both."""
        checks.each({"status": (status, checks.one_of(status, "The status", ("paid", "unpaid")))})
        return self._call("accountCredits", Credits, query=checks.given(status=status)).credits

    def payments(self) -> list[Payment]:
        """accountPayments, newest first."""
        return self._call("accountPayments", Payments).payments

    def registration(self) -> Registration | None:
        """accountRegistration: the SIP device that is registered now, or None."""
        return self._find("accountRegistration", Registration)

    def exchange_key(self, username: str, password: str) -> str:
        """accountApiKey: the account's key for its VoiceTel password; Unauthorized means wrong
        credentials. Limited; needs no key.
        """
        checks.refuse(
            username=checks.some(username, "The account number", 100),
            password=checks.some(password, "The password", 1000),
        )
        return self._call(
            "accountApiKey", Key, body={"username": username, "password": password}
        ).apikey

    def recover(self, email: str) -> None:
        """accountRecovery: mails a link for a new VoiceTel password.

        Absent: no such address. Needs no key.
        """
        checks.refuse(email=checks.email(email))
        self._call("accountRecovery", Sent, body={"email": email})

    def sign_up(self, name: str, email: str, promo: str | None = None) -> NewAccount:
        """accountCreate: a new account with its password, which comes only here; a mail asks for
        confirmation. Needs no key.
        """
        checks.refuse(name=checks.some(name, "The name", 200), email=checks.email(email))
        checks.each({"promo": (promo, checks.some(promo, "The promotional code", 100))})
        return self._call(
            "accountCreate", NewAccount, body=checks.given(name=name, email=email, promo=promo)
        )

    def create_subaccount(
        self, username: str, name: str, email: str, master_account: str | None = None
    ) -> NewAccount:
        """accountSubaccountCreate: by an administrator's key.

        `master_account`: who is billed, None for itself.
        """
        ten = "An account number has ten digits."
        checks.refuse(
            username=checks.matches(username, "[0-9]{10}", ten),
            name=checks.some(name, "The name", 200),
            email=checks.email(email),
        )
        checks.each(
            {"master_account": (master_account, checks.matches(master_account, "[0-9]{10}", ten))}
        )
        body = checks.given(username=username, name=name, email=email, masterAccount=master_account)
        return self._call("accountSubaccountCreate", NewAccount, body=body)
