"""The provider, played: its 74 operations with state of their own, for tests (in process) and for
the demo (over HTTP).

A request of either way in (adapter.py, server.py) becomes a wire.Request and goes through
provider.answer(): faults, the hour, the key, then the handler of handlers/ that plays the
operation, in a transaction of the provider's own database. control.py, remote.py and /_sandbox/ are
three doors to the same verbs. Nothing here knows the portal, and nothing of the portal imports it.
"""
