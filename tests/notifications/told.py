"""Short hands: what a person was told, who was mailed, many at once."""

from string import Formatter
from typing import Any

from apps.accounts.models import Membership, User
from apps.accounts.roles import Role
from apps.notifications.kinds import KINDS
from apps.notifications.models import Notice
from tests.cast import Cast, person


def kinds_of(user: Any) -> list[str]:
    """Kinds of notices that the person sees, oldest first."""
    return list(Notice.objects.of(user).order_by("pk").values_list("kind", flat=True))


def second_owner(cast: Cast) -> User:
    """Another owner of Harbor Dental."""
    user = person("second@harbor.test", name="Second Owner")
    Membership.objects.create(user=user, account=cast.harbor, role=Role.OWNER)
    return user


# Every fact that some kind's words name; what is told without one of them shows a dash.
FACTS = sorted(
    {
        name
        for kind in KINDS.values()
        for text in (kind.subject, *kind.paragraphs, kind.path)
        for _, name, _, _ in Formatter().parse(text)
        if name
    }
)
