"""The side bar, in its order and groups. An entry is shown once its address exists, to a person who
can use it.
"""

from apps.ui.context import Place

PLACES = (
    Place("Home", "/", "home", needs="customer"),
    Place("Numbers", "/numbers/", "phone", "Phone", "account"),
    Place("Calls", "/billing/calls/", "chart-bar", "Phone", "account"),
    Place("Porting", "/porting/", "arrows-right-left", "Phone", "account"),
    Place("911", "/e911/", "map-pin", "Phone", "account"),
    Place("Trunks", "/trunking/", "server-stack", "Phone", "account"),
    Place("Conversations", "/messaging/", "chat-bubble-left-right", "Messages", "account"),
    Place("Texting numbers", "/messaging/numbers/", "device-phone-mobile", "Messages", "account"),
    Place("Campaigns", "/messaging/campaigns/", "megaphone", "Messages", "account"),
    Place("Lookups", "/lookups/", "identification", "Tools", "account"),
    Place("Jobs", "/jobs/", "queue-list", "Tools", "account"),
    Place("Billing", "/billing/", "banknotes", "Account", "account"),
    Place("Support", "/support/", "lifebuoy", "Account", "account"),
    Place("Activity", "/settings/audit/", "clock", "Account", "account"),
    Place("Settings", "/settings/", "cog-6-tooth", "Account"),
    Place("Staff", "/admin/", "wrench-screwdriver", "VoiceTel staff", "staff"),
)
