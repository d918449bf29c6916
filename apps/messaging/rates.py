"""What the account pays for a message, and whether it may send any: our copy of `accountGet`."""

from apps.accounts.models import Account, Profile


def profile_of(account: Account) -> Profile | None:
    """The account's profile, by no query where it was loaded with the account."""
    found: Profile | None = getattr(account, "profile", None)
    return found


def rate_of(account: Account, kind: str) -> int | None:
    """Micro-dollars for a part of a text ("sms") or for a picture message ("mms"); None: not told
    yet.
    """
    profile = profile_of(account)
    rate = profile.rates.get(kind) if profile else None
    return rate if isinstance(rate, int) else None


def is_on(account: Account, kind: str = "sms") -> bool:
    """Whether VoiceTel told that the service is on; True while it told nothing, for what it does
    not say hinders nobody.
    """
    profile = profile_of(account)
    return not profile or profile.read_at is None or bool(profile.services.get(kind))
