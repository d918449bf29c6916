"""What /metrics says of the provider: its hour, and whether it answers."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from apps.running.figures import figures
from apps.voicetel import clock
from apps.voicetel.models import Breaker, Spent


@figures
def provider() -> Iterable[Metric]:
    hour = GaugeMetricFamily(
        "portal_provider_hour_spent",
        "Calls of an hourly pool that count now, of six.",
        labels=["pool", "lane"],
    )
    spent = Spent.objects.filter(at__gt=clock.now() - timedelta(hours=1))
    of_class = spent.values_list("pool", "call_class").annotate(many=Count("pk"))
    for pool, call_class, many in of_class.order_by():
        hour.add_metric([pool, call_class], many)
    down = GaugeMetricFamily(
        "portal_provider_down", "1 while calls are held back because the provider does not answer."
    )
    down.add_metric([], int(Breaker.objects.filter(name="", opened_at__isnull=False).exists()))
    return [hour, down]
