from apps.config import PortalConfig


class BillingConfig(PortalConfig):
    name = "apps.billing"
    registers = ("services",)  # who serves wishes of the line
