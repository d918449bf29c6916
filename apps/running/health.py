"""For operators: is the process alive, is everything behind it there, what do the numbers say.

These three answer without a session, so that a balancer and a scraper need no account; none says
anything of a customer.
"""

import hmac
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

from apps.proxies import why_counted
from apps.running import figures
from apps.running.models import Sweep

OLDEST_SWEEP = timedelta(minutes=3)
AHEAD = timedelta(minutes=1)  # machines' clocks differ by less
BROKER_SECONDS = 0.5


@require_safe
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """The process lives.

    Looks at nothing else, so that a balancer does not end every process when the database is away.
    """
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, broker and schedule are there; 503 with what is missing: {"ready": bool,
    "database": "ok" or why, ...}. A wrong address for visitors is only said, under "proxies":
    taking the portal out of service would not mend it.
    """
    parts: dict[str, Callable[[], str]] = {
        "database": database,
        "broker": broker,
        "schedule": schedule,
    }
    found = {name: look() for name, look in parts.items()}
    ready = all(said == "ok" for said in found.values())
    said = {"ready": ready, **found, "proxies": visitors_addresses()}
    return JsonResponse(said, status=200 if ready else 503)


@require_safe
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format, to a caller with the token; in the demo without one, to this
    machine.
    """
    refusal = why_not(request)
    if refusal:
        return HttpResponse(refusal + "\n", status=403, content_type="text/plain; charset=utf-8")
    body, kind = figures.exposition()
    return HttpResponse(body, content_type=kind)


def database() -> str:
    """`ok`, or that it does not answer.

    Never more: an address or a user name does not belong in a public answer.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Error:
        return "does not answer"
    return "ok"


def broker() -> str:
    """`ok`, also where none is configured (tests, one process): then changes are sent by the
    process that takes them.
    """
    if not settings.REDIS_URL:
        return "ok"
    try:
        with Redis.from_url(
            settings.REDIS_URL, socket_timeout=BROKER_SECONDS, socket_connect_timeout=BROKER_SECONDS
        ) as client:
            client.ping()
    except (RedisError, OSError):
        return "does not answer"
    return "ok"


def schedule() -> str:
    """`ok` when any sweep finished within three minutes: scheduler, broker, worker and database all
    worked for that.
    """
    try:
        finished = [at for at in Sweep.objects.values_list("finished_at", flat=True) if at]
    except Error:
        return "unknown: the database does not answer"
    if not finished:
        return "no sweep has finished yet"
    now = timezone.now()
    # One that finished by a clock that was set back since proves nothing; hourly ones stand there
    # for a while, and do no harm.
    past = [at for at in finished if at <= now + AHEAD]
    if not past:
        return "no sweep has finished since the clock was set back"
    age = now - max(past)
    if age > OLDEST_SWEEP:
        return f"last sweep finished {int(age.total_seconds())} s ago"
    return "ok"


def visitors_addresses() -> str:
    """`ok`, or why visitors are counted together: a proxy's own address was taken for theirs."""
    why = why_counted()
    return f"visitors were counted by a proxy's own address: {why}" if why else "ok"


def why_not(request: HttpRequest) -> str:
    """Why this caller may not read /metrics; empty when it may."""
    local = loopback(request.META.get("REMOTE_ADDR", ""))
    proxied = bool(settings.TRUSTED_PROXIES) or "HTTP_X_FORWARDED_FOR" in request.META
    if not settings.METRICS_TOKEN:
        return (
            ""
            if settings.LOCAL and local and not proxied
            else "METRICS_TOKEN is not set, so nobody may read this"
        )
    if not (settings.LOCAL or request.is_secure() or (local and not proxied)):
        return "Use https: a token sent in clear is a token lost"
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    return (
        ""
        if hmac.compare_digest(sent, settings.METRICS_TOKEN.encode())
        else "The token in the Authorization header is not ours"
    )


def loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
