"""What is wanted of VoiceTel's bills and calls when nobody looks."""

from apps.billing import services
from apps.billing.calls import pull


def want_all() -> None:
    """Puts every account in line whose charges or calls are due."""
    services.want_all()
    pull.want_all()
