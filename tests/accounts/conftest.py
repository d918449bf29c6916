import pytest

from apps.accounts.models import Account, User
from apps.copies.services import look
from apps.numbers import sources
from apps.numbers.models import Number
from tests.accounts.planted import PLANTED
from tests.accounts.signing_in.device import ORIGIN, Device, with_passkey


@pytest.fixture
def planted(cast, sandbox):
    """Harbor Dental with a word on everything that only its members may read."""
    look(cast.harbor, sources.numbers)
    Number.objects.of(cast.harbor).update(label=PLANTED)
    Account.objects.filter(pk=cast.harbor.pk).update(name=f"{PLANTED} Dental")
    User.objects.filter(pk=cast.owner.pk).update(name=f"Dr {PLANTED}")
    return cast


@pytest.fixture
def own_address(settings):
    """The portal is at the address that passkeys are made for."""
    settings.PORTAL_URL = ORIGIN


@pytest.fixture
def device(cast, own_address) -> Device:
    """Of Harbor's owner, with a passkey."""
    return with_passkey(cast.owner)


@pytest.fixture
def dead(cast, sandbox) -> Account:
    Account.objects.filter(pk=cast.harbor.pk).update(key_state="dead", sealed_key=None)
    cast.harbor.refresh_from_db()
    return cast.harbor
