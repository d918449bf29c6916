"""`/support/`: the account's tickets with VoiceTel."""
