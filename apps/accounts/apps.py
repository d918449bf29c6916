from apps.config import PortalConfig


class AccountsConfig(PortalConfig):
    name = "apps.accounts"
    registers = ("arriving.connect", "reconnect", "profiles")  # who serve wishes of the line
