"""Switching between the accounts of one person, and pages that show the one before."""
