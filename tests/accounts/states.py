"""How an account stands with the provider."""

from apps.accounts.models import Account


def live(account: Account) -> bool:
    """Whether the account's key works, as last seen."""
    return Account.objects.get(pk=account.pk).key_state == "live"
