from apps.config import PortalConfig


class PortingConfig(PortalConfig):
    name = "apps.porting"
