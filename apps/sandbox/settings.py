"""Settings of `manage.py sandbox`: the provider alone, without anything of the portal's
environment.
"""

import os
import secrets
import sys
from pathlib import Path


def _data_dir() -> Path:
    """--data DIR of the command line, else SANDBOX_DATA, else ./var."""
    words = sys.argv
    for place, word in enumerate(words):
        if word == "--data" and place + 1 < len(words):
            return Path(words[place + 1]).resolve()
        if word.startswith("--data="):
            return Path(word.removeprefix("--data=")).resolve()
    return Path(os.environ.get("SANDBOX_DATA") or "var").resolve()


DATA_DIR = _data_dir()
DATA_DIR.mkdir(parents=True, exist_ok=True)
SECRET_KEY = secrets.token_hex(32)  # nothing is signed here
DEBUG = False
INSTALLED_APPS = ["apps.sandbox"]
DATABASES = {
    "default": {"ENGINE": "django.db.backends.dummy"},
    "sandbox": {
        "ENGINE": "portal.sqlite",
        "NAME": str(DATA_DIR / "sandbox.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            # NORMAL: a killed sandbox forgets nothing; only a power cut might.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;"
            ),
        },
    },
}
DATABASE_ROUTERS = ["portal.routers.SandboxRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LOGGING_CONFIG = None
