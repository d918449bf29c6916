"""A request's one query for its person, their accounts and their unread notices."""

from datetime import timedelta

from apps.accounts.middleware import load
from apps.accounts.models import Account, Membership, Profile, User
from apps.notifications.services import tell
from apps.voicetel import clock


def plain(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_all_is_as_the_tables_say_and_nothing_is_asked_again(cast, django_assert_num_queries):
    Membership.objects.create(
        user=cast.owner,
        account=cast.northwind,
        role="viewer",
        created_at=clock.now() + timedelta(hours=1),
    )
    Profile.objects.create(
        account=cast.harbor,
        balance=-7,
        services={"sms": True},
        rates={"did": 500_000},
        notify=True,
        created=clock.now(),
        read_at=clock.now(),
    )
    tell(cast.owner, "key_dead", account=cast.harbor)
    with django_assert_num_queries(1):
        user = load(cast.owner.pk)
        first, second = user.joined
        assert first.user is second.user is user
        assert first.account.profile.account is first.account
        assert not hasattr(second.account, "profile")
        assert user.unread == 1
    assert plain(user) == plain(User.objects.get(pk=cast.owner.pk))
    rows = Membership.objects.filter(user=cast.owner).order_by("created_at")
    assert [plain(each) for each in user.joined] == [plain(each) for each in rows]
    for each in user.joined:
        kept, told = plain(Account.objects.get(pk=each.account_id)), plain(each.account)
        kept["sealed_key"], told["sealed_key"] = (
            bytes(kept["sealed_key"]),
            bytes(told["sealed_key"]),
        )
        assert told == kept
    assert plain(first.account.profile) == plain(Profile.objects.get(account=cast.harbor))
    user.name = "Changed"
    user.save()
    assert User.objects.get(pk=user.pk).name == "Changed"


def test_person_without_an_account_has_none_and_nobody_is_nobody(cast, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert load(cast.support.pk).joined == []
        assert load(2**40) is None
