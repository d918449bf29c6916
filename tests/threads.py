"""A test tool: the same work many times at once."""

from collections.abc import Callable
from threading import Thread

from django.db import connection


def at_once(work: Callable[[int], object], times: int) -> None:
    """Run it in so many threads, each with a connection of its own."""

    def run(n: int) -> None:
        try:
            work(n)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(n,)) for n in range(times)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
