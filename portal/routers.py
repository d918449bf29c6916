"""Which database holds what: the provider we play has its own, everything else is the portal's."""

from typing import Any

from django.db.models import Model


class SandboxRouter:
    """Sends the app `sandbox` to the alias `sandbox`, so that what the portal rolls back the
    provider still remembers.
    """

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return "sandbox" if model._meta.app_label == "sandbox" else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (app_label == "sandbox") == (db == "sandbox")
