from apps.config import PortalConfig


class MessagingConfig(PortalConfig):
    name = "apps.messaging"
