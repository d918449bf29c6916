from apps.config import PortalConfig


class LookupsConfig(PortalConfig):
    name = "apps.lookups"
    registers = ("kinds",)
