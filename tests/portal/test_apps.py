"""What an app registers is there as soon as Django is set up, in workers too."""

import subprocess
import sys

from django.apps import apps

from apps.config import PortalConfig

FOUND = """
import django
django.setup()
from apps.changes.change import REGISTRY
from apps.copies.source import SOURCES
print(*REGISTRY, *SOURCES)
"""


def test_every_app_of_ours_is_one_of_the_portals() -> None:
    ours = [app for app in apps.get_app_configs() if app.name.startswith("apps.")]
    assert len(ours) > 5
    assert all(isinstance(app, PortalConfig) for app in ours if app.name != "apps.sandbox")


def test_changes_and_lists_are_known_before_any_page_is_asked_for() -> None:
    found = subprocess.run([sys.executable, "-c", FOUND], capture_output=True, text=True)
    assert {"SetForward", "numbers", "gateways"} <= set(found.stdout.split()), found.stderr
