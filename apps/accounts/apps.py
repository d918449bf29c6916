from apps.config import PortalConfig


class AccountsConfig(PortalConfig):
    name = "apps.accounts"
    registers = (
        *("words.actions", "words.notices", "words.sign_in"),
        *("arriving.connect", "reconnect"),  # who serve wishes of the line
    )
