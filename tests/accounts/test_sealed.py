"""Keys at rest: sealed for one account, and under keys that rotate."""

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts import reconnect, sealed
from apps.accounts.models import Account, KeyExchange
from apps.accounts.signing_in import second
from tests.cast import SECRET

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@given(st.text(), st.integers(min_value=1, max_value=2**62))
def test_what_was_sealed_opens_for_its_account(value, account):
    assert sealed.unseal(account, sealed.seal(account, value)) == value


def test_a_box_moved_to_another_account_does_not_open(cast):
    cast.harbor.sealed_key, cast.northwind.sealed_key = (
        cast.northwind.sealed_key,
        cast.harbor.sealed_key,
    )
    cast.harbor.save()
    with pytest.raises(sealed.Unsealable):
        Account.objects.get(pk=cast.harbor.pk).key()


def test_the_key_does_not_stand_in_the_row(cast):
    key = cast.harbor.key()
    assert len(key) == 32
    assert key.encode() not in bytes(cast.harbor.sealed_key)


def test_a_changed_box_does_not_open(cast):
    box = bytearray(cast.harbor.sealed_key)
    box[40] ^= 1
    with pytest.raises(sealed.Unsealable):
        sealed.unseal(cast.harbor.pk, bytes(box))


def rotate() -> str:
    out = StringIO()
    call_command("rotate_keys", stdout=out, stderr=out)
    return out.getvalue()


def test_everything_is_sealed_anew_with_the_newest_key(cast, settings):
    settings.FIELD_KEYS = [OLD]
    cast.harbor.set_key("a" * 32)
    cast.harbor.save()
    cast.northwind.set_key("b" * 32)
    cast.northwind.save()
    reconnect.ask(cast.harbor, cast.owner, "password", "typed")
    for user in (cast.support, cast.admin):
        second.set_secret(user, SECRET)
    settings.FIELD_KEYS = [NEW, OLD]
    assert "7 sealed again, 0 could not be opened" in rotate()
    settings.FIELD_KEYS = [NEW]
    assert Account.objects.get(pk=cast.harbor.pk).key() == "a" * 32
    assert Account.objects.get(pk=cast.northwind.pk).key() == "b" * 32
    wish = KeyExchange.objects.of(cast.harbor).get()
    assert sealed.unseal(cast.harbor.pk, bytes(wish.sealed)) == "typed"
    assert second.present_code(cast.support)


def test_a_box_that_no_key_opens_is_named_and_stops_no_other(cast, settings):
    settings.FIELD_KEYS = [OLD]
    cast.harbor.set_key("a" * 32)
    cast.harbor.save()
    settings.FIELD_KEYS = [NEW]
    cast.northwind.set_key("b" * 32)
    cast.northwind.save()
    said = rotate()
    assert f"accounts.Account {cast.harbor.pk}: no key of FIELD_KEYS opens its sealed_key" in said
    # and the two rows each of the staff's second factors
    assert "1 sealed again, 5 could not be opened" in said


def test_a_key_exchanged_during_the_rotation_stays(cast, settings, monkeypatch):
    real = sealed.reseal

    def meanwhile(box):
        account = Account.objects.get(pk=cast.harbor.pk)
        account.set_key("c" * 32)
        account.save()
        return real(box)

    Account.objects.exclude(pk=cast.harbor.pk).delete()
    monkeypatch.setattr(sealed, "reseal", meanwhile)
    rotate()
    assert Account.objects.get(pk=cast.harbor.pk).key() == "c" * 32
