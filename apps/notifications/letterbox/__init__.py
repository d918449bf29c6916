"""`/_mail/`: the mail of a demo, to read in a browser. Never mounted in production."""
