from apps.config import PortalConfig


class AccountsConfig(PortalConfig):
    name = "apps.accounts"
    registers = (
        *("words.actions", "words.notices"),
        *("arriving.connect", "reconnect", "profiles"),  # who serve wishes of the line
    )
