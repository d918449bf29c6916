"""The figures of /metrics: what this process counted, and what the rows say at this moment."""

import os
from collections.abc import Iterable
from datetime import timedelta

from django.db import Error
from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from apps.changes.models import Entry
from apps.changes.states import OPEN
from apps.home.models import Sweep
from apps.voicetel import clock
from apps.voicetel.models import Breaker, Spent


class Rows(Collector):
    """Counts rows when asked, so that every process gives the same answer and none keeps a gauge
    that others move.
    """

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("portal_database_up", "1 when the database answered this scrape.")
        try:
            found = [*sweeps(), *changes(), *provider()]
        except Error:
            up.add_metric([], 0)
            return [up]
        up.add_metric([], 1)
        return [up, *found]


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


def changes() -> Iterable[Metric]:
    rows = GaugeMetricFamily(
        "portal_changes_open", "Changes not settled yet, by state.", labels=["state"]
    )
    oldest = GaugeMetricFamily(
        "portal_changes_oldest_seconds",
        "Age of the oldest change of a state that is not settled.",
        labels=["state"],
    )
    now = timezone.now()
    for state, many, first in (
        Entry.objects.across_accounts()
        .filter(state__in=OPEN)
        .values_list("state")
        .annotate(many=Count("pk"), first=Min("created_at"))
    ):
        rows.add_metric([state], many)
        oldest.add_metric([state], (now - first).total_seconds())
    return [rows, oldest]


def provider() -> Iterable[Metric]:
    hour = GaugeMetricFamily(
        "portal_provider_hour_spent",
        "Calls of an hourly pool that count now, of six.",
        labels=["pool", "lane"],
    )
    spent = Spent.objects.filter(at__gt=clock.now() - timedelta(hours=1))
    for pool, lane, many in spent.values_list("pool", "lane").annotate(many=Count("pk")).order_by():
        hour.add_metric([pool, lane], many)
    down = GaugeMetricFamily(
        "portal_provider_down", "1 while calls are held back because the provider does not answer."
    )
    down.add_metric([], int(Breaker.objects.filter(name="", opened_at__isnull=False).exists()))
    return [hour, down]


def exposition() -> tuple[bytes, str]:
    """The whole answer and its content type."""
    counted: CollectorRegistry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    rows = CollectorRegistry()
    rows.register(Rows())
    return generate_latest(counted) + generate_latest(rows), CONTENT_TYPE_LATEST
