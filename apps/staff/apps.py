from apps.config import PortalConfig


class StaffConfig(PortalConfig):
    name = "apps.staff"
