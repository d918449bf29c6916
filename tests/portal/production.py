"""The portal started with a production's environment, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


PRODUCTION = {
    "DEBUG": "0",
    "DEMO": "0",
    "DATA_DIR": "/nonexistent",
    "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
    "FIELD_KEYS": "b25seS1mb3ItdGVzdHMtYS1rZXktb2YtMzItYnl0ZXM=",
    "PORTAL_URL": "https://portal.example",
    "VOICETEL_URL": "https://api.voicetel.com",
    "DATABASE_URL": "postgres://portal:portal@127.0.0.1:5432/portal",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp+tls://user:password@127.0.0.1:587",
    "TRUSTED_PROXIES": "none",
}


SETTINGS = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'portal.settings'; "


def start(changed: dict[str, str | None], *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a production environment, changed so; None: empty, which is unset, whatever a
    file .env says.
    """
    given = {
        name: value or ""
        for name, value in {**PRODUCTION, "PATH": os.environ["PATH"], **changed}.items()
    }
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
