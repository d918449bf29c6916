from apps.config import PortalConfig


class ChangesConfig(PortalConfig):
    name = "apps.changes"
