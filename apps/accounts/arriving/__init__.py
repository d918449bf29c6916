"""Arriving: connecting an account from outside, and invitations."""
