"""The list of VoiceTel's that this app keeps a copy of."""

from apps.copies.source import Source, register
from apps.porting.models import PORTS
from apps.porting.pace import EVERY, STALE
from apps.porting.selectors import pacing
from apps.porting.services import ports as of_ports

ports = register(
    Source(
        PORTS,
        "port",
        ask=of_ports.ask,
        compare=of_ports.Difference,
        every=EVERY,
        stale=STALE,
        path="/porting/",
        pace=pacing.every,
    )
)
