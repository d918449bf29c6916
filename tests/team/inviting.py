"""A test tool: an owner's browser, and the invitation out of the mail."""

from django.test import Client

from apps.accounts.arriving import letters
from apps.accounts.models import Membership, User
from tests.accounts.arriving.walking_in import path_in

MEMBERS = "/settings/members/"


def membership(user: User) -> Membership:
    return Membership.objects.get(user=user)


def invite(owner: Client, email: str, role: str = "manager"):
    return owner.post(MEMBERS, {"account": "1000000001", "email": email, "role": role})


def invited(owner: Client, mailoutbox, email: str, role: str = "manager") -> str:
    """The address of the invitation, out of the mail."""
    assert invite(owner, email, role).status_code == 303
    letters.send_letters()
    return path_in(next(mail for mail in reversed(mailoutbox) if mail.to == [email]))
