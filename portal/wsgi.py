"""The web process."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()

# once, before gunicorn forks: else a process's first change waits for its import
import portal.celery  # noqa: E402, F401
