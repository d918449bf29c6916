"""`/admin/accounts/new/`: administrators open an account at VoiceTel for a customer."""
