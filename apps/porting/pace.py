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
