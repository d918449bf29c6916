"""Who owns an account: the first by an exchange, everybody else by an owner's decision
(docs/decisions/0007).
"""

from enum import Enum, auto

from apps.accounts import locks, reconnect
from apps.accounts.models import Account, Invitation, JoinRequest, Membership, Removal, User
from apps.accounts.owners import must_own, tell_owners
from apps.accounts.roles import LIMITED, Role, day_limit
from apps.audit.services import record
from apps.notifications.services import tell
from apps.ui.format import money
from apps.voicetel import clock


class Became(Enum):
    OWNER = auto()
    MEMBER = auto()  # they are one already; nothing changed
    CLAIMANT = auto()


class LastOwner(Exception):
    """An account keeps at least one owner who can sign in."""


def claim(user: User, number: str, key: str) -> tuple[Account, Became]:
    """Someone proved to know the password or key of that very number.

    The first owner of an account that never had one, and its key is kept. An owner: the key
    replaces one that is not live. Anybody else: a join request, all owners told; the key is not
    kept. Runs in the caller's transaction.
    """
    account = Account.objects.get_or_create(number=number)[0]
    with locks.locked(account) as account:
        mine = Membership.objects.filter(account=account, user=user).first()
        if mine is None and is_free(account):
            Membership.objects.create(account=account, user=user, role=Role.OWNER)
            account.claimed_at = clock.now()
            _keep_key(account, key)
            record(user, account, "account_connected", number)
            return account, Became.OWNER
        if mine is not None and mine.role == Role.OWNER:
            if account.key_state != Account.Key.LIVE:
                _keep_key(account, key)
                record(user, account, "key_connected")
                tell_owners(account, "reconnected", but={user.pk}, by=user.with_address)
            return account, Became.OWNER
        if mine is not None:
            return account, Became.MEMBER
        ask_to_join(account, user)
        return account, Became.CLAIMANT


def open_account(number: str, name: str) -> Account:
    """The account of that number, which staff just opened at VoiceTel. It counts as claimed: who
    has its password asks to join, and the invited owner decides.
    """
    account, _ = Account.objects.get_or_create(
        number=number, defaults={"name": name, "claimed_at": clock.now()}
    )
    return account


def is_free(account: Account) -> bool:
    """Nobody owns it, and nobody ever did: owners who are gone leave it to staff, not to whoever
    knows the password.
    """
    return (
        account.claimed_at is None
        and not Membership.objects.filter(account=account).exists()
        and not Removal.objects.of(account).exists()
    )


def _keep_key(account: Account, key: str) -> None:
    account.set_key(key)
    account.save(update_fields=["sealed_key", "key_state", "key_changed_at", "claimed_at"])


def ask_to_join(account: Account, user: User) -> JoinRequest:
    """One open request each; asking anew changes nothing."""
    was = Removal.objects.of(account).filter(user=user).exists()
    found, fresh = JoinRequest.objects.of(account).get_or_create(
        account=account,
        user=user,
        state=JoinRequest.State.OPEN,
        defaults={"asked_at": clock.now(), "was_member": was},
    )
    if fresh:
        record(user, account, "join_asked", user.email)
        before = "They were a member before, and were removed." if was else ""
        tell_owners(account, "join_asked", person=user.with_address, before=before)
    return found


def decide(request: JoinRequest, by: User, role: str | None, *, ticket: str = "") -> bool:
    """Approve with a role, or decline (None).

    False: someone decided before. by: an owner, or staff in that ticket. Raises NoOwner.
    """
    with locks.locked(request.account) as account:
        if not (ticket and by.is_staff):
            must_own(account, by)
        state = JoinRequest.State.APPROVED if role else JoinRequest.State.DECLINED
        still = JoinRequest.objects.of(account).filter(pk=request.pk, state=JoinRequest.State.OPEN)
        if not still.update(state=state, decided_at=clock.now(), decided_by=by):
            return False
        person, who = request.user, "VoiceTel portal staff" if ticket else "An owner"
        if role is None:
            record(by, account, "join_declined", person.email, **_in(ticket))
            tell(person, "join_declined", number=account.number, who=who)
            if ticket:
                tell_owners(
                    account, "join_declined_by_staff", person=person.with_address, ticket=ticket
                )
            return True
        join(account, person, role, by, ticket=ticket)
        tell(person, "join_approved", account=account, who=who, role=Role(role).label.lower())
    return True


def _in(ticket: str) -> dict[str, str]:
    """The event's fact that says that staff did it, and in which ticket."""
    return {"ticket": ticket} if ticket else {}


def join(account: Account, person: User, role: str, by: User | None, *, ticket: str = "") -> bool:
    """Make someone a member and tell the owners.

    False: they are one already, with the role that they have.
    """
    asked = JoinRequest.objects.of(account).filter(user=person, state=JoinRequest.State.OPEN)
    asked.update(state=JoinRequest.State.APPROVED, decided_at=clock.now(), decided_by=by)
    if not Membership.objects.get_or_create(account=account, user=person, defaults={"role": role})[
        1
    ]:
        return False
    record(by or person, account, "member_joined", person.email, role=role, **_in(ticket))
    inviter = by.with_address if by else "An owner"
    who = f"VoiceTel portal staff, in ticket {ticket}," if ticket else inviter
    tell_owners(
        account,
        "member_joined",
        but={person.pk},
        person=person.with_address,
        role=Role(role).label.lower(),
        by=who,
    )
    return True


def change_role(membership: Membership, role: str, by: User) -> bool:
    """False: they were removed a moment before. Raises LastOwner and NoOwner.

    A new role brings its own day limit.
    """
    with locks.locked(membership.account) as account:
        must_own(account, by)
        mine = Membership.objects.filter(pk=membership.pk, account=account)
        if role != Role.OWNER:
            _keep_an_owner(account, membership)
        if not mine.exclude(role=role).update(role=role, day_limit=None):
            return mine.exists()
        if role != Role.OWNER:
            _withdraw_what_they_began(account, membership.user, by)
        before, after = Role(membership.role).label, Role(role).label
        record(by, account, "member_changed", membership.user.email, before=before, after=after)
        person, label = membership.user, Role(role).label.lower()
        if person.pk != by.pk:
            tell(person, "role_changed", account=account, role=label, by=by.with_address)
        tell_owners(
            account,
            "member_changed",
            but={by.pk, person.pk},
            person=person.with_address,
            role=label,
            by=by.with_address,
        )
    return True


def change_limit(membership: Membership, limit: int | None, by: User) -> bool:
    """Sets what the member may spend in 24 hours. limit: micro-dollars; None: the role's own.

    False: they were removed a moment before, or their role has no such limit. Raises NoOwner.
    """
    with locks.locked(membership.account) as account:
        must_own(account, by)
        mine = Membership.objects.filter(pk=membership.pk, account=account, role__in=LIMITED)
        now = mine.first()
        if now is None:
            return False
        if now.day_limit != limit:
            mine.update(day_limit=limit)
            before, after = (money(day_limit(now.role, own)) for own in (now.day_limit, limit))
            person = membership.user.email
            record(by, account, "member_limit_changed", person, before=before, after=after)
    return True


def remove(membership: Membership, by: User) -> None:
    """Their sessions see nothing of it from the next request on, for the membership is read with
    each. Raises LastOwner and NoOwner.
    """
    with locks.locked(membership.account) as account:
        must_own(account, by)
        if not _end(account, membership, by):
            return
        person = membership.user
        record(by, account, "member_removed", person.email)
        tell(person, "left", name=str(account), number=account.number)
        tell_owners(
            account, "member_removed", but={by.pk}, person=person.with_address, by=by.with_address
        )


def leave(membership: Membership) -> None:
    """The member ends their own membership. Everybody may, but not the last owner.

    Raises LastOwner.
    """
    person = membership.user
    with locks.locked(membership.account) as account:
        if not _end(account, membership, person):
            return
        record(person, account, "member_left", person.email)
        tell(person, "you_left", name=str(account), number=account.number)
        tell_owners(account, "member_left", but={person.pk}, person=person.with_address)


def _end(account: Account, membership: Membership, by: User) -> bool:
    """Within the account's lock: end a membership and what it began. False: it had ended before.
    Raises LastOwner.
    """
    _keep_an_owner(account, membership)
    if not Membership.objects.filter(pk=membership.pk, account=account).delete()[0]:
        return False
    Removal.objects.of(account).create(account=account, user=membership.user, at=clock.now())
    _withdraw_what_they_began(account, membership.user, by)
    return True


def _keep_an_owner(account: Account, leaving: Membership) -> None:
    others = other_owners(account, leaving)
    if not others and Membership.objects.filter(pk=leaving.pk, role=Role.OWNER).exists():
        raise LastOwner


def other_owners(account: Account, leaving: Membership) -> int:
    """How many owners who can sign in are left without that one."""
    return (
        Membership.objects.filter(account=account, role=Role.OWNER, user__is_active=True)
        .exclude(pk=leaving.pk)
        .count()
    )


def _withdraw_what_they_began(account: Account, person: User, by: User) -> None:
    """What they sent while they were an owner must not let them, or theirs, in again, nor connect
    the account in their name; nor what lies in their own mail."""
    opened = Invitation.objects.of(account).filter(state=Invitation.State.OPEN)
    opened.filter(invited_by=person).update(state=Invitation.State.WITHDRAWN)
    opened.filter(email=person.email).update(state=Invitation.State.WITHDRAWN)
    reconnect.withdraw(account, by, asked_by=person)
