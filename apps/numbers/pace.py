"""How often the copies are read. numbersList is not limited, but a list of 100,000 is 20 MB."""

from datetime import timedelta

EVERY = timedelta(minutes=15)  # a copy is read again by itself
STALE = timedelta(minutes=10)  # a page that shows an older one asks for a look now
SECOND_LOOK = timedelta(minutes=1)  # after a look that would remove much
HELD = timedelta(seconds=90)  # a claim outlives the longest call (30 s) and the longest write
FIRST_WAIT = timedelta(minutes=1)  # after a look that failed; doubles
WORST_WAIT = timedelta(hours=1)
# a copy that is due for longer is asked for once more by the next page that shows it
SOON = timedelta(seconds=10)
# opening a number's page reads that number alone when it is older than this
DETAIL = timedelta(minutes=3)
