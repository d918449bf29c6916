"""How long looks at the provider's lists wait for each other. How often one is read: its Source."""

from datetime import timedelta

SECOND_LOOK = timedelta(minutes=1)  # after a look that would remove much
HELD = timedelta(seconds=90)  # a claim outlives the longest call (30 s) and the longest write
FIRST_WAIT = timedelta(minutes=1)  # after a look that failed; doubles
WORST_WAIT = timedelta(hours=1)
# a copy that is due for longer is asked for once more by the next page that shows it
ASK_AGAIN = timedelta(seconds=10)
# One thing read by itself as its page was opened. An account has two of a worker's threads for it,
# besides the four of its changes.
READINGS_AT_ONCE, READINGS_A_MINUTE = 2, 30
SAME_READING = timedelta(minutes=1)  # the same again, whatever came of it
READINGS_KEPT = timedelta(hours=1)
