from apps.config import PortalConfig


class CopiesConfig(PortalConfig):
    name = "apps.copies"
