"""A sweep is run by one process at a time, under a lease. All of them: portal/schedule.py."""

import inspect
from dataclasses import dataclass

from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Sweep:
    """function: dotted; every: seconds."""

    name: str
    function: str
    every: float


def run(sweep: Sweep, *, everything: bool = False) -> bool:
    """Run a sweep under its lease.

    False: another process is at it. What it raises is raised, after the lease was given back.
    """
    # models exist only once Django is set up; the schedule is read before
    from apps.running.leases import give_back, kept, take_lease

    lease = take_lease(sweep.name)
    if not lease:
        return False
    failed = True
    try:
        function = import_string(sweep.function)
        with kept(sweep.name, lease):
            if everything and "everything" in inspect.signature(function).parameters:
                function(everything=True)
            else:
                function()
        failed = False
    finally:
        give_back(sweep.name, lease, failed=failed)
    return True
