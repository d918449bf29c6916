"""What /metrics says of changes that are not settled."""

from collections.abc import Iterable

from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from apps.changes.models import Entry
from apps.changes.states import OPEN
from apps.running.figures import figures


@figures
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
