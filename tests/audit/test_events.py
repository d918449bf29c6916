"""Events: who, what, on which account; never a secret, always in words."""

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import User
from apps.audit.models import Event
from apps.audit.services import ACTIONS, record


def test_an_event_says_who_what_and_where(cast):
    event = record(cast.owner, cast.harbor, "key_asked", "1000000001", kind="password")
    found = Event.objects.of(cast.harbor).get()
    assert (found.actor, found.actor_name, found.action, found.subject, found.facts) == (
        cast.owner,
        "Owner Harbor",
        "key_asked",
        "1000000001",
        {"kind": "password"},
    )
    assert str(event) == "Owner Harbor key_asked 1000000001"


def test_the_name_stays_when_the_person_goes(cast):
    record(cast.viewer, cast.harbor, "signed_out")
    User.objects.get(pk=cast.viewer.pk).delete()
    found = Event.objects.of(cast.harbor).get()
    assert found.actor is None
    assert found.actor_name == "Viewer Harbor"


def test_an_action_without_words_is_refused(cast):
    with pytest.raises(KeyError):
        record(cast.owner, cast.harbor, "sneezed")


def test_nobody_known_is_kept_as_nobody(cast):
    assert record(AnonymousUser(), None, "sign_in_failed").actor is None
    assert record(None, None, "sign_in_failed").actor_name == ""


def test_an_account_sees_its_own_events_newest_first(cast):
    record(cast.owner, cast.harbor, "signed_in")
    record(cast.stranger, cast.northwind, "signed_in")
    record(cast.owner, cast.harbor, "signed_out")
    assert [event.action for event in Event.objects.of(cast.harbor)] == ["signed_out", "signed_in"]


def test_every_action_has_words_that_follow_a_name():
    assert all(words[0].islower() or words.startswith("the provider") for words in ACTIONS.values())


def test_a_subject_longer_than_its_column_is_cut(cast):
    assert len(record(cast.owner, cast.harbor, "signed_in", "x" * 1000).subject) == 254
