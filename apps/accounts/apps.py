from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"

    def ready(self) -> None:
        for module in ("connect", "keys", "profiles"):  # who serve wishes of the line
            import_module(f"apps.accounts.{module}")
