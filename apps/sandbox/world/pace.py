"""How fast ports and campaigns go: a step a day by the provider's clock, a minute where
SANDBOX_SPEED is 1440.
"""

import os

DAY = 86_400.0


def step() -> float:
    """Seconds of the provider's clock that one step takes.

    Nothing else is shortened: not the hour, nor a key's 24 hours.
    """
    return DAY / max(float(os.environ.get("SANDBOX_SPEED") or 1), 0.001)
