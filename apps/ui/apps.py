from apps.config import PortalConfig


class UiConfig(PortalConfig):
    name = "apps.ui"
