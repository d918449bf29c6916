"""The figures of /metrics: what this process counted, and what the rows say at this moment."""

import os
from collections.abc import Callable, Iterable

from django.db import Error
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from apps.running.models import Sweep

Figures = Callable[[], Iterable[Metric]]
_of_apps: list[Figures] = []  # what apps/*/figures.py registered


def figures(counts: Figures) -> Figures:
    """Register a function that counts an app's rows for /metrics."""
    _of_apps.append(counts)
    return counts


class Rows(Collector):
    """Counts rows when asked, so that every process gives the same answer and none keeps a gauge
    that others move.
    """

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("portal_database_up", "1 when the database answered this scrape.")
        try:
            found = [metric for counts in _of_apps for metric in counts()]
        except Error:
            up.add_metric([], 0)
            return [up]
        up.add_metric([], 1)
        return [up, *found]


@figures
def sweeps() -> Iterable[Metric]:
    age = GaugeMetricFamily(
        "portal_sweep_age_seconds",
        "Since a sweep last finished; alarm above 180.",
        labels=["sweep"],
    )
    now = timezone.now()
    for name, at in Sweep.objects.values_list("name", "finished_at"):
        if at is not None:
            age.add_metric([name], (now - at).total_seconds())
    return [age]


def exposition() -> tuple[bytes, str]:
    """The whole answer and its content type."""
    counted: CollectorRegistry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    rows = CollectorRegistry()
    rows.register(Rows())
    return generate_latest(counted) + generate_latest(rows), CONTENT_TYPE_LATEST
