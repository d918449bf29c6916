from apps.config import PortalConfig


class TrunkingConfig(PortalConfig):
    name = "apps.trunking"
