from apps.config import PortalConfig


class BillingConfig(PortalConfig):
    name = "apps.billing"
    # who serves wishes of the line; which lists are copied
    registers = ("services", "readings", "calls.pull")
