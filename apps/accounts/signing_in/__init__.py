"""Signing in: passwords, the second factor, passkeys, sessions and their limits."""
