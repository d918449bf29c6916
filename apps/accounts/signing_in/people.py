"""Whom a sign-in names: an email address, or a VoiceTel account number in any form."""

from django.contrib.auth.hashers import make_password

from apps import emails, phones
from apps.accounts.models import Account, Membership, User
from apps.accounts.roles import Role


def account_number(typed: str) -> str:
    """Ten digits out of `1000000001`, `100-000-0001` or `+1 (100) 000-0001`; "" when there are not
    ten.
    """
    digits = phones.digits_of(typed)
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    return digits if len(digits) == 10 else ""


def normal(typed: str) -> str:
    """The name as we look it up: the kept form of an email address, or the digits of an
    account number.
    """
    name = emails.kept_or_typed(typed)
    return name if "@" in name else account_number(typed) or name


def find_by_address(typed: str) -> User | None:
    """The person of an email address, in any spelling of it. One query.

    A person whose address could not be moved to its kept form, because someone else has that one,
    is found by the address to the letter (`manage.py addresses` lists them).
    """
    spellings = (typed.strip().lower(), emails.kept_or_typed(typed))
    found = {person.email: person for person in User.objects.filter(email__in=set(spellings))}
    return found.get(spellings[0]) or found.get(spellings[1])


def find_person(typed: str) -> User | None:
    """The person of an email address, or the longest-standing owner of an account number.

    One query in either case.
    """
    if "@" in normal(typed):
        return find_by_address(typed)
    owners = Membership.objects.filter(
        account__number=account_number(typed), role=Role.OWNER, user__is_active=True
    )
    membership = owners.select_related("user").order_by("created_at", "pk").first()
    return membership.user if membership else None


def has_password(user: User | None, password: str) -> bool:
    """Whether that is the password of a person who may sign in. One argon2 run, for nobody too."""
    if user is None:
        make_password(password)  # the time that checking a real one takes
        return False
    return user.check_password(password) and user.is_active


def first_account(user: User) -> Account | None:
    """The account that a fresh session of theirs works on."""
    membership = Membership.objects.filter(user=user).select_related("account").first()
    return membership.account if membership else None
