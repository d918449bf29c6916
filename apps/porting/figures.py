"""What /metrics says of ports."""

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from apps.porting.models import Check, Port, PortEvent
from apps.running.figures import figures


@figures
def porting() -> Iterable[Metric]:
    unknown = GaugeMetricFamily(
        "portal_port_words_unknown",
        "Statuses of ports that VoiceTel told and the table of phrases lacks.",
        value=PortEvent.objects.across_accounts().filter(unknown=True).count(),
    )
    open_ones = GaugeMetricFamily(
        "portal_ports_open",
        "Ports that are neither complete nor gone.",
        value=Port.objects.across_accounts().filter(closed_at=None).count(),
    )
    waiting = GaugeMetricFamily(
        "portal_port_checks_waiting",
        "Numbers whose portability is still to be asked for.",
        value=Check.objects.across_accounts().exclude(due_at=None).count(),
    )
    return [unknown, open_ones, waiting]
