from apps.config import PortalConfig


class NumbersConfig(PortalConfig):
    name = "apps.numbers"
