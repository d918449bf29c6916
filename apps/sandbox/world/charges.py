"""Taking money: exact, written down, and never below nothing."""

from apps.sandbox.models import Account, Charge
from apps.sandbox.rules import Asked, Refusal


def payer(asked: Asked) -> Account:
    """Who is billed: the master of a sub-account."""
    account = asked.account
    return account if account.master in {"", account.pk} else Account.objects.get(pk=account.master)


def afford(asked: Asked, amount: int, message: str = "Insufficient funds") -> None:
    """Raises 402 when the balance does not cover `amount` micro-dollars."""
    if payer(asked).cash < amount:
        raise Refusal(402, message)


def take(asked: Asked, amount: int, subject: str) -> None:
    """Charge `amount` micro-dollars for `subject`; the balance must have been checked in this
    transaction.
    """
    account = payer(asked)
    account.cash -= amount
    Account.objects.filter(pk=account.pk).update(cash=account.cash)
    Charge.objects.create(
        account=account.pk,
        operation=asked.operation.id,
        amount=amount,
        at=asked.at,
        subject=subject,
    )
