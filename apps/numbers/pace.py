"""How often the copies are read. numbersList is not limited, but a list of 100,000 is 20 MB."""

from datetime import timedelta

EVERY = timedelta(minutes=15)  # a copy is read again by itself
STALE = timedelta(minutes=10)  # a page that shows an older one asks for a look now
# opening a number's page reads that number alone when it is older than this
DETAIL = timedelta(minutes=3)
# where faxes and inbound messages go is read with the number, once a day
TARGETS = timedelta(days=1)
