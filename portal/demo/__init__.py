"""`make demo`: one process that starts, watches and ends everything else.

Nothing here runs in production.
"""
