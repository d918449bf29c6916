"""What this process counts for /metrics. Rows are counted when they are asked for:
apps/running/health.py.

With several processes set PROMETHEUS_MULTIPROC_DIR to an empty folder before the start, and
/metrics adds them up.
"""

from prometheus_client import Counter, Histogram

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
SECONDS = Histogram(
    "portal_request_seconds",
    "Time to answer a request, by page (URL name).",
    ["page"],
    buckets=BUCKETS,
)
REQUESTS = Counter(
    "portal_requests",
    "Requests answered, by page, method and status.",
    ["page", "method", "status"],
)


def seen(page: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request.

    `page` is a URL's name, never a path; an unknown method counts as `other`.
    """
    SECONDS.labels(page).observe(seconds)
    REQUESTS.labels(page, method if method in METHODS else "other", str(status)).inc()
