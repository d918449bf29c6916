from apps.config import PortalConfig


class ChangesConfig(PortalConfig):
    name = "apps.changes"

    def ready(self) -> None:
        super().ready()
        from apps.accounts import profiles
        from apps.changes.engine import spending

        profiles.AFTER_READING.append(spending.note)
