"""A notice is one row, written with what it tells of, and seen by whom it concerns now."""

from typing import Any

import pytest
from django.db import transaction

from apps.accounts import members
from apps.accounts.models import Membership
from apps.accounts.owners import tell_owners
from apps.accounts.roles import Role
from apps.notifications import services, sweeps
from apps.notifications.kinds import KINDS, Group, words
from apps.notifications.models import Choice, Notice
from apps.notifications.selectors import HOLDS
from apps.notifications.services import tell
from apps.tenancy import Unscoped
from tests.cast import Cast
from tests.notifications.told import FACTS, kinds_of, second_owner


class Broken(Exception):
    pass


def test_it_commits_with_what_it_tells_of(transactional_db: None, cast: Cast) -> None:
    with transaction.atomic(durable=True):
        Membership.objects.filter(user=cast.viewer).update(role=Role.MANAGER)
        tell(cast.viewer, "role_changed", account=cast.harbor)
    assert kinds_of(cast.viewer) == ["role_changed"]


def test_it_is_rolled_back_with_what_it_tells_of(transactional_db: None, cast: Cast) -> None:
    def promote() -> None:
        with transaction.atomic(durable=True):
            Membership.objects.filter(user=cast.viewer).update(role=Role.MANAGER)
            tell(cast.viewer, "key_dead", account=cast.harbor)
            raise Broken

    with pytest.raises(Broken):
        promote()
    assert kinds_of(cast.viewer) == []
    assert Membership.objects.get(user=cast.viewer).role == Role.VIEWER


def test_told_twice_of_one_occurrence_it_is_one_notice(cast: Cast) -> None:
    for _ in range(2):
        tell(
            cast.owner,
            "change_done",
            account=cast.harbor,
            once="7",
            by="Ann",
            what="forward it",
            entry=7,
            when="now",
        )
    assert kinds_of(cast.owner) == ["change_done"]


def test_two_occurrences_are_two_notices(cast: Cast) -> None:
    for _ in range(2):
        tell(cast.owner, "key_dead", account=cast.harbor)
    assert kinds_of(cast.owner) == ["key_dead", "key_dead"]


def test_a_kind_without_words_is_refused(cast: Cast) -> None:
    with pytest.raises(KeyError):
        tell(cast.owner, "sneezed")


@pytest.mark.parametrize("ask", ["all", "count", "first", "exists", "create"])
def test_an_unscoped_query_raises(db: None, ask: str) -> None:
    with pytest.raises(Unscoped):
        getattr(Notice.objects, ask)()


def test_a_person_sees_their_own_alone(cast: Cast) -> None:
    tell(cast.owner, "key_dead", account=cast.harbor)
    tell(cast.manager, "security", what="A", where="here")
    assert (kinds_of(cast.owner), kinds_of(cast.manager), kinds_of(cast.stranger)) == (
        ["key_dead"],
        ["security"],
        [],
    )


def test_who_is_removed_sees_nothing_of_the_account_any_more_and_keeps_what_is_their_own(
    cast: Cast,
) -> None:
    tell(cast.manager, "key_dead", account=cast.harbor)
    tell(cast.manager, "security", what="A", where="here")
    members.remove(Membership.objects.get(user=cast.manager), cast.owner)
    assert kinds_of(cast.manager) == ["security", "left"]


def test_owners_are_told_who_can_sign_in_and_not_who_did_it(cast: Cast) -> None:
    second, third = second_owner(cast), cast.billing
    Membership.objects.filter(user=third).update(role=Role.OWNER)
    third.is_active = False
    third.save()
    tell_owners(cast.harbor, "key_dead", but={second.pk})
    assert set(Notice.objects.across_people().values_list("user__email", flat=True)) == {
        "owner@harbor.test"
    }


def test_reading_one_leaves_the_others_unread(cast: Cast) -> None:
    tell(cast.owner, "key_dead", account=cast.harbor)
    tell(cast.owner, "key_dead", account=cast.harbor)
    first = Notice.objects.of(cast.owner).earliest("pk")
    assert services.read(cast.owner, first.pk)
    assert not services.read(cast.owner, first.pk)  # it was read
    assert not services.read(cast.manager, first.pk)
    assert Notice.objects.of(cast.owner).filter(read_at=None).count() == 1


def test_nobody_reads_for_somebody_else(cast: Cast) -> None:
    tell(cast.owner, "key_dead", account=cast.harbor)
    notice = Notice.objects.of(cast.owner).get()
    assert not services.read(cast.stranger, notice.pk)
    assert services.read_all(cast.stranger, notice.pk) == 0
    assert Notice.objects.of(cast.owner).get().read_at is None


def test_what_came_after_the_page_was_shown_stays_unread(cast: Cast) -> None:
    tell(cast.owner, "key_dead", account=cast.harbor)
    shown = Notice.objects.of(cast.owner).get().pk
    tell(cast.owner, "reconnected", account=cast.harbor, by="Ann")
    assert services.read_all(cast.owner, shown) == 1
    assert Notice.objects.of(cast.owner).get(read_at=None).kind == "reconnected"


@pytest.mark.parametrize("group", [Group.SECURITY.value, "sneezes"])
def test_a_locked_or_unknown_group_cannot_be_switched(cast: Cast, group: str) -> None:
    with pytest.raises(ValueError, match="cannot"):
        services.choose(cast.owner, {group: False, "people": False})
    assert not Choice.objects.exists()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_words_on_one_line_a_way_on_and_a_group_that_is_explained(kind: str) -> None:
    found = KINDS[kind]
    facts = {name: f"{name}\r\nBcc: x" for name in FACTS}
    said = words(kind, facts)
    assert "—" not in said.subject + "".join(said.paragraphs) + said.path
    assert not any(sign in said.subject + "".join(said.paragraphs) for sign in "\r\n{}")
    assert said.subject
    assert all(said.paragraphs)
    assert found.path.startswith("/")
    assert found.label
    assert found.group in HOLDS
    assert len(kind) <= Notice._meta.get_field("kind").max_length


def test_a_kind_of_another_release_breaks_no_page(cast: Cast, sign_in: Any) -> None:
    Notice.objects.across_people().create(
        user=cast.owner, kind="of_tomorrow", once="x", at=cast.harbor.created_at
    )
    assert "show yet" in sign_in(cast.owner).get("/notifications/").content.decode()


def test_what_only_owners_may_know_goes_with_the_role(cast: Cast, mailoutbox: list[Any]) -> None:
    lowered = second_owner(cast)
    members.ask_to_join(cast.harbor, cast.stranger)
    assert kinds_of(lowered) == ["join_asked"]
    members.change_role(Membership.objects.get(user=lowered), "viewer", cast.owner)
    assert kinds_of(lowered) == ["role_changed"]
    sweeps.send_mails()
    assert [
        mail.subject
        for mail in mailoutbox
        if "asks to join" in mail.subject and mail.to == [lowered.email]
    ] == []
    assert [
        mail.subject
        for mail in mailoutbox
        if "asks to join" in mail.subject and mail.to == [cast.owner.email]
    ] != []


def test_owners_are_told_nothing_that_members_may_see_too(cast: Cast) -> None:
    """Else who is lowered would go on seeing it."""
    with pytest.raises(ValueError, match="not for owners alone"):
        tell_owners(cast.harbor, "connected")
