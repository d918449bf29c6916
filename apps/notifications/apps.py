from apps.config import PortalConfig


class NotificationsConfig(PortalConfig):
    name = "apps.notifications"
