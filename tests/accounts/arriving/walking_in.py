"""How tests walk in: the link out of the mail, the form of the second step, the sweeps."""

import re
from itertools import count

from django.test import Client

from apps.accounts.arriving import letters
from apps.notifications import sweeps
from tests.cast import PASSWORD

LARK, HARBOR, NORTHWIND = "1000000004", "1000000001", "1000000002"
NEW = "four unrelated garden words"
_networks = count(1)


def elsewhere() -> str:
    """An address in a /24 of its own, so that nobody's tries are counted with another's."""
    n = next(_networks)
    return f"10.{n // 250 % 250}.{n % 250}.7"


def path_in(mail) -> str:
    return re.search(r"http://localhost:8000(/\S+)", mail.body)[1]


def link_for(email: str, mailoutbox) -> str:
    """The second step's address, out of the mail."""
    assert Client().post("/connect/", {"email": email}, REMOTE_ADDR=elsewhere()).status_code == 303
    letters.send_letters()
    return path_in(next(mail for mail in reversed(mailoutbox) if mail.to == [email.lower()]))


def form(
    number: str = LARK, secret: str = "demo1234", kind: str = "password", password: str = NEW
) -> dict[str, str]:
    return {"number": number, "kind": kind, "secret": secret, "password": password}


def arrive(email: str, mailoutbox, address: str = "", **typed: str) -> Client:
    """A browser of somebody new whose wish is in line."""
    client = Client(REMOTE_ADDR=address or elsewhere())
    response = client.post(link_for(email, mailoutbox), form(**typed))
    assert response.status_code == 302, response.content.decode()
    return client


def fresh(email: str, password: str = PASSWORD) -> Client:
    """A browser signed in by password a moment ago."""
    client = Client(REMOTE_ADDR=elsewhere())
    assert client.post("/login/", {"login": email, "password": password}).status_code == 302
    return client


def told(mailoutbox, to: str) -> list[str]:
    """Subjects of what that address was sent."""
    letters.send_letters()
    sweeps.send_mails()
    return [mail.subject for mail in mailoutbox if mail.to == [to]]
