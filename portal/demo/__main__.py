"""The whole portal in one command: `make demo`, or `python -m portal.demo`."""

import contextlib
import http.client
import os
import shlex
import signal
import sys
import time
from types import FrameType

from portal.demo import place as places
from portal.demo import programs
from portal.demo.children import HANDLED, Child, Family
from portal.demo.place import CannotStart, Place

READY_WITHIN = 90.0
# of every person in the demo, and of every VoiceTel account
PASSWORD = "demo1234"  # noqa: S105  a demo has no secrets

SIGN_INS = (
    ("1000000001", "Ruth Okafor, owner of Harbor Dental: 24 numbers"),
    ("1000000002", "Priya Raman, owner of Northwind Contact Center: 2,000 numbers"),
    ("1000000003", "Walter Quist, owner of Quiet Pines: every page empty"),
    ("support@demo.test", "staff: support"),
    ("admin@demo.test", "staff: admin; 9000000001 also works"),
)


class Stopped(BaseException):
    """A signal asked us to end."""


def stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


class Demo:
    def __init__(self, place: Place, lock: int) -> None:
        self.place, self.lock = place, lock
        self.family = Family()
        self.outside = dict(os.environ)  # what the sandbox gets

    def child(self, name: str, run: object, **how: object) -> Child:
        return self.family.start(Child(name, run, self.place.logs, not_mine=(self.lock,), **how))  # type: ignore[arg-type]

    def start(self) -> None:
        """Start everything, as much at once as two cores allow, and return when /readyz answers
        200.
        """
        place = self.place
        for old in place.logs.glob("*.log"):
            old.unlink()
        own_broker = not os.environ.get("REDIS_URL")
        given = places.environment(place)
        places.leave_note(place, given)
        os.environ.update(given)
        if own_broker:
            place.broker_socket.unlink(missing_ok=True)
            self.child("valkey", lambda: programs.broker(place), on_orphan=signal.SIGTERM)
        self.child("sandbox", lambda: programs.sandbox(place, self.outside))
        stylesheet = self.child("stylesheet", programs.stylesheet, once=True)
        programs.prepare()
        programs.import_the_rest()
        self.wait(lambda: not stylesheet.alive, "the stylesheet")
        static = self.child("static", programs.collect, once=True)
        self.child("now", programs.worker("now", 16))
        self.child("later", programs.worker("later", 4))
        self.child("sweeps", programs.worker("sweeps", 40))
        self.wait(lambda: not static.alive, "the static files")
        self.child("web", programs.web)
        self.wait(
            lambda: answers(place.sandbox_port, "/_sandbox/requests?operation=none"), "the sandbox"
        )
        # asks for every sweep at its start, and they ask the provider
        self.child("beat", programs.beat())
        self.wait(lambda: answers(place.port, "/readyz"), "/readyz")

    def wait(self, done: object, what: str) -> None:
        """Until `done()`; a child that ends meanwhile ends the start."""
        deadline = time.monotonic() + READY_WITHIN
        while not done():  # type: ignore[operator]
            for child in self.family.reap():
                raise CannotStart(
                    f"{child.name} ended at once (status {child.status}); {child.log}"
                    f" says:\n{child.last_words()}"
                )
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"{what} did not come within {READY_WITHIN:.0f} s; see {self.place.logs}"
                )
            time.sleep(0.03)

    def watch(self) -> None:
        """Start again what dies, until a signal comes."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        pause = 10.0
        while True:
            signal.sigtimedwait({signal.SIGCHLD}, pause)
            for child in self.family.reap():
                if child.once:
                    say(f"{child.name} failed (status {child.status}); see {child.log}")
                    continue
                after = self.family.plan_restart(child)
                say(
                    f"{child.name} died (status {child.status}); starting it again in {after:.1f}"
                    f" s; see {child.log}"
                )
            pause = self.family.restart_due()


def answers(port: int, path: str) -> bool:
    """Whether a GET there is answered with 200."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        link.request("GET", path)
        return link.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()


def say(words: str) -> None:
    with contextlib.suppress(OSError):  # nobody reads any more; the demo goes on
        print(words, flush=True)


def welcome(place: Place, seconds: float) -> str:
    """Everything a visitor needs, with commands that work as they are printed."""
    people = "\n".join(f"    {name:<18} {who}" for name, who in SIGN_INS)
    moved = f"DATA_DIR={shlex.quote(str(place.data))} " if "DATA_DIR" in os.environ else ""
    manage = f"{moved}.venv/bin/python manage.py"
    return f"""
The portal is ready ({seconds:.1f} s).

  Portal      {place.url}/
  Sent email  {place.url}/_mail/
  Provider    {place.sandbox_url}/ (the sandbox; control under /_sandbox/)

  Sign in with the password {PASSWORD}:
{people}

  Staff also need a code:
    {manage} demo_code
  To connect an account yourself, choose "New here?" on the sign-in page, then account
  1000000004 with the password {PASSWORD}. If it has to wait for its turn, move the clock:
    {manage} clock --advance 3600

  Data and logs: {place.data}
  Ctrl-C ends everything.
"""


def main(arguments: list[str]) -> int:
    started = time.monotonic()
    if "--follow-parent" in arguments:
        places.follow_parent()
    for number in HANDLED:
        signal.signal(number, stop)
    demo = None
    try:
        place = places.find()
        lock = places.lock(place)
        places.check_ports(place)
        demo = Demo(place, lock)
        demo.start()
        say(welcome(place, time.monotonic() - started))
        demo.watch()
    except CannotStart as error:
        print(f"demo: {error}", file=sys.stderr, flush=True)
        return 1
    except Stopped:
        return 0
    finally:
        for number in HANDLED:
            # a second Ctrl-C must not leave half of them running
            signal.signal(number, signal.SIG_IGN)
        if demo:
            demo.family.end()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
