"""The person of a request and the account that it works on."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, models
from django.http import HttpRequest, HttpResponse

from apps.accounts.models import Account, Membership, Profile, User
from apps.notifications.selectors import unread_count
from apps.prepared import Prepared

M = TypeVar("M", bound=models.Model)

CHOSEN = "account"  # session key: primary key of the account that the person switched to


def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


USER, MEMBERSHIP, ACCOUNT, PROFILE = map(_columns, (User, Membership, Account, Profile))
PEOPLE = Prepared(
    lambda: (
        User.objects.filter(pk=0)
        .annotate(unread=unread_count())
        .order_by("memberships__created_at", "memberships__pk")
        .values_list(
            "unread",
            *USER,
            *(f"memberships__{name}" for name in MEMBERSHIP),
            *(f"memberships__account__{name}" for name in ACCOUNT),
            *(f"memberships__account__profile__{name}" for name in PROFILE),
        )
    )
)


def load(pk: int) -> User | None:
    """The person with `unread` and `joined`: their memberships, longest-standing first, each with
    its account and that one's profile. One query.
    """
    user: User | None = None
    for unread, *row in PEOPLE.rows(pk):
        if user is None:
            user = _cut(User, USER, row)
            assert user is not None
            user.unread = unread  # type: ignore[attr-defined]
            user.joined = []
        del row[: len(USER)]
        membership = _cut(Membership, MEMBERSHIP, row)
        account = _cut(Account, ACCOUNT, row[len(MEMBERSHIP) :])
        if membership is None or account is None:
            break
        profile = _cut(Profile, PROFILE, row[len(MEMBERSHIP) + len(ACCOUNT) :])
        membership.user, membership.account = user, account
        # as select_related does: None is known to be none
        Account.profile.related.set_cached_value(account, profile)
        if profile:
            Profile.account.field.set_cached_value(profile, account)
        user.joined.append(membership)
    return user


def _cut(model: type[M], columns: list[str], row: list[Any]) -> M | None:
    """The model in the row's first columns; None where the join found none."""
    return None if row[0] is None else model.from_db(DEFAULT_DB_ALIAS, columns, row[: len(columns)])


class CurrentAccount:
    """Sets request.memberships (the person's, longest-standing first), request.membership (the
    account chosen in the session, else the first) and request.account. No query: they were loaded
    with the person of the session. A person without membership, staff for instance, has
    none, and so has nobody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found: list[Membership] = []
        chosen: Any = None
        if request.user.is_authenticated:
            user = request.user if hasattr(request.user, "joined") else load(request.user.pk)
            found = user.joined if user else []
            chosen = request.session.get(CHOSEN)
        membership = next((m for m in found if m.account_id == chosen), found[0] if found else None)
        request.memberships = found  # type: ignore[attr-defined]
        request.membership = membership  # type: ignore[attr-defined]
        request.account = membership.account if membership else None  # type: ignore[attr-defined]
        return self.get_response(request)
