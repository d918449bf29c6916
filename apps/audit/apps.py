from apps.config import PortalConfig


class AuditConfig(PortalConfig):
    name = "apps.audit"
