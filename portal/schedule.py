"""Every sweep, on one screen. A row says what is due and when; a sweep takes up what is due, and is
run by whoever asks.

Beat asks by a message that expires (portal/celery.py), `manage.py tick` without one. A sweep is a
plain function; one that takes `everything` is told to treat all as due. It must not mind being run
twice, or not at all for a while.
"""

import inspect
from dataclasses import dataclass

import structlog
from django.utils.module_loading import import_string

log = structlog.get_logger("sweeps")


@dataclass(frozen=True, slots=True)
class Sweeping:
    """function: dotted; every: seconds; queue: `now` where a person waits for it, else `later`."""

    name: str
    function: str
    every: float
    queue: str = "later"


SWEEPS: tuple[Sweeping, ...] = (
    Sweeping("changes.send", "apps.changes.sweeps.send_due", 10, "now"),
    Sweeping("changes.settle", "apps.changes.sweeps.settle_due", 10, "now"),
    Sweeping("accounts.keys", "apps.accounts.keys.expire", 60),
    Sweeping("accounts.profiles", "apps.accounts.profiles.want_all", 60),
    Sweeping("billing.charges", "apps.billing.services.want_all", 3600),
    Sweeping("voicetel.line", "apps.voicetel.line.serve", 10, "now"),
    Sweeping("accounts.recoveries", "apps.accounts.sweeps.send_recoveries", 10, "now"),
    Sweeping("accounts.connect", "apps.accounts.connect.expire_due", 60),
    Sweeping("accounts.letters", "apps.accounts.letters.send_letters", 10, "now"),
    Sweeping("notifications.mails", "apps.notifications.sweeps.send_mails", 10, "now"),
    Sweeping("notifications.forget", "apps.notifications.sweeps.forget", 3600),
    Sweeping("accounts.forget_arrivals", "apps.accounts.arrival_sweeps.forget_arrivals", 3600),
    Sweeping("accounts.forget", "apps.accounts.sweeps.forget", 3600),
    Sweeping("numbers.refresh", "apps.numbers.sweeps.refresh_due", 60),
    Sweeping("voicetel.forget", "apps.voicetel.sweeps.forget_old", 3600),
)
BY_NAME = {sweep.name: sweep for sweep in SWEEPS}


def run(name: str, *, everything: bool = False) -> bool:
    """Run a sweep under its lease.

    False: somebody else is at it. What it raises is raised, after the lease was given back.
    """
    # models exist only once Django is set up; this module is read before
    from apps.home.leases import give_back, kept, take_lease

    lease = take_lease(name)
    if not lease:
        return False
    failed = True
    try:
        function = import_string(BY_NAME[name].function)
        with kept(name, lease):
            if everything and "everything" in inspect.signature(function).parameters:
                function(everything=True)
            else:
                function()
        failed = False
    finally:
        give_back(name, lease, failed=failed)
    return True
