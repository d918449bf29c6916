"""Where the demo lives: its folder, its lock, its secrets, its ports, and the environment that
everything in it gets.
"""

import base64
import fcntl
import json
import os
import secrets
import socket
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Linux takes 108 with the closing zero; Valkey adds a few of its own while it binds
SOCKET_PATH_BYTES = 100

# Settings that a developer's .env may hold and that have no place in a demo; given by hand they
# still count.
NOT_FROM_FILE = """
    ALLOWED_HOSTS CSRF_TRUSTED_ORIGINS DATABASE_URL EMAIL_URL LOG_LEVEL METRICS_TOKEN
    REDIS_URL SENTRY_DSN TRUSTED_PROXIES VOICETEL_ADMIN_KEY VOICETEL_POOLS
"""
NOTE = "environment.json"
DEFAULTS = {"LOG_LEVEL": "INFO", "VOICETEL_POOLS": "one"}


class CannotStart(Exception):
    """Why the demo does not start, in one line."""


@dataclass(frozen=True)
class Place:
    """One demo: its folder and its two ports on the loopback address."""

    data: Path
    port: int
    sandbox_port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def logs(self) -> Path:
        return self.data / "log"

    @property
    def broker_socket(self) -> Path:
        """A unix socket in a folder of our own; a path too long for one moves to the system's
        folder for such things.
        """
        near = self.data / "valkey" / "socket"
        if len(os.fsencode(near)) <= SOCKET_PATH_BYTES:
            return near
        mark = base64.b32encode(os.fsencode(self.data))[-24:].decode().strip("=").lower()
        return Path(tempfile.gettempdir()) / f"portal-{os.getuid()}-{mark}" / "socket"


def find() -> Place:
    """The place that the environment names, its folder made."""
    data = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()
    place = Place(data, number("PORT", 8000), number("SANDBOX_PORT", 8090))
    for name in ("SANDBOX_NUMBERS", "SANDBOX_CALLS"):
        number(name, 0, most=10_000_000)
    try:
        for folder in (data, place.logs, place.broker_socket.parent):
            folder.mkdir(parents=True, exist_ok=True)
        private(place.broker_socket.parent)
    except OSError as error:
        raise CannotStart(f"DATA_DIR cannot be used: {error.strerror} ({error.filename})") from None
    return place


def private(folder: Path) -> None:
    """Only we may look into it; a folder of someone else's by that name is refused."""
    if folder.stat().st_uid != os.getuid():
        raise CannotStart(f"{folder} belongs to someone else")
    folder.chmod(0o700)


def number(name: str, default: int, most: int = 65_535) -> int:
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    if not raw.isascii() or not raw.isdigit() or not 0 < int(raw) <= most:
        if name.startswith("SANDBOX_") and raw == "0":
            return 0
        raise CannotStart(f"{name} must be a whole number up to {most}, not {raw!r}")
    return int(raw)


def lock(place: Place) -> int:
    """Hold the folder for this demo alone; returns the open file, whose lock ends with
    the process.
    """
    held = os.open(place.data / "demo.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        who = os.read(held, 20).decode(errors="replace").strip() or "another process"
        raise CannotStart(
            f"a demo runs in {place.data} already (process {who}); stop it, or choose another"
            " DATA_DIR and PORT"
        ) from None
    os.ftruncate(held, 0)
    os.write(held, str(os.getpid()).encode())
    return held


def check_ports(place: Place) -> None:
    for name, port in ("PORT", place.port), ("SANDBOX_PORT", place.sandbox_port):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                probe.listen(1)
            except OSError as error:
                raise CannotStart(
                    f"port {port} cannot be used: {error.strerror}; set {name} to another one"
                ) from None
    if place.port == place.sandbox_port:
        raise CannotStart("PORT and SANDBOX_PORT must differ")


def kept_secrets(place: Place) -> dict[str, str]:
    """SECRET_KEY and FIELD_KEYS of this folder, made once: sessions and sealed keys outlive a
    restart.
    """
    path = place.data / "secrets.json"
    if path.exists():
        try:
            found = json.loads(path.read_text())
            return {name: str(found[name]) for name in ("SECRET_KEY", "FIELD_KEYS")}
        except (ValueError, KeyError, TypeError):
            raise CannotStart(f"{path} cannot be read; remove the folder to start afresh") from None
    made = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(made))
    new.rename(path)
    return made


def environment(place: Place) -> dict[str, str]:
    """What the portal's processes find in their environment.

    The sandbox gets none of it but its own names.
    """
    given = {name: os.environ.get(name, DEFAULTS.get(name, "")) for name in NOT_FROM_FILE.split()}
    return {
        **given,
        **kept_secrets(place),
        "DEMO": "1",
        "DEBUG": "0",
        "DATA_DIR": str(place.data),
        "PORTAL_URL": place.url,
        "VOICETEL_URL": place.sandbox_url,
        "REDIS_URL": given["REDIS_URL"] or f"unix://{place.broker_socket}",
        "SANDBOX_SPEED": os.environ.get("SANDBOX_SPEED") or "1440",
        "PROMETHEUS_MULTIPROC_DIR": str(fresh(place.data / "metrics")),
        "WEB_BIND": f"127.0.0.1:{place.port}",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }


def leave_note(place: Place, given: dict[str, str]) -> None:
    """Write down what this demo runs with, so that commands given beside it (`manage.py tick`,
    `clock`) work on it.
    """
    path = place.data / NOTE
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(given))


def running() -> dict[str, str]:
    """The environment of the demo that runs in DATA_DIR (default ./var); empty when none does."""
    data = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()
    try:
        with (data / "demo.lock").open() as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return {}  # nobody holds it
    except BlockingIOError:
        found: dict[str, str] = json.loads((data / NOTE).read_text())
        return found
    except (OSError, ValueError):
        return {}


def fresh(folder: Path) -> Path:
    """An empty folder: what an earlier run counted is over."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    return folder


def follow_parent() -> None:
    """End when whoever started us ends, however it ends (make killed by -9).

    Linux only; elsewhere nothing happens.
    """
    from portal.demo.children import die_with_parent

    if sys.platform == "linux":
        import signal

        die_with_parent(signal.SIGTERM, os.getppid())
