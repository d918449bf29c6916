"""Where calls can go: the system's own routes, and the account's gateways."""

from apps.sandbox.models import Gateway

SYSTEM = {1: "USER", 2: "T30", 3: "VOICE_BRIDGE", 4: "DID", 5: "T38", 6: "RTC_BRIDGE", 8: "SDN"}
DEFAULT = 4


def names_of(account: str) -> dict[int, str]:
    """Every route that the account may use: id to address or system name."""
    return SYSTEM | dict(Gateway.objects.filter(account=account).values_list("pk", "gateway"))
