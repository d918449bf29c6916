"""Processes that end with us: forked from this one (so Django is imported once), watched, started
again, ended together.

The kernel ends them when this process is gone, even by kill -9 (PR_SET_PDEATHSIG, Linux).
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
HANDLED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
GRACE = 4.0  # seconds between asking to end and ending
STEADY = 5.0  # a process that lived this long starts its back-off anew
LONGEST_PAUSE = 5.0


def die_with_parent(by: signal.Signals, parent: int) -> None:
    """Ask the kernel for a signal when `parent` is gone; it may be gone already."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(by))
    if os.getppid() != parent:
        os.kill(os.getpid(), by)


def call_me(name: str) -> None:
    """What `ps -o comm` and `top` show for this process; fifteen bytes of it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode())


@dataclass
class Child:
    """One process. `run` is what it does: it execs, or works until it is told to end."""

    name: str
    run: Callable[[], object]
    logs: Path
    on_orphan: signal.Signals = signal.SIGKILL
    once: bool = False  # does its work and ends; an end with status 0 is no failure
    not_mine: tuple[int, ...] = ()  # files of the supervisor that a fork would keep open: its lock
    pid: int = 0
    started: float = 0.0
    failures: int = 0
    due: float = 0.0  # when to start it again
    status: int | None = None

    @property
    def log(self) -> Path:
        return self.logs / f"{self.name}.log"

    @property
    def alive(self) -> bool:
        return self.pid > 0

    def start(self) -> None:
        parent = os.getpid()
        # A signal between the fork and the note of its pid would leave a child that nobody ends.
        signal.pthread_sigmask(signal.SIG_BLOCK, HANDLED)
        try:
            sys.stdout.flush()
            self.pid = os.fork()
            if self.pid == 0:
                self.become(parent)
            self.started, self.status = time.monotonic(), None
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLED)

    def become(self, parent: int) -> None:
        """In the child: a session of its own, so that Ctrl-C reaches the supervisor alone; our log;
        then the work.
        """
        status = 1
        try:
            os.setsid()
            for number in (*HANDLED, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, set())
            die_with_parent(self.on_orphan, parent)
            self.redirect()
            call_me(f"portal-{self.name}")
            self.run()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
            if isinstance(end.code, str):
                print(end.code, file=sys.stderr)
        except BaseException:  # noqa: BLE001 - whatever it was belongs into this child's log, not into the supervisor
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def redirect(self) -> None:
        nothing = os.open(os.devnull, os.O_RDONLY)
        written = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(nothing, 0)
        os.dup2(written, 1)
        os.dup2(written, 2)
        for held in self.not_mine:
            os.close(held)

    def signal(self, number: signal.Signals) -> None:
        """To the process and whatever it started."""
        if not self.alive:
            return
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            try:
                # forked a moment ago: not the leader of its own group yet
                os.kill(self.pid, number)
            except ProcessLookupError:
                return

    def last_words(self, lines: int = 6) -> str:
        try:
            said = self.log.read_text(errors="replace").strip().splitlines()
        except OSError:
            return ""
        return "\n".join(f"  {line}" for line in said[-lines:])


@dataclass
class Family:
    """All children of this process."""

    members: list[Child] = field(default_factory=list)

    def start(self, child: Child) -> Child:
        self.members.append(child)
        child.start()
        return child

    def reap(self) -> list[Child]:
        """Note who ended since the last look."""
        ended: list[Child] = []
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                for child in self.members:
                    child.pid = 0  # none is left: a signal fell between a look and its note
                return ended
            if pid == 0:
                return ended
            for child in self.members:
                if child.pid == pid:
                    child.pid, child.status = 0, os.waitstatus_to_exitcode(status)
                    if not (child.once and child.status == 0):
                        ended.append(child)

    def plan_restart(self, child: Child) -> float:
        """Seconds until it is started again: 0.2, 0.4, ... 5; anew after a time of steady work."""
        now = time.monotonic()
        child.failures = 1 if now - child.started > STEADY else child.failures + 1
        pause = min(0.1 * 2.0**child.failures, LONGEST_PAUSE)
        child.due = now + pause
        return pause

    def restart_due(self) -> float:
        """Start again whose pause is over; returns seconds until the next one, at most ten."""
        now, wait = time.monotonic(), 10.0
        for child in self.members:
            if child.alive or not child.due:
                continue
            if child.due <= now:
                child.due = 0.0
                child.start()
            else:
                wait = min(wait, child.due - now)
        return wait

    def end(self) -> None:
        """Ask all to end, then end those that did not; returns when none is left."""
        for child in self.members:
            child.due = 0.0
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while any(child.alive for child in self.members) and time.monotonic() < deadline:
            self.reap()
            time.sleep(0.02)
        for child in self.members:
            child.signal(signal.SIGKILL)
        while any(child.alive for child in self.members):
            self.reap()
            time.sleep(0.01)
