"""The environment, or a file .env beside the code (the environment wins). Empty is unset; a bad
value stops the start in one line that names it."""

import sys
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
# DEMO's and .env's own parser would expand a value that starts with "$": secrets are read raw.
environ.Env.read_env(BASE_DIR / ".env") if (BASE_DIR / ".env").exists() else None


def refuse(name: str, why: str) -> None:
    """Stop the start with one line that names the setting."""
    sys.exit(f"portal: {name} {why} (see .env.example)")


def flag(name: str) -> bool:
    raw = env.ENVIRON.get(name, "").strip().lower()
    if raw not in {"", "0", "1", "true", "false", "yes", "no", "on", "off"}:
        refuse(name, f"must be 1 or 0, not {raw!r}")
    return raw in {"1", "true", "yes", "on"}


def secret(name: str, default: str = "") -> str:
    return str(env.ENVIRON.get(name) or default).strip()


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in (env.ENVIRON.get(name) or default).split(",") if word.strip()]


def http_url(name: str, default: str = "") -> str:
    url = str(env.ENVIRON.get(name) or default).strip().rstrip("/")
    if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname):
        refuse(name, f"must be an http or https address, not {url!r}")
    return url


def networks(name: str) -> list[str]:
    """The addresses and networks (10.0.0.0/8) in the setting; empty for the one word `none`."""
    if words(name) == ["none"]:
        return []
    for each in words(name):
        try:
            everybody = ip_network(each).prefixlen == 0
        except ValueError:
            everybody = True
        if everybody:
            refuse(
                name, f"must be addresses or networks, separated by commas, or none; not {each!r}"
            )
    return words(name)


def whole(name: str, default: int) -> int:
    raw = env.ENVIRON.get(name, "").strip()
    if not raw:
        return default
    if not (raw.isascii() and raw.isdigit() and int(raw)):
        refuse(name, f"must be a whole number above zero, not {raw!r}")
    return int(raw)


def loopback(url: str) -> bool:
    return urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1", "sandbox.test"}
