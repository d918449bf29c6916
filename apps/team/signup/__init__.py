"""`/signup/`: from an email address to a VoiceTel account of one's own."""
