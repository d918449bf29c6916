"""Somebody new, by a link of /connect/ or by an invitation."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client

from apps.accounts.arriving import invitations, letters
from apps.accounts.models import User
from tests.accounts.arriving.walking_in import NEW, elsewhere, form, link_for, path_in


@pytest.fixture
def hashing(monkeypatch) -> list[bool]:
    """Of each password that is hashed: whether a transaction was open, in which others would wait
    for it.
    """
    found: list[bool] = []
    real = Argon2PasswordHasher.encode

    def watched(self, password, salt):
        found.append(connection.in_atomic_block)
        return real(self, password, salt)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", watched)
    return found


def test_nobody_waits_to_write_while_the_password_of_somebody_who_connects_is_hashed(
    transactional_db, hashing, mailoutbox
):
    link = link_for("new@lark.test", mailoutbox)
    hashing.clear()
    assert Client(REMOTE_ADDR=elsewhere()).post(link, form()).status_code == 302
    assert hashing
    assert not any(hashing)
    assert User.objects.get(email="new@lark.test").check_password(NEW)


def test_nor_while_that_of_somebody_who_is_invited_is(transactional_db, cast, hashing, mailoutbox):
    invitations.invite(cast.harbor, cast.owner, "Temp@Harbor.test", "viewer")
    letters.send_letters()
    hashing.clear()
    assert (
        Client().post(path_in(mailoutbox[-1]), {"password": NEW, "name": "Temp"}).status_code == 302
    )
    assert hashing
    assert not any(hashing)
    assert User.objects.get(email="temp@harbor.test").check_password(NEW)
