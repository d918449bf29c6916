"""Every sweep, on one screen. A row says what is due and when; a sweep takes up what is due.

Whoever asks runs it. Beat asks by a message that expires (portal/celery.py), `manage.py tick`
without one. The messages have a queue and a worker of their own, with a thread for each sweep, so
nothing that customers do keeps one waiting. A sweep is a plain function; one that takes
`everything` is told to treat all as due. It must not mind being run twice, or not at all for a
while.
"""

from apps.running import sweeps
from apps.running.sweeps import Sweep

SWEEPS: tuple[Sweep, ...] = (
    Sweep("changes.send", "apps.changes.sweeps.send_due", 10),
    Sweep("changes.settle", "apps.changes.sweeps.settle_due", 10),
    Sweep("jobs.run", "apps.jobs.sweeps.run_due", 10),
    Sweep("jobs.forget", "apps.jobs.sweeps.forget", 3600),
    Sweep("changes.forget_given", "apps.changes.kit.once.forget_old", 3600),
    Sweep("accounts.keys", "apps.accounts.reconnect.expire", 60),
    Sweep("accounts.profiles", "apps.accounts.profiles.want_all", 60),
    Sweep("billing.books", "apps.billing.sweeps.want_all", 60),
    Sweep("staff.desk", "apps.staff.desk.reading.read_due", 10),
    Sweep("support.missing", "apps.support.services.singles.look_for_missing", 60),
    Sweep("trunking.turns", "apps.trunking.turning.tend", 60),
    Sweep("voicetel.line", "apps.voicetel.hour.line.serve", 10),
    Sweep("accounts.recoveries", "apps.accounts.signing_in.sweeps.send_recoveries", 10),
    Sweep("accounts.connect", "apps.accounts.arriving.connect.expire_due", 60),
    Sweep("accounts.letters", "apps.accounts.arriving.letters.send_letters", 10),
    Sweep("team.sign_ups", "apps.team.signup.services.send_due", 10),
    Sweep("notifications.mails", "apps.notifications.sweeps.send_mails", 10),
    Sweep("notifications.forget", "apps.notifications.sweeps.forget", 3600),
    Sweep("accounts.forget_arrivals", "apps.accounts.arriving.sweeps.forget_arrivals", 3600),
    Sweep("accounts.forget", "apps.accounts.signing_in.sweeps.forget", 3600),
    Sweep("audit.forget", "apps.audit.services.forget", 3600),
    Sweep("e911.arrivals", "apps.e911.services.arrivals.follow_all", 60),
    Sweep("e911.read_back", "apps.e911.services.reading.read_due", 10),
    Sweep("copies.refresh", "apps.copies.sweeps.refresh_due", 60),
    Sweep("porting.checks", "apps.porting.services.checks.run_due", 10),
    Sweep("porting.read", "apps.porting.services.reading.read_due", 10),
    Sweep("porting.arrive", "apps.porting.services.reading.arrive", 60),
    Sweep("porting.remind", "apps.porting.services.telling.remind", 3600),
    Sweep("porting.forget", "apps.porting.services.drafts.forget", 3600),
    Sweep("numbers.forget_asked", "apps.numbers.ordering.asking.forget", 3600),
    Sweep("messaging.read", "apps.messaging.sweeps.read_due", 10),
    Sweep("messaging.forget", "apps.messaging.sweeps.forget", 3600),
    Sweep("voicetel.forget", "apps.voicetel.sweeps.forget_old", 3600),
)
BY_NAME = {sweep.name: sweep for sweep in SWEEPS}


def run(name: str, *, everything: bool = False) -> bool:
    """Run the sweep of that name, as sweeps.run() does."""
    return sweeps.run(BY_NAME[name], everything=everything)
