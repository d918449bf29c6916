"""The suite's environment, set before the settings are read.

DATABASE_URL and REDIS_URL come from outside (make test-services).
"""

import os
import tempfile
from pathlib import Path

os.environ.update(
    DEBUG="1",
    DEMO="0",
    PORTAL_URL="http://localhost:8000",
    VOICETEL_URL="http://sandbox.test",
    VOICETEL_ADAPTER="apps.sandbox.front.adapter.InProcess",
    VOICETEL_POOLS="one",
    DATA_DIR=tempfile.mkdtemp(prefix="portal-test-"),
    LOG_LEVEL="WARNING",
)
for name in ("EMAIL_URL", "SENTRY_DSN", "TRUSTED_PROXIES", "METRICS_TOKEN"):
    os.environ[name] = ""  # unset, whatever a file .env says
for name in ("SECRET_KEY", "FIELD_KEYS"):
    os.environ.pop(name, None)

# WhiteNoise warns where nothing was collected, and a warning is an error here
Path(os.environ["DATA_DIR"], "static").mkdir()
