from apps.config import PortalConfig


class E911Config(PortalConfig):
    name = "apps.e911"
