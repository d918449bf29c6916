"""What is done here, without VoiceTel."""
