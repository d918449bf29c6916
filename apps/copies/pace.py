"""How long looks at the provider's lists wait for each other. How often one is read: its Source."""

from datetime import timedelta

SECOND_LOOK = timedelta(minutes=1)  # after a look that would remove much
HELD = timedelta(seconds=90)  # a claim outlives the longest call (30 s) and the longest write
FIRST_WAIT = timedelta(minutes=1)  # after a look that failed; doubles
WORST_WAIT = timedelta(hours=1)
# a copy that is due for longer is asked for once more by the next page that shows it
ASK_AGAIN = timedelta(seconds=10)
