from apps.config import PortalConfig


class HomeConfig(PortalConfig):
    name = "apps.home"
