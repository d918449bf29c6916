"""`/settings/account/`: the account as VoiceTel keeps it."""
