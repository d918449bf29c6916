"""The side bar, in its order. An entry is shown once its address exists."""

from apps.ui.context import Place

PLACES = (
    Place("Home", "/", "home"),
    Place("Numbers", "/numbers/", "phone"),
    Place("Billing", "/billing/", "banknotes"),
    Place("Journal", "/settings/audit/", "clock"),
    Place("Settings", "/settings/", "cog-6-tooth"),
    Place("Staff", "/admin/", "wrench-screwdriver", staff=True),
)
