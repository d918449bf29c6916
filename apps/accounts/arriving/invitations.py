"""Invitations: an owner names an address and a role; the link in that address's mail works once,
for 72 hours.
"""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from apps import emails
from apps.accounts import locks, members
from apps.accounts.arriving import letters, link_tokens
from apps.accounts.models import Account, Invitation, Membership, User
from apps.accounts.owners import must_own
from apps.accounts.roles import Role
from apps.accounts.signing_in import throttle
from apps.audit.services import record
from apps.voicetel import clock

LIVES = timedelta(hours=72)
PER_DAY = throttle.Limit("invitations", 30, timedelta(days=1))  # of one account
# of one account to one address: what others invite there is counted apart
TO_ONE = throttle.Limit("invitations_to", 3, timedelta(days=1))
LIMITS = (PER_DAY, TO_ONE)
State = Invitation.State


class Refused(Exception):
    """Not invited; the sentence says why."""


def invite(account: Account, by: User, email: str, role: str) -> None:
    """Put an invitation, and its mail, in the queue; it takes the place of an open one.

    Raises Refused and NoOwner.
    """
    email = emails.kept_or_typed(email)
    _count(account, email)
    with locks.locked(account) as account:
        there = Membership.objects.filter(account=account)
        must_own(account, by)
        if there.filter(user__email=email).exists():
            raise Refused(f"{email} is a member already.")
        now = clock.now()
        open_ones(account).filter(email=email).update(state=State.WITHDRAWN)
        row = Invitation.objects.of(account).create(
            account=account,
            email=email,
            role=role,
            invited_by=by,
            invited_at=now,
            expires_at=now + LIVES,
        )
        record(by, account, "invited", email, role=role)
        letters.write(
            "invitation",
            email,
            invitation=row.pk,
            by=by.with_address,
            account=str(account),
            role=Role(role).label.lower(),
        )


def invite_first_owner(account: Account, email: str) -> None:
    """Invite the owner of an account that staff opened; in the caller's transaction."""
    now, email = clock.now(), emails.kept_or_typed(email)
    row = Invitation.objects.of(account).create(
        account=account, email=email, role=Role.OWNER, invited_at=now, expires_at=now + LIVES
    )
    letters.write(
        "invitation",
        email,
        invitation=row.pk,
        by="VoiceTel",
        account=str(account),
        role=Role(Role.OWNER).label.lower(),
    )


def _count(account: Account, email: str) -> None:
    """Count an invitation before it is sent. Raises Refused."""
    try:
        taken = [throttle.take(PER_DAY, str(account.pk))]
    except throttle.Throttled:
        raise Refused(
            f"You've sent {PER_DAY.most} invitations in 24 hours. Try again tomorrow."
        ) from None
    try:
        throttle.take(TO_ONE, f"{account.pk}:{email}")
    except throttle.Throttled:
        throttle.give_back(taken)
        raise Refused(
            f"You've invited {email} {TO_ONE.most} times in 24 hours. The last link still works."
        ) from None


def withdraw(invitation: Invitation, by: User) -> None:
    """The link works no more. Raises NoOwner."""
    with locks.locked(invitation.account) as account:
        must_own(account, by)
        if open_ones(account).filter(pk=invitation.pk).update(state=State.WITHDRAWN):
            record(by, account, "invitation_withdrawn", invitation.email)


def open_ones(account: Account) -> QuerySet[Invitation]:
    return Invitation.objects.of(account).filter(state=State.OPEN)


def find(token: str) -> Invitation | None:
    """Of a link, while it works. By its secret, so of any account."""
    found = Invitation.objects.across_accounts().filter(
        print=link_tokens.print_of(token), state=State.OPEN, expires_at__gt=clock.now()
    )
    return found.select_related("account", "invited_by").first()


def accept(invitation: Invitation, user: User) -> bool:
    """Make the invited person a member.

    False: the link was used or withdrawn a moment ago, or it is someone else's.
    """
    if user.email != invitation.email:
        return False
    with locks.locked(invitation.account) as account:
        if (
            not open_ones(account)
            .filter(pk=invitation.pk, expires_at__gt=clock.now())
            .update(state=State.ACCEPTED)
        ):
            return False
        members.join(account, user, invitation.role, invitation.invited_by)
    return True


def arrive(invitation: Invitation, name: str, password: str) -> User | None:
    """A new person, and a member. None: someone was quicker."""
    hashed = make_password(password)  # slow on purpose: not while others wait to write
    try:
        with transaction.atomic():
            user = User.objects.create(email=invitation.email, password=hashed, name=name)
            if not accept(invitation, user):
                raise IntegrityError("used")
    except IntegrityError:
        return None
    return user
