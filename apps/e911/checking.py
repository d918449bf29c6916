"""Asking VoiceTel whether there is such an address: a read that a person waits for, not long."""

from threading import BoundedSemaphore

import structlog

from apps.accounts import access
from apps.accounts.models import Account
from apps.e911 import lines
from apps.e911.models import Address
from apps.voicetel import clock
from apps.voicetel.client import errors
from apps.voicetel.client.records.e911 import Address as Checked

log = structlog.get_logger("e911")
SECONDS = 10.0  # of the whole call
_places = BoundedSemaphore(4)  # half of a web process's threads


class NotChecked(Exception):
    """There is no checked address; the text is a sentence for a person. quote: VoiceTel's words
    where it declined the address.
    """

    def __init__(self, said: str, quote: str = "") -> None:
        super().__init__(said)
        self.quote = quote


def check(account: Account, typed: lines.Lines) -> Address:
    """The address as VoiceTel corrected it, in the account's book. Raises NotChecked."""
    if not _places.acquire(blocking=False):
        raise NotChecked("Others are checking addresses at this moment. Try again in a minute.")
    try:
        found = _ask(account, typed)
    finally:
        _places.release()
    place = lines.of_record(found)
    kept = {"provider_id": found.addressid, "typed": typed, "checked_at": clock.now()}
    return Address.objects.of(account).update_or_create(
        account=account, **place, defaults=kept, create_defaults={**place, **kept}
    )[0]


def _ask(account: Account, typed: lines.Lines) -> Checked:
    place = dict(typed)
    try:
        client = access.client_for(account, call_class="looking")
        client.transport.seconds = SECONDS
        return client.e911.validate(zip_code=place.pop("zip"), **place)
    except access.KeyDead as dead:
        raise NotChecked(str(dead)) from None
    except errors.Malformed as wrong:
        raise NotChecked(str(wrong)) from None
    except errors.RateLimited:
        raise NotChecked("VoiceTel asked us to wait. Try again in a few minutes.") from None
    except errors.Unauthorized:
        access.confirm_dead(account)
        raise NotChecked("VoiceTel didn't accept the account's connection.") from None
    except errors.Refused as refused:
        raise NotChecked("VoiceTel couldn't find this address.", str(refused)) from None
    except errors.VoiceTelError as error:
        log.info("address not checked", account=account.pk, why=type(error).__name__)
        raise NotChecked(
            "We couldn't reach VoiceTel to check this address. Try again in a minute."
        ) from None
