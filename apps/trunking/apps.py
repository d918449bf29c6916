from apps.config import PortalConfig


class TrunkingConfig(PortalConfig):
    name = "apps.trunking"
    registers = ("turning",)  # who serves wishes of the line
