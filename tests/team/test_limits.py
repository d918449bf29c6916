"""/settings/members/<pk>/limit/: an owner changes what one member can spend in 24 hours."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client
from django.utils import timezone

from apps.accounts import members
from apps.accounts.models import Membership
from apps.accounts.owners import NoOwner
from apps.accounts.roles import Role, day_limit
from apps.audit.models import Event
from tests.accounts.arriving.walking_in import fresh
from tests.cast import Cast, person
from tests.team.inviting import MEMBERS, membership

DOLLAR = 1_000_000


def limit_of(user: Any) -> int | None:
    """What the machine holds the member to."""
    member = membership(user)
    return day_limit(member.role, member.day_limit)


def save(owner: Client, user: AbstractBaseUser, typed: str) -> Any:
    return owner.post(f"{MEMBERS}{membership(user).pk}/limit/", {"limit": typed})


def page_of(owner: Client) -> str:
    return " ".join(owner.get(MEMBERS).content.decode().split())


@pytest.mark.parametrize(
    ("typed", "micro"),
    [
        ("450", 450 * DOLLAR),
        (" $1,250.50 ", 1_250_500_000),
        ("0.01", DOLLAR // 100),
        ("0", 0),
        ("100000", 100_000 * DOLLAR),
    ],
)
def test_the_limit_that_an_owner_saves_is_the_one_that_counts(
    cast: Cast, owner: Client, typed: str, micro: int
) -> None:
    assert save(owner, cast.manager, typed)["Location"] == MEMBERS
    assert limit_of(cast.manager) == micro
    assert limit_of(cast.billing) == 300 * DOLLAR


def test_the_page_shows_the_limit_and_the_activity_shows_the_change(
    cast: Cast, owner: Client
) -> None:
    assert page_of(owner).count("Can spend $300.00 in 24 hours") == 2  # manager and billing
    save(owner, cast.manager, "450")
    page = page_of(owner)
    assert f"The limit of {cast.manager} is saved." in page
    assert 'value="$450.00"' in page
    assert page.count("Can spend $450.00 in 24 hours") == 1
    assert page.count("Can spend") == 2
    event = Event.objects.of(cast.harbor).get(action="member_limit_changed")
    assert (event.actor, event.subject) == (cast.owner, "manager@harbor.test")
    assert event.facts == {"before": "$300.00", "after": "$450.00"}
    activity = owner.get("/settings/audit/").content.decode()
    row = next(each for each in activity.split("<tr ") if "Spending limit" in each)
    assert all(words in row for words in ("manager@harbor.test", "$300.00", "$450.00"))


def test_the_shown_limit_saved_unchanged_is_no_change(cast: Cast, owner: Client) -> None:
    save(owner, cast.manager, "1250")
    shown = re.search(r'name="limit" value="([^"]+)"', owner.get(MEMBERS).content.decode())
    assert shown is not None
    assert shown[1] == "$1,250.00"
    save(owner, cast.manager, shown[1])
    assert limit_of(cast.manager) == 1250 * DOLLAR
    assert Event.objects.of(cast.harbor).filter(action="member_limit_changed").count() == 1


def test_an_empty_limit_is_the_roles_own_again(cast: Cast, owner: Client) -> None:
    save(owner, cast.manager, "5")
    save(owner, cast.manager, "")
    assert membership(cast.manager).day_limit is None
    assert limit_of(cast.manager) == 300 * DOLLAR


def test_a_new_role_brings_its_own_limit(cast: Cast, owner: Client) -> None:
    save(owner, cast.manager, "5")
    owner.post(f"{MEMBERS}{membership(cast.manager).pk}/", {"role": "manager"})
    assert limit_of(cast.manager) == 5 * DOLLAR
    owner.post(f"{MEMBERS}{membership(cast.manager).pk}/", {"role": "billing"})
    assert limit_of(cast.manager) == 300 * DOLLAR


@pytest.mark.parametrize(
    "typed",
    ["-1", "100000.01", "1,000,000", "1,00", "99.999", "ten", "NaN", "1e3", "三", "9" * 5000],
)
def test_a_bad_amount_changes_nothing_and_stays_in_its_field(
    cast: Cast, owner: Client, typed: str
) -> None:
    response = save(owner, cast.manager, typed)
    assert response.status_code == 422
    page = response.content.decode()
    row = page[page.index('<details class="row-more" open>') :]
    row = row[: row.index("</details>")]
    assert f'value="{typed}"' in row
    assert "Enter an amount from $0 to $100,000, like 250 or 99.50. Nothing was changed." in row
    assert page.count('<details class="row-more" open>') == 1
    assert "Can spend $300.00 in 24 hours" in " ".join(row.split())
    assert limit_of(cast.manager) == 300 * DOLLAR


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_owners_and_viewers_have_no_limit_to_change(cast: Cast, owner: Client, role: str) -> None:
    user = getattr(cast, role)
    assert save(owner, user, "5")["Location"] == MEMBERS
    assert "has no limit to change. Nothing was changed." in page_of(owner)
    assert membership(user).day_limit is None


@pytest.mark.parametrize("role", ["manager", "billing", "viewer"])
def test_only_owners_change_a_limit(cast: Cast, role: str) -> None:
    assert save(fresh(f"{role}@harbor.test"), cast.manager, "900").status_code == 403
    assert limit_of(cast.manager) == 300 * DOLLAR


def test_another_accounts_member_is_not_found(cast: Cast) -> None:
    assert save(fresh("owner@northwind.test"), cast.manager, "900").status_code == 404
    assert limit_of(cast.manager) == 300 * DOLLAR


def test_an_old_sign_in_is_asked_to_confirm_first(
    cast: Cast, owner: Client, time_machine: Any
) -> None:
    time_machine.move_to(timezone.now() + timedelta(minutes=11))
    asked = save(owner, cast.manager, "900")
    assert asked["Location"].startswith("/reauthenticate/?next=%2Fsettings%2Fmembers%2F")
    assert limit_of(cast.manager) == 300 * DOLLAR


def test_a_removed_owner_changes_no_limit(cast: Cast) -> None:
    second = person("second@harbor.test")
    theirs = Membership.objects.create(user=second, account=cast.harbor, role=Role.OWNER)
    members.remove(theirs, cast.owner)
    with pytest.raises(NoOwner):
        members.change_limit(membership(cast.manager), 900 * DOLLAR, second)
    assert limit_of(cast.manager) == 300 * DOLLAR


def test_a_member_who_became_a_viewer_meanwhile_gets_no_limit(cast: Cast) -> None:
    shown = membership(cast.manager)
    members.change_role(shown, Role.VIEWER, cast.owner)
    assert members.change_limit(shown, 900 * DOLLAR, cast.owner) is False
    assert limit_of(cast.manager) == 0
