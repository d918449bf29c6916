from apps.config import PortalConfig


class SupportConfig(PortalConfig):
    name = "apps.support"
