"""A test tool: what signs in with passkeys and is not right, and what the pages say to it."""

import html
import json
import os
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from apps.accounts.signing_in import passkeys
from apps.audit.models import Event
from tests.accounts.signing_in.device import Device, text

SIGN_IN, CODE, CONFIRM = "/login/passkey/", "/login/code/passkey/", "/reauthenticate/passkey/"
REFUSED = "That passkey was not accepted."


def events(action: str) -> list[Event]:
    return list(Event.objects.across_accounts().filter(action=action).order_by("pk"))


def words(page: HttpResponse) -> str:
    """What a page says, without what differs each time."""
    page_said = html.unescape(page.content.decode())
    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "", page_said)


Bend = Callable[[Device, dict[str, Any]], str]


def of_another_key(device: Device, asked: dict[str, Any]) -> str:
    other = Device(name=device.name, whose=device.whose)
    return other.get(asked)


def changed(**fields: Any) -> Bend:
    """A device of which something is otherwise."""

    def bend(device: Device, asked: dict[str, Any]) -> str:
        for name, value in fields.items():
            setattr(device, name, value)
        return device.get(asked)

    return bend


def without(part: str) -> Bend:
    def bend(device: Device, asked: dict[str, Any]) -> str:
        said = json.loads(device.get(asked))
        del said["response"][part]
        return json.dumps(said)

    return bend


BENT: dict[str, Bend] = {
    "another origin": changed(origin="https://evil.test"),
    "another port": changed(origin="http://testserver:9000"),
    "another scheme": changed(origin="https://testserver"),
    "a name below ours": changed(origin="http://evil.testserver"),
    "another site's key": changed(site="evil.test"),
    "a name above ours": changed(site="server"),
    "within another site's page": changed(inside=True),
    "nobody touched it": changed(touched=False),
    "another question": lambda device, asked: device.get(asked, challenge=text(os.urandom(32))),
    "no question": lambda device, asked: device.get(asked, challenge=""),
    "an answer of another kind": lambda device, asked: device.get(asked, type="webauthn.create"),
    "another key": of_another_key,
    "a key unknown here": lambda device, asked: Device(whose=device.whose).get(asked),
    "a person unknown here": lambda device, asked: device.get(asked, handle=text(b"999999")),
    "a number that no person has": lambda device, asked: device.get(asked, handle=text(b"9" * 40)),
    "a handle that is no number": lambda device, asked: device.get(
        asked, handle=text(b"owner@harbor.test")
    ),
    "no signature": without("signature"),
    "no client data": without("clientDataJSON"),
    "no authenticator data": without("authenticatorData"),
    "not JSON": lambda device, asked: "x",
    "an empty answer": lambda device, asked: "{}",
    "a list": lambda device, asked: "[1]",
    "a number": lambda device, asked: "1",
    "deep": lambda device, asked: "[" * 9_000,
    "long": lambda device, asked: json.dumps(
        {**json.loads(device.get(asked)), "more": "x" * passkeys.LONGEST}
    ),
}
UNVERIFIED = {
    "nobody proved to hold it": changed(verifies=False),
    "nobody is named": lambda device, asked: device.get(asked, handle=""),
}
