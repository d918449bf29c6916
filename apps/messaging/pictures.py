"""Addresses of pictures, judged by their form alone: the portal fetches, resolves and previews
none of them. Pure.
"""

import re
from urllib.parse import urlsplit

MOST = 10
ENDINGS = ("jpg", "jpeg", "png", "gif", "mp4", "vcf")
NAME = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
)
# Names that no public server has.
INSIDE = frozenset(
    {"alt", "arpa", "corp", "example", "home", "internal", "intranet", "invalid", "lan", "local"}
    | {"localdomain", "localhost", "onion", "private", "test"}
)
SHARES = frozenset(
    {"drive.google.com", "docs.google.com", "photos.google.com", "photos.app.goo.gl"}
    | {"dropbox.com", "www.dropbox.com", "icloud.com", "www.icloud.com", "1drv.ms"}
    | {"onedrive.live.com", "box.com", "app.box.com", "wetransfer.com", "imgur.com"}
)


def listed(typed: str) -> list[str]:
    """The addresses of a field, one a line, each once."""
    return list(dict.fromkeys(filter(None, (line.strip() for line in typed.splitlines()))))


def wrong(address: str) -> str:
    """Why an address can't be sent, in a sentence; "" where it can."""
    if len(address) > 2000 or not address.isascii() or re.search(r"[\x00-\x20\x7f\\<>\"]", address):
        return "This isn't a web address. Use letters, digits and the usual signs, without spaces."
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "This isn't a web address."
    if parts.scheme.lower() != "https":
        return "Use an address that begins with https://."
    if "@" in parts.netloc:
        return "Leave the sign-in out of the address."
    if port not in (None, 443):
        return "Use an address without a port."
    if not NAME.fullmatch(host) or host.rsplit(".", 1)[-1] in INSIDE:
        return "VoiceTel fetches the picture, so the address must be public."
    return ""


def doubtful(address: str) -> str:
    """Why an address probably shows no picture, in a sentence; "" where it looks like one."""
    parts = urlsplit(address)
    if (parts.hostname or "") in SHARES:
        return f"{parts.hostname} shows a page around the picture. Most phones get no picture."
    if not parts.path.lower().endswith(tuple(f".{each}" for each in ENDINGS)):
        return "The address doesn't end in jpg, png, gif, mp4 or vcf. It may not be a picture."
    return ""
