"""The bell and the nudge: messages that speed things up and may always be lost.

The row is the truth.
"""

import math
import time
from functools import cache

import redis
import structlog
from celery import Celery
from django.conf import settings
from django.utils.module_loading import import_string
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger("changes")
# seconds without the broker after it failed, so that each POST of an outage does not wait for it
# anew
SKIP = 10.0
EXPIRES = 60  # seconds after which a nudge is not worth running: the sweep has taken the row up
WAITERS = 4  # a double click waits twice for one bell

_skip_until = 0.0
_pool: redis.ConnectionPool | None = None


def reachable() -> bool:
    return bool(settings.REDIS_URL) and time.monotonic() >= _skip_until


def rest(seconds: float = math.inf) -> None:
    """Do without the broker for a while; for ever in a command that does its work itself (tick)."""
    global _skip_until
    _skip_until = time.monotonic() + seconds


def nudge(pk: int) -> bool:
    """Tell a worker that a row is READY. False: the message did not get out."""
    return send("changes.run", pk, queue="now")


def send(task: str, *args: int | str, queue: str) -> bool:
    """Ask the workers of a queue to run a task. False: the message did not get out, at most 0.6 s
    later.
    """
    if not reachable():
        return False
    try:
        _app().send_task(
            task, args=args, queue=queue, expires=EXPIRES, retry=False, ignore_result=True
        )
    except Exception as error:  # noqa: BLE001 - kombu, redis and the operating system each have their own
        _failed(error)
        return False
    return True


@cache
def _app() -> Celery:
    """By name: it stands above us, and a process that never nudges need not load it."""
    app: Celery = import_string("portal.celery.app")
    return app


def ring(pk: int) -> None:
    """Wake whoever waits for that row.

    A list keeps a bell that rang before the waiter came; pub/sub loses it.
    """
    if not reachable():
        return
    try:
        pipe = redis.Redis(connection_pool=_connections()).pipeline(transaction=False)
        pipe.rpush(_bell(pk), *[1] * WAITERS)
        pipe.expire(_bell(pk), 5)
        pipe.execute()
    except (redis.RedisError, OSError) as error:
        _failed(error)


def listen(pk: int, seconds: float) -> bool:
    """Wait for the bell of that row. False: it did not ring in that time, or nothing can ring."""
    if seconds <= 0 or not reachable():
        return False
    pool = _connections()
    connection = None
    try:
        connection = pool.get_connection()
        # We end the wait, not the broker: it looks at its own time-outs ten times a second only.
        # redis-py
        connection.send_command("BLPOP", _bell(pk), seconds + 5)  # type: ignore[no-untyped-call]
        return connection.read_response(timeout=seconds) is not None
    except redis.TimeoutError:
        if connection is not None:
            connection.disconnect()  # type: ignore[no-untyped-call]  # redis-py
        return False
    except (redis.RedisError, OSError) as error:
        if connection is not None:
            connection.disconnect()  # type: ignore[no-untyped-call]  # redis-py
        _failed(error)
        return False
    finally:
        if connection is not None:
            pool.release(connection)


def _connections() -> redis.ConnectionPool:
    global _pool
    if _pool is None:
        _pool = redis.ConnectionPool.from_url(
            settings.REDIS_URL,
            socket_timeout=0.5,
            socket_connect_timeout=0.5,
            retry=Retry(NoBackoff(), 0),
            health_check_interval=0,
        )
    return _pool


def _bell(pk: int) -> str:
    return f"portal:done:{pk}"


def _failed(error: Exception) -> None:
    rest(SKIP)
    log.warning("the broker did not answer; doing without it", error=type(error).__name__)
