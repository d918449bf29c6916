"""A broker of messages in this process, and who takes them."""

from threading import Semaphore
from typing import Any

import pytest

from apps.changes import machine
from apps.changes.engine import waiting
from apps.running import broker
from portal.celery import app as celery


class Worker:
    """Who takes the messages that a change is READY: at once, in the thread of the test, which sees
    what the test's transaction holds.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch, self._send, self._places = monkeypatch, broker.send, waiting._places
        self._away, self._lost = False, set[Any]()
        monkeypatch.setattr(broker, "send", self._take)

    def now(self) -> None:
        self._away = False
        self._patch.setattr(waiting, "_places", self._places)

    def later(self) -> None:
        """From now on the message of a press is lost, so the row stays READY until a sweep comes;
        and as no thread may wait, no page sends it either.
        """
        self._away = True
        self._patch.setattr(waiting, "_places", Semaphore(0))

    def _take(self, task: str, *given: Any, queue: str) -> bool:
        if task != "changes.run":
            return self._send(task, *given, queue=queue)
        if self._away and given not in self._lost:
            self._lost.add(given)
        else:
            machine.run(*given)
        return True


class Messages(list[tuple[Any, ...]]):
    """The messages that workers would get, as (task, *arguments), in their order."""

    def run(self) -> None:
        """Take each of them off and do what it asks."""
        celery.loader.import_default_modules()
        while self:
            task, *given = self.pop(0)
            celery.tasks[task](*given)
