"""A device that keeps passkeys, in software: it makes keys, and signs what a portal asks, as the
standard says (WebAuthn, level 2).

Each test of a refusal bends one thing that it says; a real device says the rest.
"""

import hashlib
import json
import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.http import HttpResponse
from django.test import Client
from fido2 import cbor

from apps.accounts.models import User
from tests.accounts.signing_in.codes import code
from tests.cast import PASSWORD

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
ORIGIN, SITE = "http://testserver", "testserver"  # where Django's test client opens its pages


def text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def data(said: str) -> bytes:
    return urlsafe_b64decode(said + "=" * (-len(said) % 4))


@dataclass
class Device:
    """One device with one key for one site. counts: it counts its signatures, as security keys do
    and phones do not.
    """

    origin: str = ORIGIN
    site: str = SITE
    touched: bool = True
    verifies: bool = True
    counts: bool = False
    count: int = 0
    kind: int = -7  # of the key, as it says (COSE): ECDSA with SHA-256
    whose: str = ""  # the handle that it was given with the key
    inside: bool = False  # a page of another site around the portal's
    name: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def create(self, asked: dict[str, Any], **bent: Any) -> str:
        """The answer to what a form was told to ask, with a new key. bent: parts of the client's
        data to lie about.
        """
        options = asked["publicKey"]
        self.whose = options["user"]["id"]
        public = self.key.public_key().public_numbers()
        cose = {
            1: 2,
            3: self.kind,
            -1: 1,
            -2: public.x.to_bytes(32, "big"),
            -3: public.y.to_bytes(32, "big"),
        }
        attested = bytes(16) + struct.pack(">H", len(self.name)) + self.name + cbor.encode(cose)
        whole = {"fmt": "none", "attStmt": {}, "authData": self._said(ATTESTED) + attested}
        return self._answer(
            {
                "clientDataJSON": self._client("webauthn.create", options, bent),
                "attestationObject": cbor.encode(whole),
            }
        )

    def get(self, asked: dict[str, Any], *, handle: str | None = None, **bent: Any) -> str:
        """The answer to what a form was told to ask, signed. handle: another than it was given;
        bent: as for create().
        """
        self.count += self.counts
        client, said = self._client("webauthn.get", asked["publicKey"], bent), self._said()
        signature = self.key.sign(said + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        whose = data(self.whose if handle is None else handle)
        return self._answer(
            {
                "clientDataJSON": client,
                "authenticatorData": said,
                "signature": signature,
                "userHandle": whose,
            }
        )

    def _client(self, kind: str, options: dict[str, Any], bent: dict[str, Any]) -> bytes:
        said = {
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": self.inside,
            **bent,
        }
        return json.dumps(said).encode()

    def _said(self, more: int = 0) -> bytes:
        flags = (PRESENT if self.touched else 0) | (VERIFIED if self.verifies else 0) | more
        return hashlib.sha256(self.site.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _answer(self, parts: dict[str, bytes]) -> str:
        name = text(self.name)
        response = {part: text(said) for part, said in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


ADD = "/settings/security/passkeys/add/"


def fresh(user: User) -> Client:
    """A browser in which that person has just signed in with their password, and a code where they
    have an app.
    """
    client = Client()
    if (
        client.post("/login/", {"login": user.email, "password": PASSWORD})["Location"]
        == "/login/code/"
    ):
        assert client.post("/login/code/", {"code": code()}).status_code == 302
    return client


def add(client: Client, device: Device, name: str = "Phone", **bent: Any) -> HttpResponse:
    """Go through the page that adds a passkey; its answer."""
    asked = client.post(ADD, {"name": name}).json()
    return client.post(ADD, {"name": name, "answer": device.create(asked, **bent)})


def with_passkey(user: User, **kind: Any) -> Device:
    """A device that keeps a passkey of that person."""
    device = Device(**kind)
    assert add(fresh(user), device).status_code in {200, 303}
    user.refresh_from_db()
    return device


def ask(client: Client, path: str = "/login/passkey/") -> dict[str, Any]:
    """What the form at that address is told to ask."""
    asked: dict[str, Any] = client.post(path).json()
    return asked


def use(client: Client, device: Device, path: str = "/login/passkey/", **bent: Any) -> HttpResponse:
    """Press the button of a form: it asks, the device answers, the form is posted."""
    return client.post(path, {"answer": device.get(ask(client, path), **bent)})
