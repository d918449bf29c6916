"""Forms of messaging."""
