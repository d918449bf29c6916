from apps.config import PortalConfig


class RunningConfig(PortalConfig):
    name = "apps.running"
