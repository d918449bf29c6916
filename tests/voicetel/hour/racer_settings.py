"""The portal's settings with only the apps that count the hour and what they measure, so that a
racing process starts in half a second.
"""

from portal.settings import *  # noqa: F403

INSTALLED_APPS = ["apps.home", "apps.running", "apps.voicetel"]
DATABASE_ROUTERS: list[str] = []
