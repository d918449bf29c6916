"""Links that lead out to VoiceTel: only there, by https, and marked as outside."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from apps.porting.models import Port

HOME = "voicetel.com"


@dataclass(frozen=True, slots=True)
class Outside:
    """A link out. guessed: no answer told it; it is made as VoiceTel's examples are."""

    href: str
    host: str
    guessed: bool = False


def outside(url: str, *, guessed: bool = False) -> Outside | None:
    """The link, where it leads to VoiceTel; None for any other."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        own = urlsplit(settings.VOICETEL_URL)
        here = parts.netloc == own.netloc and parts.scheme == own.scheme
        plain = parts.port in {None, 443}
    except ValueError:
        return None
    there = host == HOME or host.endswith(f".{HOME}")
    if parts.username or parts.password or "\\" in url or any(ord(each) < 33 for each in url):
        return None
    if not (here and (settings.LOCAL or parts.scheme == "https")) and not (
        there and parts.scheme == "https" and plain
    ):
        return None
    return Outside(url, host, guessed)


def letter_of(port: Port) -> Outside | None:
    """Where the letter of authorization is downloaded, signed and uploaded."""
    return _one(port, port.loa_url, "loa")


def order_of(port: Port) -> Outside | None:
    """VoiceTel's own page of the order."""
    return _one(port, port.port_url, "port")


def ticket_of(port: Port) -> Outside | None:
    """The order's ticket at VoiceTel's help desk."""
    return outside(port.support_url) if port.support_url else None


def _one(port: Port, told: str, name: str) -> Outside | None:
    if told:
        return outside(told)
    return outside(f"{settings.VOICETEL_URL.rstrip('/')}/a/{name}/{port.pid}/", guessed=True)
