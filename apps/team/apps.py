from apps.config import PortalConfig


class TeamConfig(PortalConfig):
    name = "apps.team"
    registers = ("signup.services",)
