"""How often VoiceTel is asked about ports, and how long what it said counts."""

from datetime import timedelta

EVERY, STALE = timedelta(hours=2), timedelta(minutes=10)
FRESH = timedelta(minutes=50)  # a yes lets VoiceTel take an order for an hour
RENEW = timedelta(minutes=40)  # a page that shows an older one asks again
CHECKS_A_DRAFT, CHECKS_AT_ONCE = 4, 8
CHECK_HELD = timedelta(seconds=45)
CHECK_TRIES = 5
CHECK_WAIT = timedelta(seconds=10)  # after a failure; doubles
PORT_HELD = timedelta(seconds=60)  # one reading of a port, claimed
PORT_WAIT, PORT_WORST = timedelta(minutes=1), timedelta(hours=1)
DRAFT_KEPT, PIN_KEPT = timedelta(days=90), timedelta(days=7)
MOST_NUMBERS = 1000  # of one draft
# Looks at the list (selectors/pacing.py); a failed one waits by itself (apps/copies/claims.py).
NONE_OPEN = timedelta(days=1)
BY_DAY, ELSE = timedelta(hours=2), timedelta(hours=6)
LIVELY, LIVELY_FOR = timedelta(minutes=30), timedelta(hours=2)  # after an order; a date's eve
ON_THE_DAY, PASSED = timedelta(minutes=15), timedelta(hours=1)
DAY = timedelta(days=1)
REMIND = (timedelta(days=2), timedelta(days=5))  # of a letter that is waited for
CALENDAR_READS, CALENDAR_SPAN = 60, timedelta(hours=1)
CALENDAR_KEPT = timedelta(days=90)  # how long a calendar shows a port that is over
