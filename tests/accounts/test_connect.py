"""/connect/: from an e-mail address to one's own numbers."""

import re

import pytest
from django.test import Client

from apps.accounts import arrival_sweeps, connect, letters
from apps.accounts.arrivals import Connection, ConnectLink, JoinRequest, Letter
from apps.accounts.models import Account, Membership, Profile, User
from apps.voicetel import clock

LARK = "1000000004"
NEW = "four unrelated garden words"


def mailed(mail) -> str:
    return re.search(r"http://localhost:8000(/\S+)", mail.body)[1]


def link_for(email: str, mailoutbox) -> str:
    Client().post("/connect/", {"email": email}, REMOTE_ADDR=f"10.{len(email)}.0.{len(mailoutbox) + 1}")
    letters.send_letters()
    return mailed(mailoutbox[-1])


def form(number: str = LARK, secret: str = "demo1234", kind: str = "password", password: str = NEW) -> dict[str, str]:
    return {"number": number, "kind": kind, "secret": secret, "password": password}


def test_lark_connects_from_nothing_and_sees_its_numbers(cast, sandbox, mailoutbox):
    client = Client()
    assert client.post("/connect/", {"email": "Lark@Demo.test"})["Location"] == "/connect/?asked=1"
    letters.send_letters()
    link = mailed(mailoutbox[0])
    assert mailoutbox[0].to == ["lark@demo.test"]
    assert client.get(link).status_code == 200
    response = client.post(link, form("100-000-0004"))
    assert (response.status_code, response["Location"]) == (302, "/connect/")
    assert "first in line" in client.get("/connect/").content.decode()
    assert sandbox.requests() == []
    arrival_sweeps.connect_due()
    assert "is connected" in client.get("/connect/").content.decode()
    account = Account.objects.get(number=LARK)
    assert (account.key_state, account.key()) == ("live", sandbox.key(LARK))
    assert Membership.objects.get(account=account).role == "owner"
    client.get("/numbers/")
    from apps.numbers import services

    services.refresh_numbers(account)
    page = client.get("/numbers/").content.decode()
    assert all(f"({number[:3]}) {number[3:6]}-{number[6:]}" in page for number in sandbox.numbers_of(LARK))
    letters.send_letters()
    assert mailoutbox[-1].subject == f"VoiceTel account {LARK} is connected"
