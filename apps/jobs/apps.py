from apps.config import PortalConfig


class JobsConfig(PortalConfig):
    name = "apps.jobs"
    registers = ("kinds", "thing")
